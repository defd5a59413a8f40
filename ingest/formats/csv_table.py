"""Comma-separated values, also with semicolons, tabs or bars: one table."""

import csv

from ingest.formats.charset import decoded
from ingest.formats.contents import Contents, Page, UnreadableError, table

SEPARATORS = ",;\t|"
SAMPLE = 20_000
LONGEST_CELL = 1_000_000


def read_csv(content: bytes) -> Contents:
    """A table whose first row is its header."""
    text = decoded(content)
    csv.field_size_limit(LONGEST_CELL)
    try:
        rows = list(csv.reader(text.splitlines(keepends=True), _dialect(text)))
    except csv.Error as error:
        raise UnreadableError(f"is not comma-separated: {error}") from error
    return Contents(pages=(Page(text=table(rows)),))


def _dialect(text: str) -> type[csv.Dialect]:
    try:
        return csv.Sniffer().sniff(text[:SAMPLE], SEPARATORS)
    except csv.Error:
        return csv.excel
