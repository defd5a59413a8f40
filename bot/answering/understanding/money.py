"""Sums of money in a message: figures, currencies, lakh and 万."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from bot.answering.understanding.folding import folded

NAMES = Path(__file__).with_name("money.yaml")
NUMBER = re.compile(r"\d[\d.,]*")
# Vowel signs of Indic scripts, which Python counts as no letters, belong to a word.
LETTERS = r"(?:[^\W\d_]|(?!\d)[\u0900-\u0963\u0966-\u0dff])+"
TOKEN = re.compile(rf"{LETTERS}(?:['.-]{LETTERS})*\$?|[$€£₹₦%]|\d[\d.,]*")
HAN = re.compile(r"[\u4e00-\u9fff]")
# "15k" alone may be anything; "15 lakh" is money.
THOUSAND = 1000


def tokens_of(text: str) -> list[str]:
    """The words, figures and signs of a text, in small letters."""
    return [match.group() for match in TOKEN.finditer(folded(text))]


def money_in(text: str) -> tuple[float, str | None] | None:
    """The first sum of a message with its currency, where one is named."""
    return next(sums_in(tokens_of(text)), None)


def currencies_named(text: str) -> frozenset[str]:
    """Every currency that a text names, with or without a sum."""
    names, tokens, plain = _currencies(), frozenset(tokens_of(text)), folded(text)
    return frozenset(
        code
        for name, code in names.items()
        if name in tokens or (HAN.match(name) and name in plain)
    )


def number_in(text: str) -> float | None:
    """A figure as it is written in any of the usual ways."""
    bare = text.rstrip(".,")
    grouped = re.fullmatch(r"\d{1,3}(?:[.,]\d{2,3})*[.,]\d{3}", bare)
    plain = re.sub(r"[.,]", "", bare) if grouped else bare.replace(",", ".")
    try:
        return float(plain)
    except ValueError:
        return None


def sums_in(tokens: Sequence[str]) -> Iterator[tuple[float, str | None]]:
    """Figures with a currency before or behind, or counted in lakh."""
    multiples, currencies = _names()["multiples"], _currencies()
    tokens = list(_apart(tokens))
    for place, token in enumerate(tokens):
        value = number_in(token) if NUMBER.fullmatch(token) else None
        if value is None:
            continue
        behind = tokens[place + 1 : place + 3]
        times = multiples.get(behind[0]) if behind else None
        beside = [*tokens[max(0, place - 1) : place], *behind[: 2 if times else 1]]
        currency = next((currencies[one] for one in beside if one in currencies), None)
        if currency or (times and times > THOUSAND):
            yield value * (times or 1), currency


def money_words() -> frozenset[str]:
    """What a figure of money stands beside."""
    return frozenset((*_names()["multiples"], *_currencies()))


def _apart(tokens: Iterable[str]) -> Iterator[str]:
    """Words of money apart that are written together: "20万人民币"."""
    names = money_words()
    unspaced = sorted((one for one in names if HAN.match(one)), key=len, reverse=True)
    for token in tokens:
        rest = token
        while found := next((one for one in unspaced if rest.startswith(one)), ""):
            yield found
            rest = rest[len(found) :]
        if rest:
            yield rest


@cache
def _currencies() -> Mapping[str, str]:
    return {
        folded(name): code
        for code, names in _names()["currencies"].items()
        for name in names
    }


@cache
def _names() -> Mapping[str, Any]:
    found: Mapping[str, Any] = yaml.safe_load(NAMES.read_text("utf-8"))
    return found
