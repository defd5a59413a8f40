"""The core: conversations, their rules, and what they owe whom."""
