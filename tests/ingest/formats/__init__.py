"""Tests of the readers, one module for related formats."""
