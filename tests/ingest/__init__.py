"""Tests of documents to index."""
