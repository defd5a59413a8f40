"""Contacts: their files, searched, merged, exported, erased."""
