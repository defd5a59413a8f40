"""A value in a table stays under its own labels, in every format, there and back."""

from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO, StringIO
from typing import Any

import docx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook
from pptx import Presentation
from pptx.util import Inches

from ingest.formats.readers import read
from ingest.sentences import split_sentences

NAMES = ["Alder", "Birch", "Cedar", "Douglas", "Elm", "Fir", "Gorse", "Hazel"]
GROUPS = ["North", "South", "East", "West"]
TOP = ["Summer", "Winter"]
BELOW = ["Single", "Double", "Family"]


@dataclass(frozen=True)
class Spanning:
    """Rows in groups that are merged down, under labels that are merged across.

    ``sizes`` are how many rows each group has, ``columns`` how many labels stand below
    each upper one.
    """

    sizes: tuple[int, ...]
    columns: tuple[int, ...]

    @property
    def cells(self) -> list[tuple[int, int, int, int, str]]:
        """Row, column, rows down, columns across, text."""
        found = [(0, 0, 2, 1, "Place"), (0, 1, 2, 1, "Room")]
        column = 2
        for top, across in zip(TOP, self.columns, strict=False):
            found.append((0, column, 1, across, top))
            found += [(1, column + n, 1, 1, BELOW[n]) for n in range(across)]
            column += across
        row = 2
        for group, size in zip(GROUPS, self.sizes, strict=False):
            found.append((row, 0, size, 1, group))
            for n in range(size):
                found.append((row + n, 1, 1, 1, self.names[row + n - 2]))
                found += [
                    (row + n, place, 1, 1, f"£{self.value(row + n, place)}")
                    for place in range(2, self.width)
                ]
            row += size
        return found

    @property
    def names(self) -> list[str]:
        return NAMES[: sum(self.sizes)]

    @property
    def width(self) -> int:
        return 2 + sum(self.columns)

    @property
    def height(self) -> int:
        return 2 + sum(self.sizes)

    def value(self, row: int, column: int) -> int:
        return 100 + 10 * row + column

    def expected(self) -> list[set[str]]:
        """Each row with all of its labels, as it has to be told."""
        found = []
        groups = [g for g, n in zip(GROUPS, self.sizes, strict=False) for _ in range(n)]
        for number, (group, name) in enumerate(zip(groups, self.names, strict=True)):
            row = {f"Place: {group}", f"Room: {name}"}
            column = 2
            for top, across in zip(TOP, self.columns, strict=False):
                for n in range(across):
                    value = self.value(number + 2, column)
                    row.add(f"{top}, {BELOW[n]}: £{value}")
                    column += 1
            found.append(row)
        return found


tables = st.builds(
    Spanning,
    sizes=st.lists(st.integers(1, 3), min_size=1, max_size=2).map(tuple),
    columns=st.lists(st.integers(2, 3), min_size=2, max_size=2).map(tuple),
)


def html(table: Spanning) -> bytes:
    page = StringIO()
    page.write("<h1>Rents</h1><table>")
    for row in range(table.height):
        page.write("<tr>")
        for own, _, down, across, words in sorted(table.cells):
            if own == row:
                page.write(f"<td rowspan={down} colspan={across}>{words}</td>")
        page.write("</tr>")
    page.write("</table>")
    return page.getvalue().encode()


def saved(document: Any) -> bytes:  # noqa: ANN401  whatever has a save
    file = BytesIO()
    document.save(file)
    return file.getvalue()


def word(table: Spanning) -> bytes:
    document = docx.Document()
    grid = document.add_table(rows=table.height, cols=table.width)
    fill(grid, table)
    return saved(document)


def fill(grid: Any, table: Spanning) -> None:  # noqa: ANN401  the libraries are vague
    for row, column, down, across, words in table.cells:
        first = grid.cell(row, column)
        if down > 1 or across > 1:
            last = grid.cell(row + down - 1, column + across - 1)
            merged = first.merge(last)
            first = merged or first
        first.text = words


def slide(table: Spanning) -> bytes:
    show = Presentation()
    page = show.slides.add_slide(show.slide_layouts[6])
    shape = page.shapes.add_table(
        table.height, table.width, Inches(1), Inches(1), Inches(8), Inches(4)
    )
    fill(shape.table, table)
    return saved(show)


def sheet(table: Spanning) -> bytes:
    book = Workbook()
    page = book.active
    for row, column, down, across, words in table.cells:
        page.cell(row + 1, column + 1, words)
        if down > 1 or across > 1:
            page.merge_cells(
                start_row=row + 1,
                start_column=column + 1,
                end_row=row + down,
                end_column=column + across,
            )
    return saved(book)


def commas(table: Spanning) -> bytes:
    """Without spans: what would be merged stands once, and blanks beside it."""
    rows = [[""] * table.width for _ in range(table.height)]
    for row, column, _, _, words in table.cells:
        rows[row][column] = words
    return "\n".join(",".join(row) for row in rows).encode()


FORMATS = {
    "a.html": html,
    "a.docx": word,
    "a.pptx": slide,
    "a.xlsx": sheet,
    "a.csv": commas,
}


@pytest.mark.parametrize("name", FORMATS)
@settings(max_examples=12)
@given(table=tables)
def test_every_value_stays_under_all_its_labels(name: str, table: Spanning) -> None:
    make: Callable[[Spanning], bytes] = FORMATS[name]
    (page,) = read(name, make(table)).pages
    rows = [set(one.text.split("; ")) for one in split_sentences(page.text)]
    assert [row for row in rows if len(row) > 1] == table.expected()
