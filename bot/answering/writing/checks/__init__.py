"""Checks of what a model wrote against what its sources say, each a module."""
