"""Which cells of a sheet are merged, and which rows and columns are hidden.

It is read from the XML itself, since the library knows it only of sheets that it holds
in memory as a whole.
"""

import re
import zipfile
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from openpyxl.utils import range_boundaries

BLOCK = 1 << 20
OVERLAP = 500
MERGED = re.compile(rb"<(?:\w+:)?mergeCell ref=\"([A-Z]{1,3}\d+:[A-Z]{1,3}\d+)\"")
COLUMN = re.compile(rb"<(?:\w+:)?col\s[^>]*>")
ROW = re.compile(rb"<(?:\w+:)?row\s[^>]*>")
IS_HIDDEN = re.compile(rb"\shidden=\"(?:1|true)\"")
NUMBER = {
    name: re.compile(rb"\s" + name + rb"=\"(\d+)\"") for name in (b"min", b"max", b"r")
}
MOST_MERGED = 20_000


@dataclass(slots=True)
class Marks:
    """Merged cells by where they begin (row, column), with their rows and columns."""

    merged: dict[tuple[int, int], tuple[int, int]] = field(default_factory=dict)
    rows: set[int] = field(default_factory=set)
    columns: set[int] = field(default_factory=set)


def marks_of(archive: zipfile.ZipFile, path: str) -> Marks:
    """The marks of the sheet that lies at a path of the archive; from 1."""
    found = Marks()
    name = str(PurePosixPath("/", path)).lstrip("/")
    if name not in archive.namelist():
        return found
    with archive.open(name) as file:
        rest = b""
        while block := file.read(BLOCK):
            text = rest + block
            _see(text, found)
            rest = text[-OVERLAP:]
    return found


def _see(text: bytes, found: Marks) -> None:
    for match in MERGED.finditer(text):
        left, top, right, bottom = range_boundaries(match[1].decode())
        if len(found.merged) < MOST_MERGED:
            found.merged[top, left] = (bottom - top + 1, right - left + 1)
    for match in COLUMN.finditer(text):
        first, last = (NUMBER[name].search(match[0]) for name in (b"min", b"max"))
        if IS_HIDDEN.search(match[0]) and first and last:
            found.columns.update(range(int(first[1]), min(int(last[1]), 500) + 1))
    for match in ROW.finditer(text):
        number = NUMBER[b"r"].search(match[0])
        if IS_HIDDEN.search(match[0]) and number:
            found.rows.add(int(number[1]))
