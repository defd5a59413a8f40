"""What contacts say of their plans, told by rules that an operator can read."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

import yaml

from bot.answering.countries import countries_named, country_shown
from bot.answering.money import amount_written
from bot.answering.understanding import folded

RULES = Path(__file__).with_name("facts.yaml")
WORDS = "{words}"
# A letter of no message, put in the place of the name that is looked at.
NAME = "ǂ"
DESTINATION = "destination"
LEVEL = "level"
# Chinese has no spaces, so that a neighbour of its letters is no part of the word.
BORDERED = r"(?<![^\W_\u3400-\u9fff])(?:{})(?![^\W_\u3400-\u9fff])"
Facts = Mapping[str, str]
Understood = Mapping[str, str | None]


@dataclass(frozen=True, slots=True)
class Value:
    """A value of a fact, the words that mean it, and its names in some languages."""

    name: str
    counts: re.Pattern[str]
    excluded: re.Pattern[str] | None
    shown: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class FactRules:
    """Everything in ``facts.yaml``, ready to be searched."""

    values: Mapping[str, tuple[Value, ...]]
    origin: re.Pattern[str]
    said: Mapping[str, tuple[re.Pattern[str], ...]]
    forget: Mapping[str, tuple[re.Pattern[str], ...]]
    forget_all: tuple[re.Pattern[str], ...]


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


def without_level(words: str) -> str:
    """A folded text without the names of levels, as "master's"."""
    for value in fact_rules().values[LEVEL]:
        words = value.counts.sub(" ", words)
    return words


@cache
def fact_rules() -> FactRules:
    """The rules; raises whatever is wrong with the file, which comes with us."""
    found = yaml.safe_load(RULES.read_text("utf-8"))
    return FactRules(
        values={name: _values(rule) for name, rule in found["facts"].items()},
        origin=_framed(
            (*found["facts"][DESTINATION]["unless"], *found["origin"]), NAME
        ),
        said={name: _compiled(lines) for name, lines in found["said"].items()},
        forget={name: _compiled(lines) for name, lines in found["forget"].items()},
        forget_all=_compiled(found["forget_all"]),
    )


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


def _values(rule: Mapping[str, Any]) -> tuple[Value, ...]:
    frames = rule.get("where", [WORDS])
    return tuple(
        Value(
            name=name,
            counts=_framed(frames, "|".join((value["words"], *_places(value)))),
            excluded=_excluded(rule, value),
            shown=value.get("shown", {}),
        )
        for name, value in rule["values"].items()
    )


def _places(value: Mapping[str, Any]) -> list[str]:
    return [value["places"]] if "places" in value else []


def _excluded(
    rule: Mapping[str, Any], value: Mapping[str, Any]
) -> re.Pattern[str] | None:
    """The frames in which a value does not count; its places have more of them."""
    places = _places(value)
    found = [_framed(rule["unless_places"], words).pattern for words in places]
    if "unless" in rule:
        found += [_framed(rule["unless"], "|".join((value["words"], *places))).pattern]
    return re.compile("|".join(found)) if found else None


def _framed(frames: Iterable[str], words: str) -> re.Pattern[str]:
    one = BORDERED.format(folded(words))
    return re.compile("|".join(frame.replace(WORDS, one) for frame in frames))


def _means(value: Value, words: str) -> bool:
    return bool(value.counts.search(_without_excluded(value, words)))


def _written(name: str, text: str) -> str:
    if name == "budget":
        return amount_written(text)
    return " ".join(text.split()).strip(" ,")


def _compiled(patterns: Iterable[str]) -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(pattern) for pattern in patterns)


def _any(patterns: Iterable[re.Pattern[str]], words: str) -> bool:
    return any(pattern.search(words) for pattern in patterns)
