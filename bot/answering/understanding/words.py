"""The few words that are understood literally: a yes, a number, danger to life."""

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from bot.answering.understanding.folding import SPACE, folded

WORDS = Path(__file__).with_name("words.yaml")
# Vowel signs of Indic scripts, which Python counts as no part of a word, belong to it.
BESIDES = r"(?:_|[^\w\u0900-\u0963\u0966-\u0dff])"
AROUND = re.compile(rf"^{BESIDES}+|(?<!{BESIDES}){BESIDES}+$")
STOPS = re.compile(r"[,;:.!?،؛、，。]+\s*")
NUMBER = re.compile(r"(?<!\d)([1-9])(?!\d)")
# A message of so many words may only pick by its number.
FEW_WORDS = 3
LAST = "last"
# Scripts that put no spaces between words, or write endings on them.
SPACED = re.compile(r"[^\W\u3400-\u9fff]")
ARABIC_LETTER = re.compile(r"[\u0621-\u064a]")
UNSPACED = re.compile(r"[^\u0000-\u024f\u1e00-\u1eff]")


def is_yes(text: str) -> bool:
    """Whether a message is a yes and nothing else."""
    return _bare(text) in _words()["yes"]


def is_no(text: str) -> bool:
    """Whether a message declines what was offered, and says no more."""
    return _bare(text) in _words()["no"]


def number_said(text: str, *, among: int) -> int | None:
    """Which of ``among`` a short message names: "2", "the second one", "the last"."""
    if len(_bare(text).split()) > FEW_WORDS:
        return None
    numbers = numbers_said(text, among=among)
    return numbers[0] if len(numbers) == 1 else None


def numbers_said(text: str, *, among: int) -> tuple[int, ...]:
    """Which of ``among`` a message names, in order: "1 and 3", "the first two".

    Numbers beyond them name nothing.
    """
    figures = set(map(int, NUMBER.findall(_bare(text))))
    numbers = set(ordinals_said(text, among=among))
    counts = figures | _numbers_in(_bare(text), "counts", among=among)
    if numbers == {1} and len(counts) == 1:
        numbers = set(range(1, counts.pop() + 1))
    found = numbers or figures
    return tuple(sorted(number for number in found if 0 < number <= among))


def ordinals_said(text: str, *, among: int) -> tuple[int, ...]:
    """As ``numbers_said``, of words alone: a figure may count anything."""
    found = _numbers_in(_bare(text), "ordinals", among=among)
    return tuple(sorted(number for number in found if 0 < number <= among))


def names_danger(text: str) -> bool:
    """Whether a message has words of danger to life."""
    words = folded(text)
    for harmless in _words()["no_danger"]:
        words = words.replace(harmless, " ")
    return any(_stands_in(word, words) for word in _words()["danger"])


def _numbers_in(text: str, kind: str, *, among: int) -> set[int]:
    return {
        among if number == LAST else int(number)
        for number, words in _words()[kind].items()
        for word in words
        if _stands_in(word, text, ends=r"(?!\w)")
    }


def joins_in(text: str) -> list[tuple[int, int]]:
    """Where words stand that join two questions: from which letter to which."""
    return [match.span() for match in _joins().finditer(text)]


@cache
def _joins() -> re.Pattern[str]:
    words = sorted(_words()["joins"], key=len, reverse=True)
    each = "|".join(f"{_starts(word)}{re.escape(word)}{_ends(word)}" for word in words)
    return re.compile(rf"(?:{each})(?:\s*(?:{each}))*", re.IGNORECASE)


def _starts(word: str) -> str:
    """Words with spaces between them begin behind one; marks and Chinese need none."""
    return r"(?<!\w)" if SPACED.match(word) else ""


def _ends(word: str) -> str:
    """The Arabic "and" is written onto the word behind it."""
    alone = SPACED.match(word) and not ARABIC_LETTER.fullmatch(word)
    return r"(?!\w)" if alone else ""


def _stands_in(word: str, text: str, *, ends: str = "") -> bool:
    if UNSPACED.search(word):
        return word in text
    return re.search(rf"(?<!\w){re.escape(word)}{ends}", text) is not None


def _bare(text: str) -> str:
    return AROUND.sub("", SPACE.sub(" ", STOPS.sub(" ", folded(text))))


@cache
def _words() -> Mapping[str, Any]:
    # All as text: "no" is a word here, and no truth value.
    found = yaml.load(WORDS.read_text("utf-8"), Loader=yaml.BaseLoader)  # noqa: S506  makes nothing but texts
    plain: dict[str, Any] = {
        name: [folded(word) for word in found[name]]
        for name in ("yes", "no", "danger", "no_danger")
    }
    numbers = {
        kind: {
            number: [folded(word) for word in words]
            for number, words in found[kind].items()
        }
        for kind in ("ordinals", "counts")
    }
    return {**plain, **numbers, "joins": found["joins"]}
