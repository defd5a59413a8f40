"""A question in another language as English words, by a glossary that can be read.

It is no translation: the words of the trade in the order in which they were said, which
is enough to search by.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from bot.answering.countries import countries_named, plain
from bot.answering.fact_rules import BORDERED, DESTINATION, fact_rules
from bot.answering.facts import destinations_in, without_destinations
from bot.answering.understanding import OTHER_SCRIPT, folded

GLOSSARY = Path(__file__).with_name("glossary.yaml")
# The language of the documents that it serves.
FOUND_IN = "en"
FEWEST = 2
LATIN = re.compile(r"[a-z][a-z0-9-]+")
# Hindi, Urdu and Bengali in Latin letters, as they are typed between English words.
ROMAN = "roman"
FEWEST_SIGNS = 2
# People leave accents out where they write in Latin letters.
PLAIN = frozenset({"es", "fr", "pt", "vi"})
# What is written together with a word, before it and after it.
BEFORE = {"ar": "[وفلبك]{0,2}(?:ال|لل)?"}
AFTER = {"bn": "(?:টি|টা|র|ের|ে|তে|কে|য়|য|গুলো)?"}


@dataclass(frozen=True, slots=True)
class Glossary:
    """Patterns with their English, in their order; ``frame`` says nothing by itself.

    ``left_out`` are the small words between English ones.
    """

    terms: tuple[tuple[str, re.Pattern[str]], ...]
    frame: frozenset[str]
    left_out: frozenset[str]


def glossed(text: str, *, language: str, fewest: int = FEWEST) -> str | None:
    """The English words for what a text asks about.

    None if there are fewer than ``fewest``, or only such that every question has: of
    something that is known by name they say enough, and ``fewest`` is 0.
    """
    glossary = _glossary(language)
    words = _read(text, language)
    found = _countries(folded(text))
    for english, pattern in glossary.terms:
        found += [(match.start(), english) for match in pattern.finditer(words)]
        words = pattern.sub(lambda match: " " * len(match[0]), words)
    if language == ROMAN or OTHER_SCRIPT.search(text):
        # Names of tests and the like stand in Latin letters.
        found += [
            (match.start(), match[0])
            for match in LATIN.finditer(without_destinations(words))
            if match[0] not in glossary.left_out
        ]
    said = list(dict.fromkeys(english for _, english in sorted(found)))
    if len(said) < fewest or (fewest and glossary.frame.issuperset(said)):
        return None
    return " ".join(said)


def is_romanised(text: str) -> bool:
    """Whether a text is in a language of India, written in Latin letters."""
    words = set(LATIN.findall(folded(text)))
    signs = words & frozenset(_rules()["roman"]["signs"].split())
    return len(signs) >= FEWEST_SIGNS


def _read(text: str, language: str) -> str:
    words = folded(text)
    return plain(words) if language in PLAIN else words


def _countries(words: str) -> list[tuple[int, str]]:
    """Where a text names a country that it is about."""
    meant = set(destinations_in(words))
    places = {
        value.name: match.start()
        for value in fact_rules().values[DESTINATION]
        if value.name in meant and (match := value.counts.search(words))
    }
    for country, written in countries_named(words).items():
        if country in meant:
            places.setdefault(country, words.find(written))
    return [(place, f"in {country}") for country, place in places.items()]


@cache
def _glossary(language: str) -> Glossary:
    rules = _rules()
    terms = [
        (english, _compiled(words[language], language))
        for english, words in rules["words"].items()
        if language in words
    ]
    small = rules["roman"]
    return Glossary(
        tuple(terms),
        frozenset(rules["frame"]),
        frozenset(f"{small['signs']} {small['others']}".split()),
    )


@cache
def _rules() -> Mapping[str, Any]:
    found: Mapping[str, Any] = yaml.safe_load(GLOSSARY.read_text("utf-8"))
    return found


def _compiled(words: str, language: str) -> re.Pattern[str]:
    before, after = BEFORE.get(language, ""), AFTER.get(language, "")
    pattern = f"{before}(?:{_read(words, language)}){after}"
    # Chinese has no borders between words.
    return re.compile(pattern if language == "zh" else BORDERED.format(pattern))
