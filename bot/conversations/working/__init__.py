"""What runs in the background: replies, sending, who waits too long."""
