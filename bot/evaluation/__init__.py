"""Measures how often the assistant is right, on suites of labelled questions."""
