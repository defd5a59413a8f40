"""Plain text: paragraphs between blank lines, and lines that head them."""

from collections.abc import Iterator

from ingest.formats.charset import decoded, is_guess
from ingest.formats.contents import Contents, Page, escaped

MOST_WORDS = 10
ENDS = (".", "!", ":", ",", ";", "。", "！", "।", "؟", "-")


def read_text(content: bytes) -> Contents:
    """A text file; a form feed begins a new page, as it does on paper."""
    sheets = decoded(content).split("\f")
    paged = len(sheets) > 1
    pages = (
        Page(
            text="\n\n".join(_blocks(sheet)),
            number=number if paged else None,
        )
        for number, sheet in enumerate(sheets, start=1)
    )
    return Contents(pages=tuple(pages), note=is_guess(content))


def _blocks(text: str) -> Iterator[str]:
    """Paragraphs; a short line by itself above one is a heading."""
    paragraphs = [one.strip("\n") for one in text.split("\n\n") if one.strip()]
    for place, paragraph in enumerate(paragraphs):
        lines = [line for line in paragraph.split("\n") if line.strip()]
        first = lines[0].strip()
        below = len(lines) > 1 or place + 1 < len(paragraphs)
        if below and _heads(first, alone=len(lines) == 1):
            yield f"{'#' if place == 0 else '##'} {escaped(first)}"
            lines = lines[1:]
        if lines:
            yield "\n".join(escaped(line) for line in lines)


def _heads(line: str, *, alone: bool) -> bool:
    """Whether a line is a question above its answer, or a short one by itself."""
    words = line.split()
    if len(words) > MOST_WORDS or not any(map(str.isalpha, line)):
        return False
    if line.endswith(("?", "？")):
        return True
    return (
        alone
        and not line.endswith(ENDS)
        and not line[:1].islower()
        and line[:1] not in "-*•–"
    )
