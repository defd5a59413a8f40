"""Which lines of a PDF are headings, told by size and weight; and which repeat."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from ingest.formats.pdf_lines import Line

LARGER = 1.12
MOST_WORDS = 16
MOST_LEVELS = 4
# A poster or a form is all large or bold: there nothing is a heading.
MOST_HEADINGS = 0.4
FEWEST_PAGES = 3
REPEATED = 0.6
EDGE = 2
FEWEST_ENTRIES = 3
DIGITS = re.compile(r"\d+")
# What leads from an entry of a table of contents to its page.
LEADERS = re.compile(r"(?:\.\s?){5,}|…{3,}|(?:·\s?){5,}|_{5,}\s*\d+$")


@dataclass(frozen=True, slots=True)
class Headings:
    """The looks (size, bold) that headings of a document have, with their levels."""

    body: float
    levels: Mapping[tuple[float, bool], int]

    def level(self, line: Line) -> int | None:
        """The level of a heading, from 1; None for any other line."""
        return self.levels.get(_look(line)) if _may_be(line, self.body) else None


def headings(pages: Iterable[Sequence[Line]]) -> Headings:
    """Learn from all pages which looks are those of headings."""
    lines = [line for page in pages for line in page]
    sizes: Counter[float] = Counter()
    for line in lines:
        sizes[line.size] += line.letters
    body = max(sizes, key=lambda size: sizes[size], default=0.0)
    found = [line for line in lines if _may_be(line, body)]
    letters = sum(line.letters for line in found)
    if letters > MOST_HEADINGS * sizes.total():
        return Headings(body, {})
    looks = sorted({_look(line) for line in found}, reverse=True)
    return Headings(
        body,
        {look: min(place, MOST_LEVELS) for place, look in enumerate(looks, start=1)},
    )


def without_running_lines(pages: Sequence[Sequence[Line]]) -> list[list[Line]]:
    """The pages without what is repeated at their edges, and lines of contents.

    A line that stands as large as a heading stays where it is first.
    """
    pages = [_without_contents(page) for page in pages]
    if len(pages) < FEWEST_PAGES:
        return [list(page) for page in pages]
    counts = Counter(
        key for page in pages for key in {_key(line) for line in _edges(page)}
    )
    running = {key for key, count in counts.items() if count >= REPEATED * len(pages)}
    sizes = Counter(line.size for page in pages for line in page)
    body = max(sizes, key=lambda size: sizes[size], default=0.0)
    seen: set[str] = set()
    kept = []
    for page in pages:
        edges = {line for line in _edges(page) if _key(line) in running}
        kept.append(
            [line for line in page if line not in edges or _first(line, seen, body)]
        )
    return kept


def _without_contents(page: Sequence[Line]) -> list[Line]:
    """The lines of a page but for a table of contents and the heading of one."""
    entries = [n for n, line in enumerate(page) if LEADERS.search(line.text)]
    if len(entries) < FEWEST_ENTRIES:
        return [line for n, line in enumerate(page) if n not in entries]
    first, last = entries[0], entries[-1]
    heads = first and page[first - 1].size > page[first].size
    start = first - 1 if heads else first
    numbers = {n for n in range(first, last + 2) if n < len(page)}
    return [
        line
        for n, line in enumerate(page)
        if n < start
        or (n > first and n not in entries and not (n in numbers and line.letters < 1))
    ]


def _look(line: Line) -> tuple[float, bool]:
    return line.size, line.bold


def _may_be(line: Line, body: float) -> bool:
    larger = line.size >= body * LARGER
    if not larger and not (line.bold and line.size >= body):
        return False
    words = line.text.split()
    return (
        len(words) <= MOST_WORDS
        and line.letters >= 3  # noqa: PLR2004  a number alone heads nothing
        and not line.text.endswith((".", ",", ";", ":"))
    )


def _edges(page: Sequence[Line]) -> list[Line]:
    return [*page[:EDGE], *page[-EDGE:]]


def _key(line: Line) -> str:
    return DIGITS.sub("#", line.text.casefold())


def _first(line: Line, seen: set[str], body: float) -> bool:
    """Whether this is the first of its kind, and as large as what heads a text."""
    key = _key(line)
    new = key not in seen and line.size >= body * LARGER and line.letters > 0
    seen.add(key)
    return new
