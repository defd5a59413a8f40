"""Answers taken from the indexed documents, with their evidence."""
