"""What has to leave through a channel."""
