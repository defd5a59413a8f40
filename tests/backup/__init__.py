"""Backups, made and restored."""
