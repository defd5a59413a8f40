"""What Tesseract recognised (hOCR), as lines like those of a PDF page.

Lines have sizes and places there too, so headings, paragraphs and rows of tables are
told by the same rules. Sizes and places are scaled so that most letters have ``BODY``
points, however finely a picture was taken.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from statistics import median

from lxml import etree

from ingest.formats.pdf_lines import Line

BODY = 10.0
# Heights of lines are measured roughly: only much larger ones are a heading's.
LARGER, STEP = 1.3, 3.0
# A cell ends where the next word is so many heights of its line away.
WIDE_GAP = 1.5
# Tesseract tells a column apart from its table now and then. Most of its lines stand
# beside rows then, at their height (in heights of a line), and are short.
SAME_HEIGHT = 0.35
MOST_WORDS_IN_CELL = 5
ROWS = 0.6
# How far from a row another one of its table is, in heights of a line.
NEAR = 3.0
# Columns of prose are taken for one now and then; their halves are longer than cells.
FEWEST_IN_COLUMNS, FEWEST_WORDS_IN_HALF = 3, 4
NUMBER = r"(-?[\d.]+)"
BOX = re.compile(rf"bbox {NUMBER} {NUMBER} {NUMBER} {NUMBER}")
BASELINE = re.compile(rf"baseline {NUMBER} {NUMBER}")
SIZE = re.compile(rf"x_size {NUMBER}")
# What lines between cells and stains are taken for.
STROKE = re.compile(r"[|\[\]_~¦]+")
# Words of these scripts stand without spaces between them.
UNSPACED = re.compile(r"(?<=[\u3000-\u30ff\u3400-\u9fff\uff00-\uffef]) "
                      r"(?=[\u3000-\u30ff\u3400-\u9fff\uff00-\uffef])")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Word:
    """A word with where it begins and ends, in dots from the left."""

    text: str
    left: float
    right: float


@dataclass(slots=True)
class Written:
    """Words at one height; ``base`` is how far down, and ``size`` how high, in dots."""

    words: list[Word]
    base: float
    size: float

    @property
    def cells(self) -> list[list[Word]]:
        """The words between wide gaps."""
        found: list[list[Word]] = []
        for word in self.words:
            if not found or _gap(found[-1][-1], word) > WIDE_GAP * self.size:
                found.append([])
            found[-1].append(word)
        return found

    @property
    def may_be_row(self) -> bool:
        """Whether this looks like cells of a table rather than like prose."""
        return len(self.cells) > 1 or len(self.words) <= MOST_WORDS_IN_CELL

    @property
    def has_halves(self) -> bool:
        """Whether there is one wide gap."""
        return len(self.cells) == 2  # noqa: PLR2004  it says so

    @property
    def is_in_two_columns(self) -> bool:
        """Whether this looks like prose on both sides of a gap."""
        return self.has_halves and min(map(len, self.cells)) >= FEWEST_WORDS_IN_HALF

    def is_left_of(self, other: "Written") -> bool:
        """Whether the other could go on in the same row of a table."""
        return (
            abs(self.base - other.base) <= SAME_HEIGHT * self.size
            and self.words[-1].right < other.words[0].left
        )


def recognised_lines(hocr: bytes) -> list[list[Line]]:
    """The lines of each page, in the order in which they are read."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, recover=True)
    root = etree.fromstring(hocr, parser)
    pages = root.iterfind(".//{*}div[@class='ocr_page']") if root is not None else ()
    return [_scaled(list(_unfolded(_with_columns(page)))) for page in pages]


def _with_columns(page: etree._Element) -> list[Written]:
    """The lines of a page; a column of a table that stood apart is back in its rows."""
    lines: list[Written] = []
    for block in page.iterfind("{*}div[@class='ocr_carea']"):
        column = list(_written(block))
        rows = [_row_of(line, lines) for line in column]
        beside = [row for row in rows if row is not None]
        if len(beside) >= ROWS * len(column) and _is_table(beside, lines):
            for row, line in zip(rows, column, strict=True):
                if row is None:
                    lines.append(line)
                else:
                    row.words += line.words
        else:
            lines += column
    return lines


def _unfolded(lines: Sequence[Written]) -> Iterator[Written]:
    """The lines with columns of prose, where they were taken for one, apart."""
    for halves, run in groupby(lines, key=lambda line: line.has_halves):
        both = list(run)
        long = sum(line.is_in_two_columns for line in both)
        if not halves or long < max(FEWEST_IN_COLUMNS, ROWS * len(both)):
            yield from both
            continue
        for half in (0, 1):
            for line in both:
                yield Written(line.cells[half], line.base, line.size)


def _row_of(line: Written, lines: Sequence[Written]) -> Written | None:
    """The earlier line, of those that look like a table, which a line goes on."""
    if not line.may_be_row:
        return None
    rows = (row for row in lines if row.may_be_row and row.is_left_of(line))
    return next(rows, None)


def _is_table(rows: Sequence[Written], lines: Sequence[Written]) -> bool:
    return len(rows) > 1 or any(
        len(line.cells) > 1 and abs(line.base - row.base) <= NEAR * row.size
        for row in rows
        for line in lines
    )


def _written(block: etree._Element) -> Iterator[Written]:
    for line in block.iterfind("{*}p/{*}span"):
        about = line.get("title", "")
        words = list(_words(line))
        if words and (box := BOX.search(about)) and (size := SIZE.search(about)):
            baseline = BASELINE.search(about)
            rise = float(baseline[2]) if baseline else 0.0
            yield Written(words, float(box[4]) + rise, float(size[1]))


def _words(line: etree._Element) -> Iterator[Word]:
    for word in line.iterfind("{*}span[@class='ocrx_word']"):
        text = "".join(word.itertext()).strip()
        box = BOX.search(word.get("title", ""))
        if text and box and not STROKE.fullmatch(text):
            yield Word(text, float(box[1]), float(box[3]))


def _scaled(lines: Sequence[Written]) -> list[Line]:
    sizes = [line.size for line in lines for word in line.words for _ in word.text]
    if not sizes:
        return []
    scale = BODY / median(sizes)
    return [
        Line(
            text=UNSPACED.sub("", " ".join(word.text for word in cell)),
            size=_size(line.size * scale),
            bold=False,
            x=cell[0].left * scale,
            y=-line.base * scale,
        )
        for line in lines
        for cell in line.cells
    ]


def _size(points: float) -> float:
    return BODY if points < LARGER * BODY else STEP * round(points / STEP)


def _gap(one: Word, other: Word) -> float:
    """How far apart two words are, in whichever direction they are read."""
    return max(other.left - one.right, one.left - other.right)
