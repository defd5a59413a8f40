"""Tests of where generations are kept."""
