"""English sentences in pieces that say one thing each, and their words of content."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from bot.answering.retrieval.lexical import terms
from bot.answering.writing.checks.bounds import bounded
from bot.answering.writing.checks.closed_words import NARROWS, denies, has, words_of
from bot.answering.writing.checks.passages import Passage

STOPS = re.compile(r"[;:!?()\n–—]|\.(?!\d)|,(?=\s+(?:and|but|or|so|nor|which|not)\b)")
JOINS = re.compile(
    r"\b(?:but|because|unless|except|if|although|though|while|whereas|when|where|so|"
    r"since|whoever|once|provided)\b",
    re.IGNORECASE,
)
CASES = re.compile(
    r"(?:unless|except|if|when|where|once|provided|whoever)\b", re.IGNORECASE
)
ENGLISH = "en"
FEWEST = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """What one piece says: its content, and whether it denies it.

    ``denied`` is None where it could be read either way; ``case`` says that it is a
    condition of something else.
    """

    words: frozenset[str]
    denied: bool | None
    case: bool
    bounded: frozenset[object]


def pieces_of(sentence: Passage) -> Iterator[Piece]:
    """The pieces of an English sentence that have content."""
    for stopped in STOPS.split(sentence.text):
        starts = [0, *(match.start() for match in JOINS.finditer(stopped))]
        ends = [*starts[1:], len(stopped)]
        for text in map(
            str.strip, (stopped[a:b] for a, b in zip(starts, ends, strict=True))
        ):
            piece = _piece(text)
            if len(piece.words) >= FEWEST:
                yield piece


def content(text: str) -> frozenset[str]:
    """The stems of a text's words that mean something by themselves."""
    return frozenset(
        word
        for word in terms(text)
        if word not in _contentless() and not word.endswith("n't")
    )


def _piece(text: str) -> Piece:
    denied = denies(text, ENGLISH)
    return Piece(
        words=content(text),
        denied=None if has(text, ENGLISH, "half") else denied,
        case=bool(CASES.match(text)),
        bounded=bounded(Passage(text, ENGLISH)),
    )


@cache
def _contentless() -> frozenset[str]:
    kinds = ("small", "not", *NARROWS)
    single = (word for word in words_of(ENGLISH, *kinds) if " " not in word)
    return frozenset(terms(" ".join(single)))
