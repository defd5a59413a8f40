"""A message that completes or mends the question before it: "and in Germany?"."""

import re
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path

import yaml

from bot.answering.facts import (
    DESTINATION,
    LEVEL,
    destinations_in,
    understood_in,
    without_destinations,
    without_level,
)
from bot.answering.lexical import terms
from bot.answering.questions import asks_something
from bot.answering.understanding import folded, uniform

RULES = Path(__file__).with_name("completing.yaml")
# What is said anew is a few words: "sorry, 2 kids".
MOST_MENDED = 3


def completed(text: str, question: str) -> str | None:
    """The question before, changed by what a message says; None if it asks by itself.

    A country or a level takes the place of the one before, anything else is added.
    """
    return " ".join(_with(question, text).split()) if _is_rest(text) else None


def asked_in(texts: Iterable[str]) -> tuple[str, ...]:
    """A contact's messages, oldest first, each with what later ones changed of it."""
    asked: list[str] = []
    for text in texts:
        whole = completed(text, asked[-1]) if asked else None
        if whole is None:
            asked.append(text)
        else:
            asked[-1] = whole
    return tuple(asked)


def _is_rest(text: str) -> bool:
    words = folded(text)
    if _mended(words) and not asks_something(text):
        return len(set(terms(_without_mending(words)))) <= MOST_MENDED
    return bool(_plans(text)) and not terms(_between(_without_plans(words)))


def _plans(text: str) -> dict[str, str]:
    """The countries and the level that a message names."""
    found = {
        DESTINATION: " and ".join(destinations_in(text)),
        LEVEL: understood_in(text).get(LEVEL),
    }
    return {name: value for name, value in found.items() if value}


def _with(question: str, said: str) -> str:
    plans = _plans(said)
    words = folded(question)
    if DESTINATION in plans:
        words = without_destinations(words, instead=plans[DESTINATION])
    if LEVEL in plans:
        words = without_level(words)
    left = _without_mending(folded(said))
    if not terms(_between(_without_plans(left))):
        left = ""
    elif DESTINATION in plans and plans[DESTINATION] in words:
        left = without_destinations(left)
    missing = [value for value in plans.values() if value not in words]
    return " ".join((words, left or " ".join(missing)))


def _without_plans(words: str) -> str:
    return without_level(without_destinations(words))


def _between(words: str) -> str:
    return _rules()["between"].sub(" ", words)


def _mended(words: str) -> bool:
    return bool(_rules()["mends"].search(words))


def _without_mending(words: str) -> str:
    return _rules()["mends"].sub(" ", words)


@cache
def _rules() -> Mapping[str, re.Pattern[str]]:
    found: Mapping[str, list[str]] = yaml.safe_load(RULES.read_text("utf-8"))
    return {
        name: re.compile("|".join(f"(?:{uniform(line)})" for line in lines))
        for name, lines in found.items()
    }
