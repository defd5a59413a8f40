"""What happens, as it happens: the log of events, who is there."""
