"""What a message says of its contact's plans: by names and formats, a prior only."""

import re
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any, Literal

import yaml
from babel.dates import get_month_names

from bot.answering.understanding.countries import countries_named, country_shown
from bot.answering.understanding.folding import folded
from bot.answering.understanding.money import (
    NUMBER,
    money_words,
    number_in,
    sums_in,
    tokens_of,
)
from bot.phrases import languages

NAMES = Path(__file__).with_name("plans.yaml")
DESTINATION, ORIGIN, LEVEL = "destination", "from", "level"
BUDGET, SCORE, MARKS, INTAKE = "budget", "score", "marks", "intake"
Facts = Mapping[str, str]
Understood = Mapping[str, str | None]
# Countries that documents are about, by the name of their facet.
DESTINATIONS = {
    "United Kingdom": "uk",
    "United States": "usa",
    "Germany": "germany",
    "Canada": "canada",
    "Australia": "australia",
    "New Zealand": "new-zealand",
}
PERCENT = "%"
# "A 100% guarantee" says nothing of marks.
WHOLLY = 100
YEAR = re.compile(r"20[2-4]\d")
# A sum below this is a score, a mark or a number of years.
LEAST_BUDGET = 50
# The score of a test stands within so many words behind its name.
SOON = 4
# Of so many destinations a question is asked of each.
MANY = 2


def is_gone_to(country: str) -> bool:
    """Whether people go to a country to study more often than they come from it.

    The documents may be about it or not: then those of another are no answer.
    """
    return country in DESTINATIONS or country in _names()["gone_to"]


def countries_in(text: str) -> tuple[str, ...]:
    """The English names of the countries that a message names, in no special order."""
    named = dict.fromkeys(countries_named(folded(text)))
    if "United States" not in named and re.search(r"\bU\.?S\b", text):
        named["United States"] = None
    return tuple(named)


def with_countries_of(text: str, other: str) -> str | None:
    """A text with the country of another one in the place of its own.

    None where either names none or several, or both the same.
    """
    own, new = (_destinations_in(folded(one)) for one in (text, other))
    if len(own) != 1 or len(new) != 1 or own.keys() == new.keys():
        return None
    (_, written), (_, instead) = own.popitem(), new.popitem()
    return _with(instead, folded(text), in_place_of=[written])


def for_each_country(text: str) -> tuple[str, ...]:
    """A text that names several destinations, once for each, in their order.

    Empty where it does not.
    """
    words = folded(text)
    named = sorted(_destinations_in(words).values(), key=words.find)
    if len(named) < MANY:
        return ()
    return tuple(_with(one, words, in_place_of=named) for one in named)


def _destinations_in(words: str) -> dict[str, str]:
    """The destinations that a folded text names, and how each is written."""
    found = countries_named(words)
    return {name: form for name, form in found.items() if is_gone_to(name)}


def _with(country: str, words: str, *, in_place_of: Iterable[str]) -> str:
    for written in in_place_of:
        whole = rf"(?<!\w){re.escape(written)}(?!\w)" if written.isascii() else written
        words = re.sub(whole, country, words)
    return words


def facets_of(countries: Iterable[str]) -> frozenset[str]:
    """Countries by their English names, as documents name them in ``country``."""
    return frozenset(
        DESTINATIONS.get(name, name.casefold().replace(" ", "-")) for name in countries
    )


def understood_in(text: str) -> Understood:
    """What a message says of its contact's plans, by name.

    Of several destinations none is kept; another country is where somebody is from.
    """
    countries = countries_in(text)
    going = [name for name in countries if is_gone_to(name)]
    others = [name for name in countries if not is_gone_to(name)]
    tokens = tokens_of(text)
    found: dict[str, str | None] = {
        DESTINATION: going[0] if len(going) == 1 else None,
        ORIGIN: others[0] if len(others) == 1 else None,
        LEVEL: _level(folded(text)),
        BUDGET: _budget(tokens),
        SCORE: _score(tokens),
        MARKS: _marks(tokens),
        INTAKE: _intake(tokens),
    }
    return {name: value for name, value in found.items() if value}


def known_with(facts: Facts, understood: Understood) -> dict[str, str]:
    """What is known once something new was understood."""
    known = {**facts, **understood}
    return {name: value for name, value in known.items() if value}


def shown(facts: Facts, language: str) -> str:
    """The facts in a row, as a contact reads them."""
    return ", ".join(country_shown(value, language) for value in facts.values())


def _level(words: str) -> str | None:
    """The one level that is named, where nobody has it already."""
    found = {
        level
        for level, names in _names()["levels"].items()
        for name in names
        if _is_wanted(name, words)
    }
    return found.pop() if len(found) == 1 else None


def _is_wanted(name: str, words: str) -> bool:
    if not name.isascii():
        return folded(name) in words
    # From the beginning of a word only: a word of 4,000 letters is read once.
    found = re.search(rf"(?:(?<!\w)(\w+) )?(?<!\w){re.escape(name)}(?!\w)", words)
    return found is not None and found[1] not in _names()["held"]


def _budget(tokens: list[str]) -> str | None:
    sums = (
        (amount, currency)
        for amount, currency in sums_in(tokens)
        if amount >= LEAST_BUDGET
    )
    found = next(sums, None)
    if found is None:
        return None
    amount, currency = found
    return " ".join(filter(None, (currency, f"{amount:,.0f}")))


def _score(tokens: list[str]) -> str | None:
    """A test and what was reached in it, where a figure follows soon."""
    for place, token in enumerate(tokens):
        if token in _names()["tests"]:
            figure = _score_behind(tokens[place + 1 : place + 6])
            if figure:
                return f"{token.upper()} {figure.rstrip('.,')}"
    return None


def _score_behind(tokens: list[str]) -> str | None:
    """The first figure that is no sum of money and no share."""
    other = {*money_words(), *_names()["marks"]}
    place = next((n for n, one in enumerate(tokens) if NUMBER.fullmatch(one)), None)
    if place is None or place >= SOON:
        return None
    if other & set(tokens[max(0, place - 1) : place + 2]):
        return None
    return tokens[place]


def _marks(tokens: list[str]) -> str | None:
    for place, token in enumerate(tokens):
        if token in _names()["marks"]:
            beside = [
                *tokens[max(0, place - 1) : place],
                *tokens[place + 1 : place + 3],
            ]
            figure = next((one for one in beside if NUMBER.fullmatch(one)), None)
            if figure and number_in(figure) != WHOLLY:
                joined = "" if token == PERCENT else " "
                return f"{figure.rstrip('.,')}{joined}{token}"
    return None


def _intake(tokens: list[str]) -> str | None:
    """A month or a season beside a year, or beside the word for an intake."""
    for place, token in enumerate(tokens):
        if token not in _months():
            continue
        beside = tokens[max(0, place - 2) : place + 3]
        year = next((one for one in beside if YEAR.fullmatch(one)), None)
        if year or set(beside) & set(_names()["intake"]):
            return " ".join(filter(None, (token, year)))
    return None


@cache
def _months() -> frozenset[str]:
    widths: tuple[Literal["wide", "abbreviated"], ...] = ("wide", "abbreviated")
    named = (
        folded(name).rstrip(".")
        for language in languages()
        for width in widths
        for name in get_month_names(width, locale=language).values()
    )
    letters = (name for name in named if not name.isdigit() and len(name) > 1)
    return frozenset((*letters, *_names()["seasons"]))


@cache
def _names() -> Mapping[str, Any]:
    found: Mapping[str, Any] = yaml.safe_load(NAMES.read_text("utf-8"))
    return found
