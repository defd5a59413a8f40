"""Plain text: paragraphs between blank lines, and lines that head them."""

import re
from collections.abc import Iterator

from ingest.formats.charset import decoded, is_guess
from ingest.formats.contents import Contents, Page, escaped
from ingest.formats.grid import plain
from ingest.formats.shapes import ANSWER, QUESTION
from ingest.formats.tables import table_markdown

MOST_WORDS = 10
UNDERLINE = re.compile(r"={3,}|-{3,}|~{3,}")
# What parts columns that are drawn with blanks.
GAP = re.compile(r"\t+| {2,}")
FIELD = re.compile(r"[^\W\d_][^:]{0,50}: \S")
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
    """Paragraphs, lists and tables; lines above them that are headings."""
    paragraphs = [one.strip("\n") for one in text.split("\n\n") if one.strip()]
    for place, paragraph in enumerate(paragraphs):
        lines = [line.rstrip() for line in paragraph.split("\n") if line.strip()]
        first = lines[0].strip()
        below = len(lines) > 1 or place + 1 < len(paragraphs)
        rule = UNDERLINE.fullmatch(lines[1].strip()) if len(lines) > 1 else None
        if rule and first[:1].isalnum():
            yield f"{'#' if rule[0][0] == '=' else '##'} {escaped(first)}"
            lines = lines[2:]
        elif below and _heads(first, alone=len(lines) == 1):
            yield f"{'#' if place == 0 else '##'} {escaped(QUESTION.sub('', first))}"
            lines = [ANSWER.sub("", line) for line in lines[1:]]
        if lines:
            yield _lines(lines)


def _lines(lines: list[str]) -> str:
    """Columns that stand below one another, fields, or running words."""
    cells = [GAP.split(line.strip()) for line in lines]
    if len(lines) > 1 and len({len(row) for row in cells}) == 1 and len(cells[0]) > 1:
        return table_markdown(plain(cells))
    if len(lines) > 1 and all(FIELD.match(line.strip()) for line in lines):
        return "\n".join(f"- {escaped(line)}" for line in lines)
    return "\n".join(escaped(line) for line in lines)


def _heads(line: str, *, alone: bool) -> bool:
    """Whether a line is a question above its answer, or a short one by itself."""
    words = line.split()
    if len(words) > MOST_WORDS or not line.lstrip('¿¡"“«(')[:1].isalnum():
        return False
    if line.endswith(("?", "？")):
        return True
    return (
        alone
        and not line.endswith(ENDS)
        and not line[:1].islower()
        and line[:1] not in "-*•–"
    )
