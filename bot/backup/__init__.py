"""Backups of an installation, and copies made of them."""
