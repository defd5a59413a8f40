"""Tables with ruled lines, found where the lines of a PDF page cross."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from io import BytesIO
from itertools import pairwise

from pdfminer.pdfexceptions import PDFException
from pdfminer.psexceptions import PSException
from pdfplumber import open as open_pdf
from pdfplumber.page import Page
from pdfplumber.utils.exceptions import PdfminerException
from pypdf import PageObject

from ingest.formats.pdf_lines import Line

# Rectangles and straight lines, among the operators that draw a page.
STROKES = re.compile(rb"(?<=\s)(?:re|l)(?=\s)")
FEWEST_STROKES = 4
# A page with more is a drawing; looking for tables in it takes minutes.
MOST_STROKES = 3000
FEWEST_CELLS = 4
FILLED = 0.4
# A cell with more words is a column of its own, or a frame around something.
LONGEST_CELL = 60
# How many of the words inside its frame a table must account for.
COVERED = 0.9


@dataclass(frozen=True, slots=True, kw_only=True)
class RuledTable:
    """Cells by row, and the frame around them, from the lower left, in points."""

    rows: list[list[str]]
    left: float
    right: float
    bottom: float
    top: float

    def holds(self, line: Line) -> bool:
        """Whether a line begins inside the frame."""
        return (
            self.left - 1 <= line.x <= self.right
            and self.bottom - 1 <= line.y <= self.top
        )

    def accounts_for(self, lines: Sequence[Line]) -> bool:
        """Whether the cells hold the words of these lines, so that none gets lost."""
        said = "".join("".join(cell.split()) for row in self.rows for cell in row)
        words = [word for line in lines for word in line.text.split()]
        return sum(word in said for word in words) >= COVERED * len(words) > 0


def may_hold_tables(page: PageObject) -> bool:
    """Whether enough lines are drawn on a page for a table, but not for a picture."""
    contents = page.get_contents()
    strokes = len(STROKES.findall(contents.get_data())) if contents is not None else 0
    return FEWEST_STROKES <= strokes <= MOST_STROKES


def ruled_tables(content: bytes, numbers: Sequence[int]) -> dict[int, list[RuledTable]]:
    """The tables of some pages (counted from 0); none where a page is too odd."""
    if not numbers:
        return {}
    try:
        with open_pdf(BytesIO(content)) as document:
            return {
                number: list(_tables(document.pages[number]))
                for number in numbers
                if number < len(document.pages)
            }
    except (
        PdfminerException,
        PDFException,
        PSException,
        ValueError,
        TypeError,
        KeyError,
        IndexError,
        AttributeError,
        AssertionError,
    ):
        return {}  # what pdfminer raises of malformed files; the words are read anyway


def _tables(page: Page) -> Iterator[RuledTable]:
    for found in page.find_tables():
        rows = [[cell or "" for cell in row] for row in found.extract()]
        cells = [cell for row in rows for cell in row]
        filled = sum(bool(cell.strip()) for cell in cells)
        if min(len(rows), *map(len, rows)) < 2 or filled < FEWEST_CELLS:  # noqa: PLR2004
            continue  # a frame around something
        if max(len(cell.split()) for cell in cells) > LONGEST_CELL:
            continue
        if filled >= FILLED * len(cells):
            left, top, right, bottom = found.bbox
            yield RuledTable(
                rows=_together(rows),
                left=left,
                right=right,
                bottom=float(page.mediabox[3]) - bottom,
                top=float(page.mediabox[3]) - top,
            )


def _together(rows: list[list[str]]) -> list[list[str]]:
    """Rows without those that repeat the one before, as merged cells make them."""
    return rows[:1] + [row for before, row in pairwise(rows) if row != before]
