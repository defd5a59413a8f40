"""Comma-separated values, also with semicolons, tabs or bars: tables and questions."""

import csv
from itertools import islice

from ingest.formats.charset import decoded, is_guess
from ingest.formats.contents import Contents, Page, UnreadableError
from ingest.formats.grid import plain
from ingest.formats.tables import table_markdown

SEPARATORS = ",;\t|"
SAMPLE = 20_000
LONGEST_CELL = 1_000_000
# A list of more rows is a data set, of which nobody is told a row.
MOST_ROWS = 20_000


def read_csv(content: bytes) -> Contents:
    """The tables of a file; what it does not say, its rows tell."""
    text = decoded(content)
    csv.field_size_limit(LONGEST_CELL)
    try:
        reader = csv.reader(text.splitlines(keepends=True), _dialect(text))
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


def _dialect(text: str) -> type[csv.Dialect]:
    """The separator that parts most lines into as many cells."""
    lines = [line for line in text[:SAMPLE].split("\n") if line.strip()]
    if all("\t" in line for line in lines) and lines:
        return csv.excel_tab
    try:
        return csv.Sniffer().sniff(text[:SAMPLE], SEPARATORS)
    except csv.Error:
        return csv.excel
