"""What a contact's words say of the time they want to be called at.

A few fixed rules, no guess: whatever they give is shown to the contact to be corrected.
"""

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

import phonenumbers
from phonenumbers.timezone import time_zones_for_number

from bot.conversations.spoken.call_hours import HOURS, clock_in
from bot.conversations.spoken.call_words import (
    either,
    every_weekday,
    has,
    plain_text,
    stands,
    weekdays,
    words,
)
from bot.conversations.spoken.places import country_in, zone_called
from bot.conversations.spoken.time_zones import zone_off_utc

IF_ONLY_A_DAY = time(10)
DAYS = (datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 7, 1, tzinfo=UTC))
OFFSET = re.compile(r"\b(?:utc|gmt)\s*([+-])\s*(\d{1,2})(?::?([0-5]\d))?\b")
PLACE = re.compile(
    r"\b((?:[a-z]+ ){0,2}[a-z]+) time\b|\b(?:hora|heure) (?:de |d')([a-z ]+)"
)
ISO_DAY = re.compile(r"\b(20\d\d)-(\d\d)-(\d\d)\b")


def call_time(text: str, *, now: datetime, zone: tzinfo) -> datetime | None:
    """The moment that a text names, told in ``zone``; None if it names none."""
    plain = plain_text(text)
    if has("now", plain):
        return now
    local = now.astimezone(zone)
    day, clock = _day(plain, local), clock_in(plain)
    if day is None and clock is None:
        return None
    found = datetime.combine(day or local.date(), clock or IF_ONLY_A_DAY, zone)
    if found <= local and day is None:
        found += timedelta(days=1)
    elif found <= local and _weekday(plain) is not None:
        found += timedelta(days=7)
    return found if found > local else None


def names_a_day(text: str, *, now: datetime, zone: tzinfo) -> bool:
    """Whether a text says on which day, or at once."""
    plain = plain_text(text)
    return has("now", plain) or _day(plain, now.astimezone(zone)) is not None


def zone_in(text: str) -> tzinfo | None:
    """The time zone that a text names, by a city or as UTC+5:30."""
    plain = plain_text(text)
    if offset := OFFSET.search(plain):
        sign, hours, minutes = offset.groups()
        return zone_off_utc(sign, hours, minutes) if int(hours) < HOURS else None
    for match in PLACE.finditer(plain):
        place = (match.group(1) or match.group(2)).split()
        for first in range(len(place)):
            for last in range(len(place), first, -1):
                if name := _cities().get(" ".join(place[first:last])):
                    return ZoneInfo(name)
    return None


def zone_stated(text: str, *, else_known: bool) -> tzinfo | None:
    """The zone that a text tells the time in: by itself, or by the country named.

    A country may be named for other reasons: where a zone is known (``else_known``)
    it counts only beside words such as "my time".
    """
    if zone := zone_in(text):
        return zone
    if place := zone_called(text):
        return ZoneInfo(place.zone)
    if else_known and not has("my_time", plain_text(text)):
        return None
    country = country_in(text)
    return _zone_of_country(country) if country else None


def _zone_of_country(country: str) -> tzinfo | None:
    example = phonenumbers.example_number(country)
    return _zone_at(example) if example else None


def zone_of_number(number: str) -> tzinfo | None:
    """The time zone of a number's place, where clocks there agree all year."""
    try:
        return _zone_at(phonenumbers.parse(number))
    except phonenumbers.NumberParseException:
        return None


def _zone_at(number: phonenumbers.PhoneNumber) -> tzinfo | None:
    names = time_zones_for_number(number)
    zones = [ZoneInfo(name) for name in names if name in available_timezones()]
    offsets = {
        tuple(day.astimezone(zone).utcoffset() for day in DAYS) for zone in zones
    }
    return zones[-1] if len(offsets) == 1 else None


def _day(plain: str, local: datetime) -> date | None:
    if iso := ISO_DAY.search(plain):
        try:
            return date(*map(int, iso.groups()))
        except ValueError:
            return None
    # "Montag Morgen" and "por la mañana" are no tomorrow.
    beside = _without_mornings(plain)
    for name, days in (("day_after", 2), ("tomorrow", 1), ("today", 0)):
        if has(name, beside if name == "tomorrow" else plain):
            return local.date() + timedelta(days=days)
    weekday = _weekday(plain)
    if weekday is None:
        return None
    return local.date() + timedelta(days=(weekday - local.weekday()) % 7)


def _weekday(plain: str) -> int | None:
    for names in weekdays():
        for place, name in enumerate(names):
            if stands(name, plain):
                return place
    return None


def _without_mornings(plain: str) -> str:
    """A text without the words for a morning that may be "tomorrow" by themselves."""
    days = either(every_weekday())
    tomorrow = either(words()["tomorrow"])
    of_day = re.sub(rf"(?<!\w)({days})s?\s(?:{tomorrow})(?!\w)", r"\1", plain)
    return re.sub(rf"(?<!\w)(?:{either(words()['morning'])})(?!\w)", " ", of_day)


@cache
def _cities() -> Mapping[str, str]:
    return {
        name.rpartition("/")[2].replace("_", " ").casefold(): name
        for name in sorted(available_timezones())
        if "/" in name and not name.startswith("Etc/")
    }
