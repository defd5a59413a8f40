"""Tests of answers and what they are made from."""
