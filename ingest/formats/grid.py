"""Tables as grids of cells that may span, which is what every format makes of them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

# A span may not make a grid of a few cells as large as this.
MOST_COLUMNS = 200
MOST_ROWS = 50_000


@dataclass(frozen=True, slots=True)
class Cell:
    """What stands in a cell, and over how many rows and columns it reaches."""

    text: str
    down: int = 1
    across: int = 1
    heads: bool = False


@dataclass(frozen=True, slots=True)
class Slot:
    """A place in a grid; ``row`` and ``column`` are where its cell begins."""

    text: str
    row: int
    column: int
    heads: bool = False
    width: int = 1

    @property
    def is_empty(self) -> bool:
        return not self.text


@dataclass(frozen=True, slots=True)
class Grid:
    """Every place of a table, row by row; all rows have the same length."""

    rows: tuple[tuple[Slot, ...], ...]
    headers: int = field(default=0)

    @property
    def width(self) -> int:
        return len(self.rows[0]) if self.rows else 0


def placed(rows: Sequence[Iterable[Cell]], *, headers: int = 0) -> Grid:
    """Cells in the order of HTML, put where their spans leave room.

    ``headers`` is how many of the first rows are said to be the header.
    """
    slots: dict[tuple[int, int], Slot] = {}
    for row, cells in enumerate(rows):
        column = 0
        for cell in cells:
            while (row, column) in slots:
                column += 1
            if column >= MOST_COLUMNS:
                break
            _put(slots, cell, row, column, last=len(rows))
            column += min(cell.across, MOST_COLUMNS)
    return _grid(slots, len(rows), headers)


def at_places(
    cells: Iterable[tuple[int, int, Cell]], *, rows: int, headers: int = 0
) -> Grid:
    """Cells with the row and the column that they begin at."""
    slots: dict[tuple[int, int], Slot] = {}
    for row, column, cell in cells:
        _put(slots, cell, row, column, last=rows)
    return _grid(slots, rows, headers)


def plain(rows: Sequence[Sequence[str]]) -> Grid:
    """Rows of texts without any span."""
    return placed([[Cell(text) for text in row] for row in rows])


def _put(
    slots: dict[tuple[int, int], Slot], cell: Cell, row: int, column: int, *, last: int
) -> None:
    text = " ".join(cell.text.split())
    down = min(max(cell.down, 1), last - row, MOST_ROWS)
    across = min(max(cell.across, 1), MOST_COLUMNS - column)
    slot = Slot(text, row, column, cell.heads, across)
    for below in range(row, row + down):
        for right in range(column, column + across):
            slots.setdefault((below, right), slot)


def _grid(slots: dict[tuple[int, int], Slot], rows: int, headers: int) -> Grid:
    width = max((column + 1 for _, column in slots), default=0)
    return Grid(
        tuple(
            tuple(
                slots.get((row, column)) or Slot("", row, column)
                for column in range(width)
            )
            for row in range(rows)
        ),
        headers,
    )
