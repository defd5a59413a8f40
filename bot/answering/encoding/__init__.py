"""Texts to vectors: the encoder that comes with the install, or another one."""
