"""From documents under ``knowledge/`` to a new generation of the index."""
