"""What is wrong with an answer, by what has to stand in it and what may not.

A plain item has to stand somewhere, a figure as a whole figure. ``Label = value`` means
that the value stands under this label: behind it with no other figure between, or in
front of it. ``A | B`` is either of two.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

FOLDER = Path(__file__).parent
FILES = FOLDER / "files"
NARROW = re.compile("[\u00a0\u202f\u2009]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A question about a file, with what is right and what is wrong."""

    file: str
    kind: str
    ask: str
    right: tuple[str, ...] = ()
    wrong: tuple[str, ...] = ()
    unanswerable: bool = False

    @property
    def format(self) -> str:
        return Path(self.file).suffix.removeprefix(".")


def cases() -> list[Mapping[str, Any]]:
    """Every file with what becomes of it, and the questions about it."""
    found: list[Mapping[str, Any]] = yaml.safe_load(
        (FOLDER / "cases.yaml").read_text("utf-8")
    )
    return found


def questions() -> list[Question]:
    """The questions of all cases."""
    return [
        Question(
            file=case["file"],
            kind=case["kind"],
            ask=one["ask"],
            right=tuple(one["right"]),
            wrong=tuple(one["wrong"]),
            unanswerable=one.get("expect") == "no_answer",
        )
        for case in cases()
        for one in case["questions"]
    ]


def missing(answer: str, question: Question) -> list[str]:
    """What has to stand in an answer, and does not."""
    text = NARROW.sub(" ", answer)
    return [item for item in question.right if not _any_said(text, item)]


def misled(answer: str, question: Question) -> list[str]:
    """What may not stand in an answer, and does."""
    text = NARROW.sub(" ", answer)
    return [item for item in question.wrong if item.strip() and _is_told(text, item)]


def _any_said(text: str, item: str) -> bool:
    return any(_is_said(text, one) for one in item.split(" | "))


def _is_said(text: str, item: str) -> bool:
    label, equals, value = item.partition(" = ")
    if not equals:
        return re.search(_whole(item), text, re.IGNORECASE) is not None
    behind = rf"{_whole(label, label=True)}[^\d;|\n]{{0,80}}?{_whole(value)}"
    before = rf"{_whole(value)}[^\d;|\n]{{0,50}}?{_whole(label, label=True)}"
    return any(re.search(one, text, re.IGNORECASE) for one in (behind, before))


def _is_told(text: str, item: str) -> bool:
    label, equals, value = item.partition(" = ")
    if not equals:
        return re.search(_whole(item), text) is not None
    said = rf"{_whole(label, label=True)}\W{{0,3}}(?:is|costs|at|of)?\W{{0,3}}?"
    return re.search(said + _whole(value), text) is not None


def _whole(words: str, *, label: bool = False) -> str:
    """A pattern for words that are no part of longer words or figures."""
    gap = r"\W{1,3}" if label else r"\s+"
    pattern = gap.join(map(re.escape, NARROW.sub(" ", words).split(" ")))
    return "".join((*_before(words), pattern, *_behind(words, label=label)))


def _before(words: str) -> Iterator[str]:
    if words[0].isascii() and words[0].isalnum():
        yield "(?<![A-Za-z0-9])"
    if words[0].isdigit():
        yield r"(?<!\d[.,])"


def _behind(words: str, *, label: bool) -> Iterator[str]:
    if words[-1].isdigit():
        yield r"(?!\d|[.,:]\d)"
    elif words[-1].isascii() and words[-1].isalpha():
        yield f"{'(?:e?s)?' if label else ''}(?![A-Za-z0-9])"
