"""What a message wishes of programmes: facets by names, limits by figures."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from bot.answering.understanding.folding import folded
from bot.answering.understanding.money import money_in, number_in
from bot.answering.understanding.plans import (
    DESTINATION,
    Facts,
    countries_in,
)

FACETS = Path(__file__).with_name("facets.yaml")
# Letters of scripts in which a name counts as a whole word only.
SPACED = re.compile(r"[\u0000-\u024f\u0400-\u04ff\u1e00-\u1eff\s]+")
FIGURE = re.compile(r"\d[\d.,]*")
WEEKS = {"hour": None, "day": 1 / 7, "week": 1.0, "month": 4.345, "year": 52.14}


@dataclass(frozen=True, slots=True, kw_only=True)
class Wishes:
    """What programmes should be like; ``weeks``, ``hours`` and ``fee`` are limits.

    ``subjects`` are all named, of which a programme needs one; ``countries`` are named
    in the message, ``nearby`` is the one that is remembered, which comes first.
    """

    subjects: frozenset[str] = frozenset()
    countries: frozenset[str] = frozenset()
    nearby: frozenset[str] = frozenset()
    mode: str | None = None
    level: str | None = None
    language: str | None = None
    weeks: float | None = None
    hours: float | None = None
    fee: float | None = None
    currency: str | None = None
    free: bool = False
    credit: bool = False
    no_degree: bool = False
    sort: str | None = None

    @property
    def filters(self) -> int:
        """How many things it wishes."""
        kinds = (self.subjects, self.countries, self.mode, self.level, self.language)
        limits = (self.weeks or self.hours, self.fee or self.free, self.credit)
        return sum(map(bool, (*kinds, *limits, self.no_degree, self.sort)))


def wishes_in(text: str, *, facts: Facts) -> Wishes:
    """The wishes that a message names, with the country that is remembered."""
    words = folded(text)
    found = _facets()
    fee, currency = money_in(text) or (None, None)
    weeks, hours = _lengths(words)
    remembered = facts.get(DESTINATION)
    return Wishes(
        subjects=_longest(_named(found["subjects"], words), found["subjects"], words),
        countries=frozenset(countries_in(text)),
        nearby=frozenset({remembered} if remembered else ()),
        mode=_one(_named(found["modes"], words)),
        level=_one(_named(found["levels"], words)),
        language=_one(_named(found["languages"], words)),
        weeks=weeks,
        hours=hours,
        fee=fee,
        currency=currency,
        free=_any(found["free"], words),
        credit=_any(found["credit"], words),
        no_degree=_any(found["no_degree"], words),
        sort=_one(_named(found["sorts"], words)),
    )


def names_programmes(text: str) -> bool:
    """Whether a message has the word for a course or a certificate."""
    return _any(_facets()["programme"], folded(text))


def number_of_weeks(number: str, unit: str) -> float | None:
    """Weeks in so many days, weeks, months or years, as a document has them."""
    value, weeks = number_in(number), WEEKS.get(unit.casefold())
    return None if value is None or weeks is None else value * weeks


def _lengths(words: str) -> tuple[float | None, float | None]:
    """The first length that a message names: in weeks, or in hours of work."""
    units = _facets()["units"]
    for figure in FIGURE.finditer(words):
        value = number_in(figure.group())
        behind = words[figure.end() : figure.end() + 12].lstrip(" -")
        for unit, names in units.items():
            if value is not None and any(_starts(behind, name) for name in names):
                weeks = WEEKS[unit]
                return (None, value) if weeks is None else (value * weeks, None)
    return None, None


def _starts(text: str, name: str) -> bool:
    if not text.startswith(name):
        return False
    return not SPACED.fullmatch(name) or not text[len(name) : len(name) + 1].isalpha()


def _longest(
    named: Iterable[str], groups: Mapping[str, list[str]], words: str
) -> frozenset[str]:
    """Subjects, without those named only within the name of another one."""
    kept = set(named)
    spans = {
        subject: [name for name in groups[subject] if _stands_in(name, words)]
        for subject in kept
    }
    return frozenset(
        subject
        for subject in kept
        if not all(
            any(
                name != other and name in other
                for another in kept - {subject}
                for other in spans[another]
            )
            for name in spans[subject]
        )
    )


def _named(groups: Mapping[str, list[str]], words: str) -> list[str]:
    return [key for key, names in groups.items() if _any(names, words)]


def _any(names: Iterable[str], words: str) -> bool:
    return any(_stands_in(name, words) for name in names)


def _stands_in(name: str, words: str) -> bool:
    if name not in words:
        return False
    if not SPACED.fullmatch(name):
        return True
    return re.search(rf"(?<!\w){re.escape(name)}(?!\w)", words) is not None


def _one(named: list[str]) -> str | None:
    return named[0] if len(named) == 1 else None


@cache
def _facets() -> Mapping[str, Any]:
    # All as text: "no" is a word here, and no truth value.
    found = yaml.load(FACETS.read_text("utf-8"), Loader=yaml.BaseLoader)  # noqa: S506  makes nothing but texts
    return {
        name: (
            {key: [folded(word) for word in words] for key, words in group.items()}
            if isinstance(group, dict)
            else [folded(word) for word in group]
        )
        for name, group in found.items()
    }
