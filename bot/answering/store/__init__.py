"""How generations are kept, in folders or on a server; it alone knows Chroma."""
