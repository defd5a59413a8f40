"""Lines of a PDF page to Markdown: headings, paragraphs, list items, tables."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from statistics import median

from ingest.formats.contents import BULLET, escaped
from ingest.formats.grid import plain
from ingest.formats.pdf_headings import Headings
from ingest.formats.pdf_lines import SAME_HEIGHT, Line
from ingest.formats.pdf_tables import RuledTable
from ingest.formats.tables import table_markdown
from ingest.sentences import plain_sentences

SAME_COLUMN = 14.0
WIDE_GAP = 1.4
# A line that is shorter than this share of most was ended on purpose.
SHORT = 0.6
HYPHEN = re.compile(r"(?<=[^\W\d_])-$")
ITEM = re.compile(r"(?:[-*–]|\(?\d{1,2}[.)]|[a-z]\))\s+\S")
# A sum that is broken after its comma: "£1," and "240".
NUMBER_GOES_ON = re.compile(r"(?<!\d)\d{1,3}(?:,\d{3})*,$")
NUMBER_ENDS = re.compile(r"\d{3}(?!\d)")
ENDED = (".", "!", "?", ":", "。", "؟", "।")


@dataclass(slots=True)
class Row:
    """Lines at one height, from left to right."""

    lines: list[Line]

    @property
    def text(self) -> str:
        return " ".join(line.text for line in self.lines)

    @property
    def y(self) -> float:
        return self.lines[0].y


@dataclass(frozen=True, slots=True)
class Spacing:
    """How far apart the rows of a page stand, and how long most full ones are."""

    leading: float
    full: float

    @classmethod
    def of(cls, rows: Sequence[Row]) -> "Spacing":
        """Measured on rows in their order."""
        steps = [
            one.y - other.y for one, other in pairwise(rows) if one.y - other.y > 1
        ]
        lengths = sorted(len(row.text) for row in rows)
        full = lengths[3 * len(lengths) // 4] if lengths else 0
        return cls(median(steps) if steps else 0.0, full)


@dataclass(slots=True)
class Paragraph:
    """What goes on from one row to the next."""

    text: str = ""
    last: Row | None = field(default=None)

    def add(self, row: Row) -> None:
        """Go on with a row; a word that was hyphenated becomes whole."""
        lower = row.text[:1].islower()
        if lower and HYPHEN.search(self.text):
            self.text = self.text[:-1] + row.text
        elif NUMBER_GOES_ON.search(self.text) and NUMBER_ENDS.match(row.text):
            self.text += row.text
        else:
            self.text = f"{self.text} {row.text}".strip()
        self.last = row

    def markdown(self) -> str:
        """A sentence a line, so that a long paragraph can be cut between them."""
        if BULLET.match(self.text) or ITEM.match(self.text):
            return escaped(self.text)
        return "\n".join(escaped(text) for text in plain_sentences(self.text))


def page_markdown(
    lines: Sequence[Line], *, headings: Headings, tables: Sequence[RuledTable] = ()
) -> str:
    """The text of a page. ``tables`` are put where the first of their lines stands."""
    blocks: list[str] = []
    rest: list[Line] = []
    usable = [
        found
        for found in tables
        if found.accounts_for([line for line in lines if found.holds(line)])
    ]
    done: set[int] = set()
    for line in lines:
        place = next((n for n, found in enumerate(usable) if found.holds(line)), None)
        if place is None:
            rest.append(line)
        elif place not in done:
            done.add(place)
            blocks += _blocks(rest, headings)
            blocks.append(table_markdown(usable[place].grid))
            rest = []
    return "\n\n".join([*blocks, *_blocks(rest, headings)])


def _blocks(lines: Sequence[Line], headings: Headings) -> Iterator[str]:
    rows = _rows(lines)
    spacing = Spacing.of(rows)
    start = 0
    while start < len(rows):
        end = start
        while end < len(rows) and len(rows[end].lines) > 1:
            end += 1
        if end - start > 1:
            yield table_markdown(plain(_cells(rows[start:end])))
            start = end
            continue
        end = max(end, start + 1)
        while end < len(rows) and not _begins_table(rows, end):
            end += 1
        yield from _text(rows[start:end], headings, spacing)
        start = end


def _begins_table(rows: Sequence[Row], place: int) -> bool:
    return all(
        len(row.lines) > 1 for row in rows[place : place + 2]
    ) and place + 1 < len(rows)


def _rows(lines: Sequence[Line]) -> list[Row]:
    rows: list[Row] = []
    for line in lines:
        last = rows[-1].lines[-1] if rows else None
        if last and abs(last.y - line.y) <= SAME_HEIGHT and line.x > last.x:
            rows[-1].lines.append(line)
        else:
            rows.append(Row([line]))
    return rows


def _cells(rows: Sequence[Row]) -> list[list[str]]:
    """Cells in columns; those that begin at about the same place share one."""
    columns: list[float] = []
    for x in sorted(line.x for row in rows for line in row.lines):
        if not columns or x - columns[-1] > SAME_COLUMN:
            columns.append(x)
    found = []
    for row in rows:
        cells = [""] * len(columns)
        for line in row.lines:
            place = max(n for n, x in enumerate(columns) if x <= line.x)
            cells[place] = f"{cells[place]} {line.text}".strip()
        found.append(cells)
    return found


def _text(rows: Sequence[Row], headings: Headings, spacing: Spacing) -> Iterator[str]:
    paragraph = Paragraph()
    heading: tuple[int, str] | None = None
    for row in rows:
        level = headings.level(row.lines[0]) if len(row.lines) == 1 else None
        if heading and heading[0] == level:
            heading = (level, f"{heading[1]} {row.text}")
            continue
        if heading:
            yield f"{'#' * heading[0]} {escaped(heading[1])}"
            heading = None
        if level:
            yield from _finished(paragraph)
            paragraph = Paragraph()
            heading = (level, row.text)
        elif _continues(paragraph, row, spacing):
            paragraph.add(row)
        else:
            yield from _finished(paragraph)
            paragraph = Paragraph()
            paragraph.add(row)
    if heading:
        yield f"{'#' * heading[0]} {escaped(heading[1])}"
    yield from _finished(paragraph)


def _continues(paragraph: Paragraph, row: Row, spacing: Spacing) -> bool:
    before = paragraph.last
    if before is None or ITEM.match(row.text) or BULLET.match(row.text):
        return before is None
    step = before.y - row.y
    if step < 0:  # the next column
        return not before.text.endswith(ENDED)
    if len(before.text) < SHORT * spacing.full and not row.text[:1].islower():
        return False
    size = max(before.lines[0].size, row.lines[0].size)
    return step <= WIDE_GAP * max(spacing.leading, size)


def _finished(paragraph: Paragraph) -> Iterator[str]:
    if paragraph.text:
        yield paragraph.markdown()
