"""The pages, used in a real browser."""
