"""What contacts say of their plans, told by rules that an operator can read."""

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache

from bot.answering.countries import countries_named, country_shown
from bot.answering.fact_rules import BORDERED, DESTINATION, NAME, Value, fact_rules
from bot.answering.money import amount_written
from bot.answering.understanding import folded

LEVEL = "level"
Facts = Mapping[str, str]
Understood = Mapping[str, str | None]


@lru_cache(maxsize=64)
def understood_in(text: str) -> Understood:
    """What a message says of its contact's plans; None for what it takes back."""
    words = folded(text)
    rules = fact_rules()
    names = (*rules.values, *rules.said)
    if _any(rules.forget_all, words):
        return dict.fromkeys(names)
    found: dict[str, str | None] = {
        name: None for name in names if _any(rules.forget.get(name, ()), words)
    }
    for name, values in rules.values.items():
        named = _named(values, words)
        if name == DESTINATION:
            usual = {value.name for value in values}
            meant = _meant(words)
            named = tuple(dict.fromkeys((*named, *usual.intersection(meant))))
            named = named or tuple(meant)
        if len(named) == 1:
            found[name] = named[0]
    for name, patterns in rules.said.items():
        match = next(filter(None, (one.search(words) for one in patterns)), None)
        if match:
            found[name] = _written(name, match["value"])
    return found


def known_after(texts: Iterable[str], facts: Facts | None = None) -> dict[str, str]:
    """What is known after some messages, oldest first, of what was known before."""
    known = dict(facts or {})
    for text in texts:
        known = known_with(known, understood_in(text))
    return known


def known_with(facts: Facts, understood: Understood) -> dict[str, str]:
    """What is known once something new was understood."""
    known = {**facts, **understood}
    return {name: value for name, value in known.items() if value}


def shown(facts: Facts, language: str) -> str:
    """The facts in a row, as a contact reads them."""
    values = fact_rules().values
    named = {
        value.name: value.shown.get(language, value.name)
        for group in values.values()
        for value in group
    }
    order = (*values, *fact_rules().said)
    kept = [facts[name] for name in order if name in facts]
    return ", ".join(
        named.get(value) or country_shown(value, language) for value in kept
    )


def destinations_in(text: str) -> tuple[str, ...]:
    """All countries that a message means to go to, or to compare."""
    words = folded(text)
    named = _named(fact_rules().values[DESTINATION], words)
    return tuple(dict.fromkeys((*named, *_meant(words))))


def elsewhere(text: str) -> tuple[str, ...]:
    """The countries that a message means to go to, besides the usual destinations."""
    usual = {value.name for value in fact_rules().values[DESTINATION]}
    return tuple(country for country in _meant(folded(text)) if country not in usual)


def without_destinations(words: str) -> str:
    """A folded text without the names of destinations."""
    for written in _meant(words).values():
        words = words.replace(written, " ")
    for value in fact_rules().values[DESTINATION]:
        words = value.counts.sub(" ", words)
    return words


def replaced(name: str, words: str, value: str) -> str | None:
    """A folded text with another destination or level in the place of the one it names.

    None where it names several: nobody can tell which of them is meant.
    """
    found = [
        (one.name, match.span())
        for one in fact_rules().values[name]
        for match in one.counts.finditer(_without_excluded(one, words))
    ]
    if name == DESTINATION:
        found += [
            (country, match.span())
            for country, written in _meant(words).items()
            for match in re.finditer(BORDERED.format(re.escape(written)), words)
        ]
    if len({one for one, _ in found}) > 1:
        return None
    for start, end in sorted({span for _, span in found}, reverse=True):
        words = f"{words[:start]}{value}{words[end:]}"
    return words


def _without_excluded(value: Value, words: str) -> str:
    """A text of the same length in which only what counts of a value is left."""
    if value.excluded is None:
        return words
    return value.excluded.sub(lambda found: " " * len(found.group()), words)


def places_in(words: str) -> tuple[str, ...]:
    """The cities and provinces that a folded text names."""
    values = fact_rules().values[DESTINATION]
    return tuple(
        found.group()
        for one in values
        if one.places
        for found in one.places.finditer(words)
    )


def without_level(words: str) -> str:
    """A folded text without the names of levels, as "master's"."""
    for value in fact_rules().values[LEVEL]:
        words = value.counts.sub(" ", words)
    return words


def _named(values: Iterable[Value], words: str) -> tuple[str, ...]:
    return tuple(value.name for value in values if _means(value, words))


@lru_cache(maxsize=64)
def _meant(words: str) -> Mapping[str, str]:
    """Countries by how they are written, if they are not where somebody comes from."""
    return {
        country: written
        for country, written in countries_named(words).items()
        if not _is_origin(written, words)
    }


def _is_origin(written: str, words: str) -> bool:
    name = BORDERED.format(re.escape(written))
    return bool(fact_rules().origin.search(re.sub(name, NAME, words)))


def _means(value: Value, words: str) -> bool:
    return bool(value.counts.search(_without_excluded(value, words)))


def _written(name: str, text: str) -> str:
    if name == "budget":
        return amount_written(text)
    return " ".join(text.split()).strip(" ,")


def _any(patterns: Iterable[re.Pattern[str]], words: str) -> bool:
    return any(pattern.search(words) for pattern in patterns)
