"""Plain text: paragraphs between blank lines."""

from ingest.formats.charset import decoded
from ingest.formats.contents import Contents, Page, escaped


def read_text(content: bytes) -> Contents:
    """A text file; a form feed begins a new page, as it does on paper."""
    sheets = decoded(content).split("\f")
    paged = len(sheets) > 1
    pages = (
        Page(text=_markdown(sheet), number=number if paged else None)
        for number, sheet in enumerate(sheets, start=1)
    )
    return Contents(pages=tuple(pages))


def _markdown(text: str) -> str:
    return "\n".join(escaped(line) for line in text.split("\n")).strip()
