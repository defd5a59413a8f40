"""The words of times in every language, and how they are found in a text."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from bot.phrases import languages, phrase

WORDS = Path(__file__).with_name("call_times.yaml")
LONGEST_READ = 300


def plain_text(text: str) -> str:
    """Small letters, plain apostrophes, digits of every script as 0 to 9.

    A weekday and the part of it that is written on it ("Freitagmorgen") are two words.
    """
    folded = _plain(text[:LONGEST_READ])
    glued = rf"(?<!\w)({either(every_weekday())})({either(_parts())})(?!\w)"
    return re.sub(glued, r"\1 \2", folded)


def has(name: str, plain: str) -> bool:
    """Whether a text has one of the words of this name."""
    return any(stands(word, plain) for word in words()[name])


def stands(word: str, plain: str) -> bool:
    """Whether a word stands in a text; in scripts without spaces, anywhere in it."""
    if is_unspaced(word):
        return word in plain
    return re.search(rf"(?<!\w){re.escape(word)}(?!\w)", plain) is not None


def is_unspaced(word: str) -> bool:
    """Whether a word is of a script that puts no spaces between words."""
    return unicodedata.name(word[0]).startswith("CJK")


def either(words: Sequence[str]) -> str:
    """Any of these words, as a part of a regular expression."""
    return "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))


@cache
def weekdays() -> tuple[Sequence[str], ...]:
    """The seven days, Monday first, in each language."""
    return tuple(
        [_plain(name) for name in phrase("weekdays", language).split("|")]
        for language in languages()
    )


def every_weekday() -> Sequence[str]:
    """All days in all languages."""
    return [name for names in weekdays() for name in names]


@cache
def words() -> Mapping[str, Sequence[str]]:
    """The words of each name, plain."""
    lists = {name: found for name, found in _file().items() if isinstance(found, list)}
    return {name: [_plain(word) for word in found] for name, found in lists.items()}


@cache
def hours() -> Mapping[str, int]:
    """The hours from one to twelve as words."""
    return {
        _plain(word): hour for hour, told in _file()["hours"].items() for word in told
    }


def _parts() -> Sequence[str]:
    """What a weekday may be written together with."""
    names = ("morning", "noon", "afternoon", "evening", "tomorrow")
    return [word for name in names for word in words()[name]]


def _plain(text: str) -> str:
    folded = unicodedata.normalize("NFKC", text).casefold()
    return "".join(
        str(unicodedata.decimal(one)) if one.isdecimal() else one
        for one in folded.replace("\u2019", "'")
    )


@cache
def _file() -> Mapping[str, Any]:
    found: Mapping[str, Any] = yaml.safe_load(WORDS.read_text("utf-8"))
    return found
