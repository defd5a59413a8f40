"""Tables with ruled lines, found where the lines of a PDF page cross."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from io import BytesIO

from pdfminer.pdfexceptions import PDFException
from pdfminer.psexceptions import PSException
from pdfplumber import open as open_pdf
from pdfplumber.page import Page
from pdfplumber.table import Table
from pdfplumber.utils.exceptions import PdfminerException
from pypdf import PageObject

from ingest.formats.grid import Cell, Grid, at_places
from ingest.formats.pdf_lines import Line, plain_letters

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
    grid: Grid
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
        rows = [[plain_letters(cell or "") for cell in row] for row in found.extract()]
        cells = [cell for row in rows for cell in row]
        filled = sum(bool(cell.strip()) for cell in cells)
        if min(len(rows), *map(len, rows)) < 2 or filled < FEWEST_CELLS:  # noqa: PLR2004
            continue  # a frame around something
        if max(len(cell.split()) for cell in cells) > LONGEST_CELL:
            continue
        if filled >= FILLED * len(cells):
            left, top, right, bottom = found.bbox
            yield RuledTable(
                rows=rows,
                grid=_grid(found, rows),
                left=left,
                right=right,
                bottom=float(page.mediabox[3]) - bottom,
                top=float(page.mediabox[3]) - top,
            )


def _grid(found: Table, rows: list[list[str]]) -> Grid:
    """The cells with their spans, by where their borders lie among those of others."""
    places = [cell for row in found.rows for cell in row.cells if cell]
    lefts, tops = (_borders(cell[n] for cell in places) for n in (0, 1))
    cells = []
    for row, texts in zip(found.rows, rows, strict=False):
        for box, text in zip(row.cells, texts, strict=False):
            if box:
                left, top, right, bottom = box
                column, line = _place(lefts, left), _place(tops, top)
                across = sum(left + 1 < x < right - 1 for x in lefts) + 1
                down = sum(top + 1 < y < bottom - 1 for y in tops) + 1
                cells.append((line, column, Cell(text, down, across)))
    return at_places(cells, rows=len(tops))


def _borders(values: Iterator[float]) -> list[float]:
    found: list[float] = []
    for value in sorted(values):
        if not found or value - found[-1] > 1:
            found.append(value)
    return found


def _place(borders: list[float], value: float) -> int:
    return min(range(len(borders)), key=lambda n: abs(borders[n] - value))
