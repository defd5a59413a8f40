"""Tests of how decisions become words."""
