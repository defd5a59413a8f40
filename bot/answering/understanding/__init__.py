"""What is asked: read once, by meaning."""
