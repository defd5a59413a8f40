"""Several questions in one message: told apart, so that each gets its own answer."""

import re
from collections.abc import Sequence

from bot.answering.chunks import QUESTION_MARKS
from bot.answering.lexical import terms
from bot.answering.understanding import folded

MOST = 4
LONGEST_LIST_PART = 90
NUMBERED = re.compile(r"(?:^|(?<=\s))\(?[1-9][.):]\s*(?=\D)")
OPENING = re.compile(
    r"^(and |also |then |or )?(is|are|am|can|could|do|does|did|will|would|should|how|"
    r"what|which|where|when|who|why|any)\b"
)
BARE = re.compile(
    r"^(and |also |the |total )*(price|prices|fees?|costs?|duration|deadlines?|"
    r"requirements?|eligibility|scholarships?|refunds?|visa|salary|jobs?)\W*$"
)
COMMA = re.compile(r"\s*[,;]\s*(?:and\s+)?|\s+and\s+(?=(?:how|what|which|can|is|do)\b)")
PAIR = re.compile(
    r"[\s,;]+(?:and|n|&|also|plus)\s+(?:also\s+)?"
    r"(?=(?:how|what|which|when|where|who|why|can|could|is|are|do|does|will|should)\b)"
    r"|(?<=\?)\s+",
    re.IGNORECASE,
)
FEWEST_TERMS = 1
SENTENCE = re.compile(r"[.?!;\n]+(?=\s|$)")
FEWEST_TERMS_ALONE = 2
QUESTION = re.compile(
    r"^(ok |okay |so |and |but |hi |hello )*(is|are|can|could|do|does|did|will|would|"
    r"should|any)\b|\b(can|could|should|may|do|does|did|is|are|am|will|would) (i|"
    r"we|you|u|it|they|he|she|my|there|this|that)\b|\b(how|what|which|where|when|who|"
    r"why|tell|give|show|please|plz|pls|possible)\b"
)
ONESELF = re.compile(r"\b(i|i'?m|i'?ve|my|me|mine|we|our|us(?= to))\b")


def split_questions(text: str) -> tuple[str, ...]:
    """The questions of a message, in its words; none where it is but one.

    Only what is clearly apart counts: a numbered list, lines that each ask, or a row of
    three and more short questions. What leads up to a question stays with it.
    """
    for parts in (_numbered(text), _lines(text), _row(text)):
        if len(parts) > 1:
            return tuple(parts[:MOST])
    return ()


def paired_questions(text: str) -> tuple[str, ...]:
    """The two questions that a sentence joins: "what is it and how long is it"."""
    pieces = [piece for piece in PAIR.split(text.strip()) if piece]
    apart = all(_asks(one) and len(terms(one)) >= FEWEST_TERMS_ALONE for one in pieces)
    return tuple(_asking(pieces)) if len(pieces) == 2 and apart else ()  # noqa: PLR2004


def sentences_of(text: str) -> tuple[str, ...]:
    """The sentences of a message that could be asked alone, if it has several."""
    pieces = [" ".join(piece.split()) for piece in SENTENCE.split(text)]
    said = [piece for piece in pieces if len(terms(piece)) >= FEWEST_TERMS_ALONE]
    return tuple(said[:MOST]) if sum(map(bool, pieces)) > 1 else ()


def asks_something(text: str) -> bool:
    """Whether a message has the mark or a word of a question."""
    return any(mark in text for mark in QUESTION_MARKS) or bool(
        QUESTION.search(folded(text))
    )


def is_personal(text: str) -> bool:
    """Whether somebody speaks of themselves: "minimum GPA in Canada" asks instead."""
    return bool(ONESELF.search(folded(text)))


def _numbered(text: str) -> list[str]:
    marks = list(NUMBERED.finditer(text))
    figures = [match.group().strip(" (.):\n\t") for match in marks]
    if not marks or figures != [str(place + 1) for place in range(len(marks))]:
        return []
    starts = [match.end() for match in marks]
    ends = [match.start() for match in marks[1:]] + [len(text)]
    return _asking([text[a:b] for a, b in zip(starts, ends, strict=True)])


def _lines(text: str) -> list[str]:
    lines = [line for line in text.splitlines() if line.strip()]
    return _asking(lines) if len(lines) > 1 and all(map(_asks, lines)) else []


def _row(text: str) -> list[str]:
    """As in: is it good for X, can it give Y, price?"""
    pieces = [piece for piece in re.split(r"(?<=\?)\s+", text.strip()) if piece]
    if len(pieces) == 1:
        pieces = COMMA.split(text.strip())
    short = all(len(piece) <= LONGEST_LIST_PART for piece in pieces)
    if len(pieces) > 2 and short and all(map(_asks, pieces)):  # noqa: PLR2004  a row
        return _asking(pieces)
    return []


def _asks(piece: str) -> bool:
    words = folded(piece)
    return bool(OPENING.search(words) or BARE.search(words))


def _asking(pieces: Sequence[str]) -> list[str]:
    found = [" ".join(piece.split()).strip(" ,;") for piece in pieces]
    return found if all(len(terms(one)) >= FEWEST_TERMS for one in found) else []
