"""The rules by which facts are told, read from ``facts.yaml``."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from bot.answering.understanding import folded

RULES = Path(__file__).with_name("facts.yaml")
WORDS = "{words}"
# Chinese has no spaces, so that a neighbour of its letters is no part of the word.
BORDERED = r"(?<![^\W_\u3400-\u9fff])(?:{})(?![^\W_\u3400-\u9fff])"
# A letter of no message, put in the place of the name that is looked at.
NAME = "ǂ"
DESTINATION = "destination"


@dataclass(frozen=True, slots=True)
class Value:
    """A value of a fact, the words that mean it, and its names in some languages.

    ``places`` are those of the words that mean it by a part of it, as a city does.
    """

    name: str
    counts: re.Pattern[str]
    excluded: re.Pattern[str] | None
    places: re.Pattern[str] | None
    shown: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class FactRules:
    """Everything in ``facts.yaml``, ready to be searched."""

    values: Mapping[str, tuple[Value, ...]]
    origin: re.Pattern[str]
    said: Mapping[str, tuple[re.Pattern[str], ...]]
    forget: Mapping[str, tuple[re.Pattern[str], ...]]
    forget_all: tuple[re.Pattern[str], ...]


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


def _values(rule: Mapping[str, Any]) -> tuple[Value, ...]:
    frames = rule.get("where", [WORDS])
    return tuple(
        Value(
            name=name,
            counts=_framed(frames, "|".join((value["words"], *_places(value)))),
            excluded=_excluded(rule, value),
            places=_framed((WORDS,), value["places"]) if "places" in value else None,
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


def _compiled(patterns: Iterable[str]) -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(pattern) for pattern in patterns)
