"""Countries and zones that a contact's words name, as far as a call needs them."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from bot.conversations.spoken.call_words import either, plain_text, stands

PLACES = Path(__file__).with_name("places.yaml")
# What stands before the letters of a zone: an hour. "Um 15 Uhr ist gut" names none.
HOUR = r"(?:\d|[ap]\.?m\.?|hrs?|[AP]\.?M\.?)\s?\(?"


@dataclass(frozen=True, slots=True)
class Place:
    """A zone by its name, and the country whose numbers are written without a code."""

    zone: str
    region: str | None


def zone_called(text: str) -> Place | None:
    """The zone that a text names by its letters behind an hour ("5pm IST")."""
    found = next((one for each in _letters() if (one := each.search(text))), None)
    return Place(*_file()["zones"][found.group(1).casefold()]) if found else None


def country_in(text: str) -> str | None:
    """The code of the country that a text names."""
    plain = plain_text(text)
    found = (
        code
        for code, names in _file()["countries"].items()
        if any(stands(name, plain) for name in names)
    )
    return next(found, None)


@cache
def _letters() -> tuple[re.Pattern[str], ...]:
    """In capitals, or in small ones where nothing follows that they could belong to."""
    names = either(list(_file()["zones"]))
    return (
        re.compile(rf"{HOUR}({names.upper()})(?!\w)"),
        re.compile(rf"{HOUR}({names})(?=\s*(?:[.,;!?)]|time\b|$))"),
    )


@cache
def _file() -> Mapping[str, Any]:
    found: Mapping[str, Any] = yaml.safe_load(PLACES.read_text("utf-8"))
    return found
