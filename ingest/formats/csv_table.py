"""Comma-separated values, also with semicolons, tabs or bars: tables and questions."""

import csv
from collections import Counter
from itertools import islice

from ingest.formats.charset import decoded, is_guess
from ingest.formats.contents import Contents, Page, UnreadableError
from ingest.formats.grid import plain
from ingest.formats.tables import table_markdown

SEPARATORS = ",\t;|"
SAMPLE = 20_000
LONGEST_CELL = 1_000_000
# A list of more rows is a data set, of which nobody is told a row.
MOST_ROWS = 20_000


def read_csv(content: bytes) -> Contents:
    """The tables of a file; what it does not say, its rows tell."""
    text = decoded(content)
    csv.field_size_limit(LONGEST_CELL)
    try:
        reader = csv.reader(text.splitlines(keepends=True), delimiter=_separator(text))
        rows = list(islice(reader, MOST_ROWS + 1))
    except csv.Error as error:
        raise UnreadableError(f"is not comma-separated: {error}") from error
    notes = [is_guess(content)]
    if len(rows) > MOST_ROWS:
        notes.append(f"only its first {MOST_ROWS:,} rows are read")
    found = table_markdown(plain(rows[:MOST_ROWS]), level=2)
    return Contents(
        pages=(Page(text=found),), note="; ".join(filter(None, notes)) or None
    )


def _separator(text: str) -> str:
    """What parts the most lines into as many cells as others have."""
    lines = text[:SAMPLE].splitlines(keepends=True)
    best, most = SEPARATORS[0], 0.0
    for separator in SEPARATORS:
        rows = csv.reader(lines, delimiter=separator)
        sizes = Counter(len(row) for row in rows if any(map(str.strip, row)))
        parted = {size: number for size, number in sizes.items() if size > 1}
        share = max(parted.values(), default=0) / max(sizes.total(), 1)
        if share > most:
            best, most = separator, share
    return best
