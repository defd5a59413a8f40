"""What other programs may read and do."""
