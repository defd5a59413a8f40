"""Tests of the measuring stick."""
