"""Checking an installation."""
