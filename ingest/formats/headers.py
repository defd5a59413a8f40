"""Which rows of a table are its header, and the full label of each column."""

from collections.abc import Sequence

from ingest.formats.grid import Slot
from ingest.formats.shapes import asks, is_figure, names_a_year, shape

Row = tuple[Slot, ...]
JOIN = ", "
MOST_HEADERS = 4
HALF, MOSTLY = 0.5, 0.6


def header_depth(rows: Sequence[Row], said: int) -> int:
    """How many rows are labels: what the format says, or what they look like."""
    if said > 0:
        depth = min(said, len(rows) - 1)
    elif all(slot.heads or not slot.text for slot in rows[0]) and _any_heads(rows[0]):
        depth = 1
        while depth < len(rows) - 1 and _all_head(rows[depth]):
            depth += 1
    elif _looks_like_data(rows):
        return 0
    else:
        depth = 1
    while depth < min(len(rows) - 1, MOST_HEADERS) and _goes_on(rows, depth):
        depth += 1
    return depth


def _any_heads(row: Row) -> bool:
    return any(slot.heads for slot in row)


def _all_head(row: Row) -> bool:
    return (
        not is_alone(row)
        and all(slot.heads for slot in row if slot.text and slot.row == row[-1].row)
        and any(slot.heads for slot in row[1:])
    )


def _goes_on(rows: Sequence[Row], depth: int) -> bool:
    """Whether the labels of a row are parted in the next one."""
    above, row = rows[depth - 1], rows[depth]
    if any(is_figure(slot.text) for slot in row if slot.row not in _rows_of(above)):
        return False
    parted = any(
        slot.text and slot.width > 1 and slot.width < len(above) for slot in above
    )
    if parted:
        return True
    # Without spans: names above some columns only, and names below in all the gaps.
    gaps = [n for n, slot in enumerate(above) if n and not slot.text]
    named = [slot.text for slot in row if slot.text]
    return (
        depth == 1
        and bool(gaps)
        and all(row[n].text and row[n - 1].text for n in gaps)
        and (not row[0].text or len(set(named)) < len(named))
    )


def _rows_of(row: Row) -> set[int]:
    return {slot.row for slot in row if slot.text}


def _looks_like_data(rows: Sequence[Row]) -> bool:
    """Whether the first row is one like the others, and no header."""
    first = rows[0]
    column = _asks(rows)
    if column is not None:
        return asks(first[column].text)
    if len(rows) == 1 or _heads_rows(rows):
        return True
    if len(first) == 2 and _is_mixed([row[1].text for row in rows[1:]]):  # noqa: PLR2004
        return True
    for place, slot in enumerate(first):
        text = slot.text
        if not is_figure(text) or names_a_year(text):
            continue
        below = [row[place].text for row in rows[1:] if row[place].text]
        alike = sum(shape(one) == shape(text) for one in below)
        if below and alike >= HALF * len(below):
            return not _counts_up([one.text for one in first])
        money = any(sign in text for sign in "€$£¥₹%") and place > 0
        if money or (len(first) == 2 and place == 1 and any(map(is_figure, below))):  # noqa: PLR2004
            return True
    return False


def _heads_rows(rows: Sequence[Row]) -> bool:
    """Whether only the first cell of each row is said to be a heading."""
    return all(row[0].heads for row in rows) and not any(
        slot.heads for slot in rows[0] if slot is not rows[0][0]
    )


def _is_mixed(texts: Sequence[str]) -> bool:
    """Whether some of these are figures and others words, as fields of one thing."""
    figures = sum(map(is_figure, texts))
    return 0 < figures < MOSTLY * len(texts)


def _counts_up(texts: Sequence[str]) -> bool:
    """Whether labels differ in nothing but a number: Week 1, Week 2."""
    named = [text for text in texts if is_figure(text)]
    return (
        len(named) > 1
        and len({shape(text) for text in named}) == 1
        and all(
            "9" in shape(text) and any(sign.isalpha() for sign in text)
            for text in named
        )
        and len(set(named)) == len(named)
        and not any(sign in text for text in named for sign in "€$£¥₹%:")
    )


def labels_of(rows: Sequence[Row], width: int) -> list[str]:
    """The full label of each column; a gap in the upper row belongs to its left."""
    if not rows:
        return [""] * width
    filled = []
    for number, row in enumerate(rows):
        texts = [slot.text for slot in row]
        if number < len(rows) - 1:
            for place in range(1, width):
                below = rows[number + 1][place]
                if not texts[place] and below.text and row[place].row == below.row - 1:
                    texts[place] = texts[place - 1] if place > 1 or texts[0] else ""
        filled.append(texts)
    return [
        JOIN.join(dict.fromkeys(texts[n] for texts in filled if texts[n]))
        for n in range(width)
    ]


def is_alone(row: Row) -> bool:
    """Whether a single cell stands in a row, wherever it begins."""
    return len({(s.row, s.column) for s in row if s.text}) == 1 and not all(
        slot.width == 1 and slot.text for slot in row
    )


def _asks(rows: Sequence[Row]) -> int | None:
    """The column of questions, where there is one."""
    width = len(rows[0])
    for place in range(width if width > 1 else 0):
        texts = [row[place].text for row in rows if row[place].text]
        if sum(map(asks, texts)) > HALF * len(texts):
            return place
    return None
