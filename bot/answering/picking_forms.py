"""The forms in which people pick what was offered, as ``picking.yaml`` tells them."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from bot.answering.understanding import uniform

RULES = Path(__file__).with_name("picking.yaml")
# What says nothing around a pick; not the signs that make another number of it.
AROUND = r"[\s.,;:!?()\[\]\"'*_…।۔،؟。、¿¡]*"
FIGURES = r"\d{1,2}"
LAST = -1
SLOT = re.compile(r"\{(place|number|figures)\}")


@dataclass(frozen=True, slots=True)
class Language:
    """The forms of one language, and what each name of a place stands for."""

    places: Mapping[str, int]
    whole: re.Pattern[str]
    within: re.Pattern[str]

    def choice(self, found: re.Match[str], choices: Sequence[str]) -> str | None:
        """What a form picks; None where the list is not so long."""
        words = next(filter(None, found.groupdict().values()))
        place = int(words) if words.isdecimal() else self._named(words)
        if place == LAST:
            return choices[-1]
        return choices[place - 1] if 1 <= place <= len(choices) else None

    def _named(self, words: str) -> int:
        fitting = (
            place
            for pattern, place in self.places.items()
            if re.fullmatch(pattern, words, re.IGNORECASE)
        )
        return next(fitting)


@cache
def _rules() -> Mapping[str, Any]:
    found: Mapping[str, Any] = yaml.safe_load(uniform(RULES.read_text("utf-8")))
    return found


@cache
def about_it() -> re.Pattern[str]:
    return re.compile(_either(_rules()["about_it"]))


@cache
def unwanted() -> re.Pattern[str]:
    """What stands before something that is not picked: "not the first one"."""
    return re.compile(_rules()["unwanted"])


@cache
def languages() -> tuple[Language, ...]:
    return tuple(
        _language(rules) for rules in _rules().values() if isinstance(rules, dict)
    )


def _language(rules: Mapping[str, Any]) -> Language:
    names = {
        **{pattern: place for place, pattern in enumerate(rules["places"], start=1)},
        **{pattern: place for place, pattern in enumerate(rules["numbers"], start=1)},
        rules["last"]: LAST,
    }
    # English courtesies are heard in every language.
    polite = "|".join((*rules["polite"], *_rules()["en"]["polite"]))
    # Each courtesy is read once and for all: trying others as well takes exponential
    # time. Where words stand apart, one ends where its word does.
    end = "" if rules.get("unspaced") else r"(?!\w)"
    before = f"(?:(?:{polite}){end}{AROUND})*+"
    after = f"(?:{AROUND}(?:{polite}){end})*+"
    whole = _either(_filled(rules["whole"], rules, after=""))
    # A number of something else is none of a choice.
    within = _filled(rules["within"], rules, after=f"(?!{_rules()['counted']})")
    return Language(
        places=names,
        whole=re.compile(f"{AROUND}{before}{whole}{after}{AROUND}"),
        within=re.compile(_either(within), re.IGNORECASE),
    )


def _filled(
    forms: Sequence[str], rules: Mapping[str, Any], *, after: str
) -> Iterator[str]:
    """The forms with what may stand in their slots, each in a group of its own."""
    slots = {
        "place": "|".join((*rules["places"], rules["last"])),
        "number": "|".join((FIGURES, *rules["numbers"])),
        "figures": FIGURES,
    }
    count = 0

    def fill(slot: re.Match[str]) -> str:
        nonlocal count
        count += 1
        ends = "" if slot[1] == "place" else after
        return f"(?P<pick{count}>{slots[slot[1]]}){ends}"

    for form in forms:
        marked = form.replace("{mark}", _rules()["mark"])
        yield SLOT.sub(fill, marked.replace("{sure_mark}", _rules()["sure_mark"]))


def _either(patterns: Iterable[str]) -> str:
    return "(?:" + "|".join(f"(?:{pattern})" for pattern in patterns) + ")"
