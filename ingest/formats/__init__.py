"""One reader a format: bytes to Markdown, with page numbers where there are pages."""
