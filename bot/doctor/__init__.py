"""Checks an installation, and tries the language model if there is one."""
