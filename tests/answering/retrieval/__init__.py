"""Tests of searching and ranking."""
