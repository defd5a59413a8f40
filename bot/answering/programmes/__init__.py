"""Programmes are data: found by what is wished of them, and compared."""
