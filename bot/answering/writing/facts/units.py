"""What a figure measures: time, marks, credit or money, in every language."""

import re
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

import yaml

from bot.answering.understanding.folding import folded
from bot.answering.understanding.money import currencies_named, money_words, tokens_of
from bot.answering.writing.facts.scripts import CHINESE

WORDS = Path(__file__).with_name("units.yaml")
MONEY = "money"
# So many words behind a figure may be between it and what it measures; so short a word
# is one only as a whole.
NEAR, SHORT = 2, 4
# A measure so many words away may still be a figure's: "500 to be paid in euros".
AROUND = 5
ENDS = re.compile(r"[.!?]\s|[。！？।۔\n]")
SPLIT = re.compile(r"[-\u2010-\u2015/()|,;]")


def unit_behind(text: str) -> str | None:
    """What a figure before this text measures, as "year" or "money"."""
    plain = folded(text)
    if plain[:1] and CHINESE.match(plain):
        return _kind(plain) or (MONEY if currencies_named(plain[:2]) else None)
    words = plain.replace("-", " ").split()
    while words[:1] and words[0].strip(",") in _file()["or"]:
        words = words[2:]
    near = words[:NEAR]
    kinds = (_kind(" ".join(near[place:])) for place in range(len(near)))
    found = next((kind for kind in kinds if kind), None)
    return found or _money(" ".join(near[:1]))


def unit_before(text: str) -> str | None:
    """What a figure behind this text measures: "level three", "€ 5"."""
    words = folded(text).split()
    last = " ".join(words[-1:])
    return _kind(last) or _money(last)


def units_near(before: str, behind: str) -> set[str]:
    """Every measure that is named in a few words around a figure."""
    before, behind = ENDS.split(before)[-1], ENDS.split(behind, 1)[0]
    words = [*_words(before)[-AROUND:], *_words(behind)[:AROUND]]
    found = {_kind(word) or _money(word) for word in words}
    found |= {unit_before(before), unit_behind(behind)}
    return {unit for unit in found if unit}


def _words(text: str) -> list[str]:
    return SPLIT.sub(" ", folded(text)).split()


def _kind(text: str) -> str | None:
    """The measure whose word a text begins with, the longest first."""
    found = (
        (len(stem), kind)
        for kind, stems in _file().items()
        if kind != "or"
        for stem in stems
        if _begins(text, stem)
    )
    return max(found, default=(0, None))[1]


def _begins(text: str, stem: str) -> bool:
    if not text.startswith(stem):
        return False
    rest = text[len(stem) :]
    return len(stem) >= SHORT or not stem.isascii() or not rest[:1].isalpha()


def _money(text: str) -> str | None:
    return MONEY if set(tokens_of(text)) & money_words() else None


@cache
def _file() -> Mapping[str, Sequence[str]]:
    found: Mapping[str, Sequence[str]] = yaml.safe_load(WORDS.read_text("utf-8"))
    return {kind: [folded(word) for word in words] for kind, words in found.items()}
