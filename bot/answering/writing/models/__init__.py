"""What language models write: asked, read along, checked and decided upon."""
