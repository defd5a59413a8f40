"""Tests of the encoder: the bundled one, and any other."""
