"""Tests of ways in and out."""
