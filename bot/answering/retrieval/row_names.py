"""The rows of tables by what names them: a code, or a name of several words.

A message that holds the name of one row, as it stands in one table only, asks for that
row, whatever else is like it.
"""

import re
from collections.abc import Iterator, Mapping, Sequence

from bot.answering.chunks import Chunk, SentenceKind
from bot.answering.retrieval.lexical import terms

# Letters and figures as they stand in the codes of modules: WX1280, SWRT-391.
CODE = re.compile(r"[^\W\d_]{2,6}[ -]?\d{3,}[^\W\d_]?")
FEWEST_TERMS, MOST_TERMS = 2, 8
SHORTEST = 3
NAME_COLUMNS = 2
Name = tuple[str, ...]


def rows_by_name(chunks: Sequence[Chunk]) -> Mapping[Name, int]:
    """The chunk in which each name is that of a row; names of several are left out."""
    found: dict[Name, set[int]] = {}
    for number, chunk in enumerate(chunks):
        for name in _names(chunk):
            found.setdefault(name, set()).add(number)
    return {name: numbers.pop() for name, numbers in found.items() if len(numbers) == 1}


def row_named_in(message: str, names: Mapping[Name, int]) -> int | None:
    """The chunk with the row that a message names; None if it names none, or two."""
    words = tuple(_plain(message))
    runs = (
        words[start : start + size]
        for size in range(1, MOST_TERMS + 1)
        for start in range(len(words) - size + 1)
    )
    held = {names[run] for run in runs if run in names}
    return held.pop() if len(held) == 1 else None


def _names(chunk: Chunk) -> Iterator[Name]:
    """The first cells of rows in columns in which no two cells are the same.

    A table under a question is asked for by that, and its rows by nothing else.
    """
    rows = [
        [cell.partition(": ")[2] or cell for cell in one.text.split("; ")]
        for one in chunk.sentences
        if one.kind is SentenceKind.ROW
    ]
    width = min(map(len, rows), default=0)
    columns = [[row[n] for row in rows] for n in range(min(width, NAME_COLUMNS))]
    naming = [
        cells
        for cells in columns
        if len(set(cells)) == len(cells) and all(map(_may_name, cells))
    ]
    for cells in naming if chunk.rows else ():
        for cell in cells:
            name = tuple(_plain(cell))
            code = CODE.fullmatch(cell.strip()) is not None
            if code or FEWEST_TERMS <= len(name) <= MOST_TERMS:
                yield name


def _may_name(cell: str) -> bool:
    return cell[:1].isalpha() and len(cell.split()) <= MOST_TERMS


def _plain(text: str) -> Iterator[str]:
    """Terms without those of a letter or two, which are mostly no names."""
    joined = CODE.sub(lambda code: code[0].replace(" ", "").replace("-", ""), text)
    return (term for term in terms(joined) if len(term) >= SHORTEST or term.isdigit())
