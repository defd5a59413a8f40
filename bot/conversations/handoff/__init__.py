"""From the bot to staff, and what is said to who waits."""
