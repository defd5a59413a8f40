"""The lines of a PDF page, with what their letters look like and where they stand."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import hypot

from pypdf import PageObject
from pypdf.generic import DictionaryObject

Matrix = Sequence[float]
SAME_HEIGHT = 2.0
# About how wide letters are, and what is more than a gap between words; in ems.
SMALL, CAPITAL = 0.5, 0.75
WIDE_GAP = 2.0
JOINED = {"\ufb00": "ff", "\ufb01": "fi", "\ufb02": "fl", "\ufb03": "ffi",
          "\ufb04": "ffl", "\ufb05": "st", "\ufb06": "st"}  # fmt: skip
# A soft hyphen that is drawn at the end of a line parts a word like any other.
SOFT_END = re.compile("\u00ad$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """``x`` and ``y`` are where it begins, from the lower left, in points."""

    text: str
    size: float
    bold: bool
    x: float
    y: float

    @property
    def letters(self) -> int:
        """How many letters there are, to weigh sizes by."""
        return sum(sign.isalpha() for sign in self.text)


@dataclass(frozen=True, slots=True)
class Piece:
    """What one drawing operation put on the page."""

    text: str
    size: float
    bold: bool
    x: float
    y: float


def page_lines(page: PageObject) -> list[Line]:
    """The lines in the order they are drawn in, which is mostly that of reading."""
    pieces: list[Piece] = []

    def see(
        text: str, cm: Matrix, tm: Matrix, font: DictionaryObject | None, size: float
    ) -> None:
        name = str(font.get("/BaseFont", "")) if font else ""
        scale = hypot(tm[0] * cm[0] + tm[1] * cm[2], tm[0] * cm[1] + tm[1] * cm[3])
        pieces.append(
            Piece(
                text=text,
                size=round(2 * abs(size) * (scale or 1.0)) / 2,
                bold=any(word in name.casefold() for word in ("bold", "black", "cmbx")),
                x=tm[4] * cm[0] + tm[5] * cm[2] + cm[4],
                y=tm[4] * cm[1] + tm[5] * cm[3] + cm[5],
            )
        )

    page.extract_text(visitor_text=see)
    return _lines(pieces)


def plain_letters(text: str) -> str:
    """The text with the letters that a font has drawn as one apart, and no marks."""
    for joined, letters in JOINED.items():
        text = text.replace(joined, letters)
    return text.replace("\u00ad", "").replace("\u200b", "")


def _lines(pieces: Sequence[Piece]) -> list[Line]:
    lines: list[Line] = []
    parts: list[Piece] = []
    for piece in pieces:
        first, *others = piece.text.split("\n")
        parts.append(_with(piece, first))
        for text in others:
            lines += _joined(parts)
            parts = [_with(piece, text)]
    return [*lines, *_joined(parts)]


def _with(piece: Piece, text: str) -> Piece:
    return Piece(text, piece.size, piece.bold, piece.x, piece.y)


def _joined(parts: Sequence[Piece]) -> Iterator[Line]:
    """The line that some pieces make, or several where wide gaps are between them."""
    cell: list[Piece] = []
    for part in filter(_is_inked, parts):
        if cell and _is_apart(cell[-1], part):
            yield _line(cell)
            cell = []
        cell.append(part)
    if cell:
        yield _line(cell)


def _is_inked(part: Piece) -> bool:
    return bool(part.text.strip())


def _is_apart(one: Piece, other: Piece) -> bool:
    widths = (CAPITAL if sign.isupper() else SMALL for sign in one.text.strip())
    end = one.x + one.size * sum(widths)
    return (
        (one.text[-1].isspace() or other.text[0].isspace())
        and abs(one.y - other.y) <= SAME_HEIGHT
        and other.x - end > WIDE_GAP * max(one.size, other.size)
    )


def _line(parts: Sequence[Piece]) -> Line:
    longest = max(parts, key=lambda part: len(part.text))
    return Line(
        text=plain_letters(
            SOFT_END.sub("-", "".join(part.text for part in parts).strip())
        ),
        size=longest.size,
        bold=all(part.bold for part in parts),
        x=parts[0].x,
        y=parts[0].y,
    )
