"""Which rows and columns of a grid are tables by themselves."""

from collections.abc import Iterator, Sequence

from ingest.formats.headers import HALF, Row, is_alone
from ingest.formats.shapes import is_figure


def side_by_side(rows: Sequence[Row]) -> Iterator[list[Row]]:
    """Tables beside one another, where a gap parts them and each has its own names."""
    width = len(rows[0]) if rows else 0
    empty = [n for n in range(width) if not any(row[n].text for row in rows)]
    start = 0
    for gap in [*empty, width]:
        part = [row[start:gap] for row in rows]
        rest = [row[gap + 1 :] for row in rows]
        if gap == width or (gap - start > 1 and _stands_alone(rest)):
            if any(slot.text for row in part for slot in row):
                yield part
            start = gap + 1


def blocks(rows: Sequence[Row]) -> Iterator[list[Row]]:
    """Rows between rows in which nothing stands."""
    block: list[Row] = []
    for row in rows:
        if any(slot.text for slot in row):
            block.append(row)
        elif block:
            yield block
            block = []
    if block:
        yield block


def _stands_alone(rows: Sequence[Row]) -> bool:
    """Whether rows have two columns, and names in the first."""
    kept = without_empty_columns(rows)
    if not kept or len(kept[0]) < 2:  # noqa: PLR2004
        return False
    names = [row[0].text for row in kept if row[0].text and not is_alone(row)]
    return len(names) > 1 and sum(map(is_figure, names)) < HALF * len(names)


def without_empty_columns(rows: Sequence[Row]) -> list[Row]:
    """Rows without the columns in which nothing begins."""
    width = len(rows[0]) if rows else 0
    kept = [n for n in range(width) if any(_own(row, n) for row in rows)]
    return [tuple(row[n] for n in kept) for row in rows]


def _own(row: Row, column: int) -> str:
    """What a cell holds that begins in this column or reaches into it from above."""
    slot = row[column]
    return slot.text if slot.column == column or slot.width == 1 else ""
