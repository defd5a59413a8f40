"""Grids to Markdown in which every cell stands under its own full label.

What tells how a table is meant is read here for every format: titles above it, rows of
headers, headings of groups of rows, notes below it, tables without a header, tables of
questions and answers, several tables below one another.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from ingest.formats.contents import escaped, table
from ingest.formats.grid import Grid
from ingest.formats.headers import HALF, Row, header_depth, is_alone, labels_of
from ingest.formats.regions import blocks, side_by_side, without_empty_columns
from ingest.formats.shapes import MARK, NOTE, TOTAL, asks, is_figure, is_note


@dataclass(slots=True)
class Table:
    """Rows of texts under labels, with what stands above and below them."""

    titles: list[str] = field(default_factory=list)
    labels: list[str] = field(default_factory=list)
    rows: list[list[str]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def table_markdown(grid: Grid, *, level: int | None = None, caption: str = "") -> str:
    """All that stands in a grid; titles between tables are headings of a ``level``."""
    parts = []
    if caption:
        parts.append(escaped(caption))
    for number, found in enumerate(tables(grid)):
        parts += _markdown(found, level if number or not caption else None)
    return "\n\n".join(part for part in parts if part)


def tables(grid: Grid) -> list[Table]:
    """The tables of a grid, one below another; what goes on below a gap is one."""
    found: list[Table] = []
    headers = grid.headers
    for rows in side_by_side(grid.rows):
        above: list[str] = []
        for block in blocks(without_empty_columns(rows)):
            read = _read(block, headers=headers)
            headers = 0
            if _is_title(read):
                above += read[0].notes
                continue
            read[0].titles = [*above, *read[0].titles]
            above = []
            found += [one for one in read if not _goes_with(found, one)]
        found += [Table(notes=above)] if above else []
    for one in found:
        _attach_notes(one)
    return found


def _goes_with(found: list[Table], one: Table) -> bool:
    """Whether rows or notes belong to the table before, to which they are put."""
    if not found or one.titles:
        return False
    before = found[-1]
    bare = not any(one.labels)
    if not one.rows:
        before.notes += one.notes
        return not any(one.labels)
    full = all(sum(map(bool, row)) > HALF * len(row) for row in one.rows)
    if bare and full and any(before.labels) and len(one.labels) == len(before.labels):
        before.rows += one.rows
        before.notes += one.notes
        return True
    return False


def _is_title(read: Sequence[Table]) -> bool:
    """Whether nothing but a name stands in a block: a title of the next one."""
    one = read[0]
    alone = len(read) == 1 and not one.rows and not any(one.labels)
    return alone and not any(map(is_note, one.notes))


def _read(block: list[Row], *, headers: int) -> list[Table]:
    found = Table()
    start = 0
    while start < len(block) and is_alone(block[start]) and len(block[0]) > 1:
        found.titles.append(_alone(block[start]))
        start += 1
    rest = block[start:]
    if not rest:
        return [Table(notes=found.titles)]
    depth = header_depth(rest, headers - start if headers else 0)
    if headers and not depth and start:
        depth = header_depth(rest, 0)
    found.labels = labels_of(rest[:depth], len(rest[0]))
    body = rest[depth:]
    again = _second_table(body, rest[:depth])
    rows = body if again is None else body[:again]
    _fill(found, rows)
    if again is None:
        return [found]
    return [found, *_read(body[again:], headers=0)]


def _alone(row: Row) -> str:
    return next(slot.text for slot in row if slot.text)


def _second_table(body: Sequence[Row], header: Sequence[Row]) -> int | None:
    """Where another table begins: a title, and a row of other labels below it."""
    first = [slot.text for slot in header[0]] if header else []
    for place in range(1, len(body)):
        row = body[place]
        texts = [slot.text for slot in row if slot.text]
        if first and len(texts) > 1 and not any(map(is_figure, texts)):
            same = row[0].text and row[0].text == first[0]
            if same and [slot.text for slot in row] != first:
                return place - 1 if is_alone(body[place - 1]) else place
    return None


def _fill(found: Table, body: Sequence[Row]) -> None:
    """Rows under their headings and with their notes."""
    rest = list(body)
    while len(rest) > 1 and is_alone(rest[-1]) and _ends_table(rest[-1]):
        found.notes.insert(0, _alone(rest.pop()))
    grouped = bool(rest) and is_alone(rest[0])
    rows: list[tuple[str, list[str]]] = []
    group = ""
    for place, row in enumerate(rest):
        alone = len(row) > 1 and is_alone(row) and row[0].text
        if alone and is_note(row[0].text):
            found.notes.append(row[0].text)
        elif alone and (grouped or row[0].width > 1) and place < len(rest) - 1:
            group = row[0].text
        else:
            texts = _texts(row, rows[-1][1] if rows else None)
            group = "" if TOTAL.match(texts[0]) else group
            if texts[: len(found.labels)] != found.labels:
                rows.append((group, texts))
    groups = any(name for name, _ in rows)
    found.rows = [[name, *texts] if groups else texts for name, texts in rows]
    found.labels = ["", *found.labels] if groups else found.labels


def _ends_table(row: Row) -> bool:
    """Whether a single cell below the rows is a note, and not a row without values."""
    text = _alone(row)
    return is_note(text) or row[0].width > 1


def _texts(row: Row, before: list[str] | None) -> list[str]:
    """The cells of a row; a name in the first column is carried on below it.

    A cell that spans columns is under the label of each, or under none if it spans all.
    """
    texts = []
    last = []
    for place, slot in enumerate(row):
        whole = slot.width > 1 and place > 0 and slot.width >= len(row) - 1
        if whole and row[place - 1] is not slot:
            last.append(slot.text)
        texts.append("" if whole else slot.text)
    values = texts[1:] if len(texts) > 2 else []  # noqa: PLR2004
    if before and not texts[0] and (any(values) or last):
        texts[0] = before[0]
    return [*texts, *last]


def _attach_notes(found: Table) -> None:
    """Put a note to the rows that carry its mark."""
    notes = []
    for note in found.notes:
        mark = NOTE.match(note)
        words = note[mark.end() :] if mark else note
        marked = False
        for row in found.rows if mark else ():
            hit = [n for n, text in enumerate(row) if _mark(text) == mark[1]]  # type: ignore[index]
            for n in hit:
                row[n] = MARK.sub("", row[n])
            if hit:
                row.append(words)
                marked = True
        labelled = [
            n for n, text in enumerate(found.labels) if mark and _mark(text) == mark[1]
        ]
        for n in labelled:
            found.labels[n] = MARK.sub("", found.labels[n])
        if not marked:
            notes.append(words)
    found.notes = notes


def _mark(text: str) -> str | None:
    found = MARK.search(text)
    return found[1] if found else None


def _markdown(found: Table, level: int | None) -> Iterator[str]:
    for number, title in enumerate(found.titles):
        words = escaped(title)
        heads = level and not number and not is_note(title)
        yield f"{'#' * (level or 0)} {words}" if heads else words
    column = _asked(found)
    if column is None:
        if found.rows:
            yield table([found.labels, *found.rows])
        elif any(found.labels):
            yield escaped("; ".join(filter(None, found.labels)))
    else:
        yield from _questions(found, column, level or 2)
    for note in found.notes:
        yield escaped(note)


def _asked(found: Table) -> int | None:
    if len(found.labels) < 2 or not found.rows:  # noqa: PLR2004
        return None
    for place in range(len(found.labels)):
        texts = [row[place] for row in found.rows if row[place]]
        if texts and sum(map(asks, texts)) > HALF * len(texts):
            return place
    return None


def _questions(found: Table, column: int, level: int) -> Iterator[str]:
    """Entries of questions and answers: each is a section."""
    others = [n for n in range(len(found.labels)) if n != column]
    lengths = {n: sum(len(row[n]) for row in found.rows) for n in others}
    answer = max(others, key=lambda n: lengths[n])
    for row in found.rows:
        if not row[column]:
            if row[answer]:
                yield escaped(row[answer])
            continue
        yield f"{'#' * level} {escaped(row[column])}"
        yield escaped(row[answer])
