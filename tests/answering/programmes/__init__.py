"""Tests of what the data of programmes answers."""
