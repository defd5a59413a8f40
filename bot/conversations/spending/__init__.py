"""What language models take: counted by the day, and held within limits."""
