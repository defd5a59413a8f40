"""What a message wishes of programmes, told by rules that an operator can read."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from bot.answering.facts import Facts, understood_in, without_destinations
from bot.answering.lexical import terms
from bot.answering.money import money_in
from bot.answering.understanding import folded

RULES = Path(__file__).with_name("wishes.yaml")
NUMBERS = (
    "one", "two", "three", "four", "five", "six",
    "seven", "eight", "nine", "ten", "eleven", "twelve",
)  # fmt: skip
NUMBER = rf"(?P<number>\d+(?:\.\d+)?|{'|'.join(NUMBERS)}|a)"
PLAIN_NUMBER = NUMBER.replace("?P<number>", "?:")
ENOUGH = 2
WORD = r"[^\W\d_][\w'-]*"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wishes:
    """What programmes should be like; ``weeks`` and ``fee`` are limits.

    ``strict`` says that the limit stands in the message; one that is remembered only
    leaves out what is known to be above it. ``nearby`` are countries that come first;
    ``no_degree`` are the words in which a message says that it has none.
    ``unknown`` are words that no programme holds, ``unchecked`` those of them that need
    not be its subject.
    """

    countries: frozenset[str] = frozenset()
    nearby: frozenset[str] = frozenset()
    words: frozenset[str] = frozenset()
    mode: str | None = None
    level: str | None = None
    language: str | None = None
    weeks: float | None = None
    fee: float | None = None
    currency: str | None = None
    free: bool = False
    credit: bool = False
    no_degree: str | None = None
    strict: bool = True
    sort: str | None = None
    unknown: tuple[str, ...] = ()
    unchecked: tuple[str, ...] = ()
    remembered: Facts = field(default_factory=dict)

    @property
    def filters(self) -> int:
        """How many things it wishes."""
        kinds = (self.countries, self.words, self.mode, self.level, self.language)
        limits = (self.weeks, self.fee or self.free, self.credit, self.no_degree)
        return sum(map(bool, (*kinds, *limits, self.sort)))


def asks_for_programmes(text: str) -> bool:
    """Whether a message asks for a choice of programmes."""
    words = folded(text)
    return _found("asks", words) is not None and _found("not_asking", words) is None


def refines(text: str) -> bool:
    """Whether a message wishes something more of programmes that were asked for."""
    words = folded(text)
    return bool(_found("refines", words)) or chooses(text) or _only_wishes(words)


def chooses(text: str) -> bool:
    """Whether a message chooses the cheapest or shortest of what was spoken about."""
    return _found("chooses", folded(text)) is not None


def asks_what_is_told(text: str) -> bool:
    """Whether a message asks for what a line of programmes tells anyway."""
    return _found("told", folded(text)) is not None


def asks_for_suggestion(text: str) -> bool:
    """Whether a message leaves it all to whoever answers."""
    return _found("suggest", folded(text)) is not None


def wishes_in(text: str, *, vocabulary: frozenset[str], facts: Facts) -> Wishes | None:
    """The wishes in a message that asks for programmes; None if it is about more.

    ``vocabulary`` are the terms that programmes are known by.
    """
    words = folded(text)
    found, rest = _taken(words)
    left = [word for word in re.findall(WORD, rest) if _matters(word)]
    known = [word for word in left if set(terms(word)) <= vocabulary]
    unknown = tuple(word for word in left if word not in known)
    found = replace(found, words=frozenset(terms(" ".join(known))))
    if unknown and not _is_subject(unknown, words):
        if found.filters < ENOUGH:
            return None
        found = replace(found, unchecked=(*found.unchecked, *unknown))
    elif unknown:
        found = replace(found, unknown=unknown)
    if not (found.filters or found.unknown) or _names_a_topic(found, words):
        return None
    return _with_remembered(found, facts)


def remembered_wishes(facts: Facts, *, vocabulary: frozenset[str]) -> Wishes | None:
    """Wishes from nothing but what is remembered, if that names a subject."""
    words = frozenset(terms(facts.get("subject", ""))) & vocabulary
    if not words:
        return None
    said = {name: facts[name] for name in ("subject",) if name in facts}
    return _with_remembered(Wishes(words=words, remembered=said), facts)


def number_in(number: str, unit: str) -> float:
    """Weeks in so many days, weeks, months or years."""
    value = 1.0 if number == "a" else _value(number)
    return value * float(_rules()["units"][unit.casefold()])


def _only_wishes(words: str) -> bool:
    """Whether it names wishes and nothing else: "online, no degree needed"."""
    found, rest = _taken(words)
    wished = bool(found.filters) and found.filters > bool(found.countries)
    return wished and not any(map(_matters, re.findall(WORD, rest)))


def _names_a_topic(wishes: Wishes, words: str) -> bool:
    """Whether it is about micro-credentials in a country, and no more."""
    return wishes == Wishes(countries=wishes.countries) and bool(_found("topic", words))


def _value(number: str) -> float:
    return float(NUMBERS.index(number) + 1) if number in NUMBERS else float(number)


def _taken(words: str) -> tuple[Wishes, str]:
    """The wishes that are told by rules, and the words that are left."""
    rules = _rules()
    rest = re.sub(rules["noun"], " ", words)
    country = understood_in(rest).get("destination")
    rest = without_destinations(rest)
    limits, rest = _limits(rest)
    fields: dict[str, Any] = {"countries": frozenset({country} if country else ())}
    for name in ("free", "credit"):
        match, rest = _cut([rules[name]], rest)
        fields[name] = match is not None
    for name, values in (("modes", "mode"), ("level", "level"), ("sorts", "sort")):
        for value, pattern in rules[name].items():
            match, rest = _cut([pattern], rest)
            if match:
                fields[values] = value
    match, rest = _cut([rules["language"]], rest)
    if match:
        fields["language"] = match["language"]
    match, rest = _cut([rules["no_degree"]], rest)
    if match:
        fields["no_degree"] = match.group().strip()
    return Wishes(**fields, **limits), rest


def _limits(words: str) -> tuple[dict[str, Any], str]:
    rules = _rules()
    fields: dict[str, Any] = {}
    match, words = _cut(rules["budget"], words)
    if match:
        fields["fee"], fields["currency"] = money_in(match["money"])
    match, words = _cut(rules["at_most"], words)
    if match:
        fields["weeks"] = number_in(match["number"], match["unit"])
    return fields, words


def _cut(patterns: Iterable[str], words: str) -> tuple[re.Match[str] | None, str]:
    for pattern in patterns:
        match = _compiled(pattern).search(words)
        if match:
            return match, words[: match.start()] + " " + words[match.end() :]
    return None, words


def _matters(word: str) -> bool:
    return bool(terms(word)) and word not in _fillers()


def _is_subject(unknown: tuple[str, ...], words: str) -> bool:
    """Whether unknown words stand where a subject does: "in X", "X course"."""
    noun = rf"(?:{_rules()['noun']}|anything|something)"
    place = rf"(?:in|on|about|for|of) (?:the )?{re.escape(unknown[0])}\b"
    before = rf"\b{re.escape(unknown[-1])} (?:online |short )?{noun}\b"
    return bool(re.search(rf"{noun}.*\b{place}|{before}", words))


def _with_remembered(found: Wishes, facts: Facts) -> Wishes:
    """Complete wishes by the budget and the country that are remembered."""
    used = dict(found.remembered)
    if found.fee is None and not found.free and "budget" in facts:
        fee, currency = money_in(facts["budget"])
        if fee is not None and currency:
            found = replace(found, fee=fee, currency=currency, strict=False)
            used["budget"] = facts["budget"]
    if not found.countries and "destination" in facts:
        found = replace(found, nearby=frozenset({facts["destination"]}))
        used["destination"] = facts["destination"]
    return replace(found, remembered=used)


def _found(name: str, words: str) -> re.Match[str] | None:
    matches = (_compiled(pattern).search(words) for pattern in _rules()[name])
    return next(filter(None, matches), None)


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    number = NUMBER if pattern.count("{number}") == 1 else PLAIN_NUMBER
    text = pattern.replace("{noun}", _rules()["noun"]).replace("{number}", number)
    return re.compile(text)


def telling(provider: str) -> frozenset[str]:
    """The terms of a provider's name that others do not have in theirs."""
    return frozenset(terms(provider)) - frozenset(terms(_rules()["of_many"]))


@cache
def _fillers() -> frozenset[str]:
    return frozenset(_rules()["fillers"].split())


@cache
def _rules() -> Mapping[str, Any]:
    found: Mapping[str, Any] = yaml.safe_load(RULES.read_text("utf-8"))
    return found
