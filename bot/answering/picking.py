"""What a message means that picks one of the things that the bot has just offered."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from bot.answering.understanding import uniform
from bot.conversations.ports import Author, Turn

RULES = Path(__file__).with_name("picking.yaml")
LONGEST_WHOLE, LONGEST_WITHIN = 80, 300
# What says nothing around a pick; not the signs that make another number of it.
AROUND = r"[\s.,;:!?()\[\]\"'*_…।۔،؟。、¿¡]*"
FIGURES = r"\d{1,2}"
LAST = -1
# Emoji, the frames of keycaps, and the tones of skin.
DECORATION = frozenset({"So", "Me", "Sk"})
VARIATIONS = dict.fromkeys(range(0xFE00, 0xFE10), None)
LISTED = re.compile(r"- |\d+\. ")
SLOT = re.compile(r"\{(place|number|figures)\}")


@dataclass(frozen=True, slots=True)
class Pick:
    """What a message means; ``choice`` is None where it picks several."""

    text: str
    choice: str | None


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


def numbered(lines: Iterable[str]) -> list[str]:
    """A list as it is shown where its lines can be picked."""
    return [f"{place}. {line}" for place, line in enumerate(lines, start=1)]


def picked(text: str, choices: Sequence[str]) -> str | None:
    """What a message means that picks one of the choices; None if it picks none.

    A pick and nothing else is the choice; in a longer message the words that pick
    give way to it.
    """
    found = _picked(text, choices)
    return found.text if found else None


def pick_after(earlier: Sequence[Turn], text: str) -> Pick | None:
    """What a contact's message picks of what the bot offered last.

    Only its last message counts, and only until staff say something.
    """
    others = (turn for turn in reversed(earlier) if turn.author is not Author.CONTACT)
    last = next(others, None)
    if last is None or not last.choices:
        return None
    if not _is_countable(last):
        return _same(text, last.choices)
    return _picked(text, last.choices) or _about_the_one(text, last)


def meant(turns: Sequence[Turn]) -> tuple[Turn, ...]:
    """The turns, with what the contact means where they pick."""
    picks = (
        pick_after(turns[:place], turn.text) if turn.author is Author.CONTACT else None
        for place, turn in enumerate(turns)
    )
    return tuple(
        replace(turn, text=pick.text) if pick else turn
        for turn, pick in zip(turns, picks, strict=True)
    )


def _picked(text: str, choices: Sequence[str]) -> Pick | None:
    if not choices:
        return None
    return _same(text, choices) or _whole(text, choices) or _within(text, choices)


def _same(text: str, choices: Sequence[str]) -> Pick | None:
    """A choice in its own words, as it is tapped or copied with its number."""
    written = _plain(text)
    for choice, line in zip(choices, numbered(choices), strict=True):
        if written in {_plain(choice), _plain(line)}:
            return Pick(choice, choice)
    return None


def _whole(text: str, choices: Sequence[str]) -> Pick | None:
    words = _plain(text)
    if len(words) > LONGEST_WHOLE:
        return None
    for language in _languages():
        found = language.whole.fullmatch(words)
        choice = language.choice(found, choices) if found else None
        if choice:
            return Pick(choice, choice)
    return None


def _within(text: str, choices: Sequence[str]) -> Pick | None:
    """Every place that is named gives way; a place beyond the list stays as it is."""
    if len(text) > LONGEST_WITHIN:
        return None
    same = uniform(text)
    # Where letters only look alike, the rest stays as it was written.
    written = text if len(same) == len(text) else same
    for language in _languages():
        picks = [
            (found, choice)
            for found in language.within.finditer(same)
            if (choice := language.choice(found, choices))
        ]
        for found, choice in reversed(picks):
            written = f"{written[: found.start()]}{choice}{written[found.end() :]}"
        named = {choice for _, choice in picks}
        if named:
            return Pick(written, named.pop() if len(named) == 1 else None)
    return None


def _about_the_one(text: str, last: Turn) -> Pick | None:
    """A short question about "it", where a single programme was listed with details."""
    (choice, *others) = last.choices
    listed = f"\n1. {choice}: " in f"\n{last.text}"
    if others or not listed or not _about_it().fullmatch(_plain(text)):
        return None
    return Pick(f"{choice}: {text}", choice)


def _is_countable(turn: Turn) -> bool:
    """Whether a number can only be meant of what was offered, not of another list."""
    listed = [line for line in turn.text.splitlines() if LISTED.match(line)]
    offered = tuple(numbered(turn.choices))
    return all(line.startswith(offered) for line in listed)


def _plain(text: str) -> str:
    """A text in small letters, without emoji, the frames of keycaps and its ends."""
    kept = "".join(
        sign
        for sign in uniform(text.translate(VARIATIONS))
        if unicodedata.category(sign) not in DECORATION
    )
    return " ".join(kept.casefold().split()).strip(" .,;:!?*\"'…।۔،؟。")


@cache
def _rules() -> Mapping[str, Any]:
    found: Mapping[str, Any] = yaml.safe_load(uniform(RULES.read_text("utf-8")))
    return found


@cache
def _about_it() -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{line})" for line in _rules()["about_it"]))


@cache
def _languages() -> tuple[Language, ...]:
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
    before, after = f"(?:(?:{polite}){AROUND})*", f"(?:{AROUND}(?:{polite}))*"
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
