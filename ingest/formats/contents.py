"""What a reader gives back, and how plain words become Markdown."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from bot.errors import BotError

# Characters that Markdown would take for markup; others do no harm inside prose.
MARKUP = re.compile(r"[\\<\[`]|&(?=#?\w+;)")
# What would make a block at the start of a line: a rule, a heading, a fence, a year
# that would count as the number of a list item.
BLOCK = re.compile(r"#{1,6}(?=\s|$)|[=-]+\s*$|~~~|>|\d{3,}(?=[.)])|\d+(?=[.)]\s*$)")
BULLET = re.compile(r"[•●▪◦‣■□✓✔➢➤\uf0a7\uf0b7]\s*(?=\S)")
SPACE = re.compile(r"[^\S\n]+")


class UnreadableError(BotError):
    """A file cannot be read; the message is the reason, in one line.

    ``may_pass`` says that the same file may be read another time: it was not the file
    that failed but time, memory or the reader.
    """

    def __init__(self, reason: str, *, may_pass: bool = False) -> None:
        super().__init__(reason)
        self.may_pass = may_pass


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """Markdown, and the number of the page it stands on, where there are pages."""

    text: str
    number: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Contents:
    """What stands in a file; ``note`` says what of it could not be read.

    ``scanned`` numbers the pages whose words stand in pictures; in a text without pages
    it numbers the pictures themselves, which are ``marked`` in it. ``may_pass`` says
    that more of it may be read another time; ``share`` is how much of the words that
    can be seen was taken.
    """

    pages: tuple[Page, ...]
    title: str | None = None
    note: str | None = None
    scanned: tuple[int, ...] = ()
    marked: bool = False
    may_pass: bool = False
    share: float | None = None

    @property
    def is_empty(self) -> bool:
        """Whether there is no text at all."""
        return not any(page.text.strip() for page in self.pages)


def escaped(text: str) -> str:
    """A line of plain words as Markdown that shows the same words."""
    line = SPACE.sub(" ", text.replace("\u00ad", "")).strip()
    line, bullets = BULLET.subn("", line, count=1) if BULLET.match(line) else (line, 0)
    line = MARKUP.sub(lambda found: "\\" + found[0], line)
    if block := BLOCK.match(line):
        end = block.end() if block[0].isdigit() else 0
        line = f"{line[:end]}\\{line[end:]}"
    return f"- {line}" if bullets else line


def table(rows: Sequence[Sequence[str]]) -> str:
    """A Markdown table; the first row is its header. Empty rows and columns go.

    A header without a word stays, above rows that have no labels.
    """
    filled = [[_cell(text) for text in row] for row in rows]
    filled = [row for n, row in enumerate(filled) if any(row) or not n]
    if not any(map(any, filled)):
        return ""
    width = max(len(row) for row in filled)
    filled = [[*row, *[""] * (width - len(row))] for row in filled]
    columns = [place for place in range(width) if any(row[place] for row in filled)]
    lines = [
        "| " + " | ".join(row[place] for place in columns) + " |" for row in filled
    ]
    lines.insert(1, "|" + " --- |" * len(columns))
    return "\n".join(lines)


def named_pages(numbers: Sequence[int], what: str = "page") -> str:
    """Numbers of pages in words; of many the first ten, which lead to the others."""
    shown = ", ".join(str(number) for number in numbers[:10])
    more = ", …" if len(numbers) > 10 else ""  # noqa: PLR2004  as it says
    return f"{what} {shown}" if len(numbers) == 1 else f"{what}s {shown}{more}"


def one_line(text: str, *, longest: int = 200) -> str:
    """A text without line breaks, cut where it gets long."""
    line = " ".join(text.split())
    return line if len(line) <= longest else line[: longest - 1] + "…"


def _cell(text: str) -> str:
    words = MARKUP.sub(lambda found: "\\" + found[0], " ".join(text.split()))
    return words.replace("|", "\\|")
