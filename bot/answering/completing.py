"""A message that completes or mends the question before it: "and in Germany?"."""

import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from bot.answering.fact_rules import DESTINATION
from bot.answering.facts import (
    LEVEL,
    destinations_in,
    places_in,
    replaced,
    understood_in,
    without_destinations,
    without_level,
)
from bot.answering.lexical import terms
from bot.answering.questions import asks_something
from bot.answering.understanding import Intent, folded, intent_of, patterns_in

RULES = Path(__file__).with_name("completing.yaml")
# "Sorry, 2 kids": so many words may stand beside the number.
MOST_BESIDES = 2
NUMBER = re.compile(r"(?<![\w.,])\d{1,6}(?:[.,]\d{1,3})*(?!\w)")
COUNTED = re.compile(rf"(?P<number>{NUMBER.pattern}) [^\W\d]+")
NUMBER_FOUND = re.compile(rf"(?P<number>{NUMBER.pattern})")


def completed(text: str, question: str) -> str | None:
    """The question before, changed by what a message says; None if it asks by itself.

    A country, a level or a number takes the place of the one before; a country or a
    level is added where there was none. Nothing else completes a question: what is said
    after a "sorry" may be anything.
    """
    words, said = folded(question), without_mending(text)
    plans = _plans(said)
    if plans and not terms(_between(_without_plans(said))):
        return _with_plans(words, plans, places=places_in(said))
    if said != folded(text) and not asks_something(text):
        return _with_number(words, said)
    return None


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


def intent_behind(text: str) -> Intent | None:
    """The intent of a message, also after a "sorry" or the like."""
    return intent_of(text) or intent_of(without_mending(text) or text)


def without_mending(text: str) -> str:
    """A folded text without "sorry" and the like before or after it."""
    return patterns_in(RULES)["mends"].sub(" ", folded(text)).strip()


def _plans(words: str) -> dict[str, str]:
    """The countries and the level that a message names."""
    found = {
        DESTINATION: " and ".join(destinations_in(words)),
        LEVEL: understood_in(words).get(LEVEL),
    }
    return {name: value for name, value in found.items() if value}


def _with_plans(
    question: str, plans: Mapping[str, str], *, places: Sequence[str]
) -> str | None:
    for name, value in plans.items():
        other = replaced(name, question, value)
        if other is None:
            return None
        question = other if value in other else f"{other} {value}"
    return " ".join((*question.split(), *places))


def _with_number(question: str, said: str) -> str | None:
    """A question with another number in the place of the only one of its kind."""
    (found, *more) = NUMBER.findall(said) or [None]
    others = set(terms(said)) - {found}
    if found is None or more or len(others) > MOST_BESIDES:
        return None
    old = [
        match
        for match in COUNTED.finditer(question)
        if others & set(terms(match.group()))
    ] or list(NUMBER_FOUND.finditer(question))
    if len(old) != 1:
        return None
    start, end = old[0].span("number")
    return " ".join(f"{question[:start]}{found}{question[end:]}".split())


def _without_plans(words: str) -> str:
    return without_level(without_destinations(words))


def _between(words: str) -> str:
    return patterns_in(RULES)["between"].sub(" ", words)
