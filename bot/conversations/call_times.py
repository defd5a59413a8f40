"""What a contact's words say of the time they want to be called at.

A few fixed rules, no guess: whatever they give is shown to the contact to be corrected.
"""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo, available_timezones

import phonenumbers
import yaml
from phonenumbers.timezone import time_zones_for_number

from bot.phrases import languages, phrase
from bot.conversations.time_zones import zone_off_utc

WORDS = Path(__file__).with_name("call_times.yaml")
LONGEST_READ = 300
PARTS = {
    "morning": time(10),
    "noon": time(12),
    "afternoon": time(15),
    "evening": time(18),
}
AFTER_NOON = ("afternoon", "evening")
IF_ONLY_A_DAY = time(10)
# Nobody means three at night: hours before this one are in the afternoon.
EARLIEST_HOUR = 8
NOON = 12
DAYS = (datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 7, 1, tzinfo=UTC))
HOURS = 24
CHINESE = {"一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7}
CHINESE |= {"八": 8, "九": 9, "十": 10, "十一": 11, "十二": 12}
OFFSET = re.compile(r"\b(?:utc|gmt)\s*([+-])\s*(\d{1,2})(?::?([0-5]\d))?\b")
PLACE = re.compile(
    r"\b((?:[a-z]+ ){0,2}[a-z]+) time\b|\b(?:hora|heure) (?:de |d')([a-z ]+)"
)
MERIDIEM = re.compile(r"(?<=[\d\s])([ap])\.?m\b\.?")
ISO_DAY = re.compile(r"\b(20\d\d)-(\d\d)-(\d\d)\b")
CLOCK = re.compile(r"(?<![\d:.+-])([01]?\d|2[0-3])\s?[:.h点]\s?([0-5]\d)(?![\d-])")
WITH_MERIDIEM = re.compile(r"(?<!\d)(1[0-2]|0?\d)\s?[ap]\.?m\b")


def call_time(text: str, *, now: datetime, zone: tzinfo) -> datetime | None:
    """The moment that a text names, told in ``zone``; None if it names none."""
    plain = _plain(text)
    if _has("now", plain):
        return now
    local = now.astimezone(zone)
    day, clock = _day(plain, local), _clock(plain)
    if day is None and clock is None:
        return None
    found = datetime.combine(day or local.date(), clock or IF_ONLY_A_DAY, zone)
    if found <= local and day is None:
        found += timedelta(days=1)
    elif found <= local and _weekday(plain) is not None:
        found += timedelta(days=7)
    return found if found > local else None


def zone_in(text: str) -> tzinfo | None:
    """The time zone that a text names, by a city or as UTC+5:30."""
    plain = _plain(text)
    if offset := OFFSET.search(plain):
        sign, hours, minutes = offset.groups()
        return zone_off_utc(sign, hours, minutes) if int(hours) < HOURS else None
    for match in PLACE.finditer(plain):
        words = (match.group(1) or match.group(2)).split()
        for first in range(len(words)):
            for last in range(len(words), first, -1):
                if name := _cities().get(" ".join(words[first:last])):
                    return ZoneInfo(name)
    return None


def zone_of_number(number: str) -> tzinfo | None:
    """The time zone of a number's place, where clocks there agree all year."""
    try:
        names = time_zones_for_number(phonenumbers.parse(number))
    except phonenumbers.NumberParseException:
        return None
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
    for name, days in (("day_after", 2), ("tomorrow", 1), ("today", 0)):
        if _has(name, plain):
            return local.date() + timedelta(days=days)
    weekday = _weekday(plain)
    if weekday is None:
        return None
    return local.date() + timedelta(days=(weekday - local.weekday()) % 7)


def _clock(plain: str) -> time | None:
    part = next((name for name in PARTS if _has(name, plain)), None)
    found = _hour(plain)
    if found is None:
        return PARTS[part] if part else None
    hour, minute = found
    half = MERIDIEM.search(plain)
    late = half.group(1) == "p" if half else part in AFTER_NOON
    early = half.group(1) == "a" if half else part == "morning"
    if hour < NOON and (late or (not early and hour < EARLIEST_HOUR)):
        hour += NOON
    elif hour == NOON and early:
        hour = 0
    return time(hour, minute)


def _hour(plain: str) -> tuple[int, int] | None:
    if clock := CLOCK.search(plain):
        return int(clock.group(1)), int(clock.group(2))
    patterns = (WITH_MERIDIEM, *_hour_patterns())
    found = [match for one in patterns if (match := one.search(plain))]
    if not found:
        return None
    told = min(found, key=lambda match: match.start(1)).group(1)
    return CHINESE.get(told) or int(told), 0


@cache
def _hour_patterns() -> tuple[re.Pattern[str], ...]:
    number = "1[0-9]|2[0-3]|0?[0-9]"
    hours = f"{number}|{'|'.join(sorted(CHINESE, key=len, reverse=True))}"
    behind, before = (_either(_words()[name]) for name in ("behind", "before"))
    return (
        re.compile(rf"(?<!\d)({hours})\s?(?:{behind})(?![a-z])"),
        re.compile(rf"(?<!\w)(?:{before})\s({number})(?![\d%/.-])"),
    )


def _weekday(plain: str) -> int | None:
    for names in _weekdays():
        for place, name in enumerate(names):
            if _stands(name, plain):
                return place
    return None


@cache
def _weekdays() -> tuple[Sequence[str], ...]:
    return tuple(
        [_plain(name) for name in phrase("weekdays", language).split("|")]
        for language in languages()
    )


def _has(name: str, plain: str) -> bool:
    return any(_stands(word, plain) for word in _words()[name])


def _stands(word: str, plain: str) -> bool:
    """Whether a word stands in a text; in scripts without spaces, anywhere in it."""
    if not word.isascii() and unicodedata.name(word[0]).startswith("CJK"):
        return word in plain
    return re.search(rf"(?<!\w){re.escape(word)}(?!\w)", plain) is not None


@cache
def _words() -> Mapping[str, Sequence[str]]:
    found = yaml.safe_load(WORDS.read_text("utf-8"))
    return {name: [_plain(word) for word in words] for name, words in found.items()}


@cache
def _cities() -> Mapping[str, str]:
    return {
        name.rpartition("/")[2].replace("_", " ").casefold(): name
        for name in sorted(available_timezones())
        if "/" in name and not name.startswith("Etc/")
    }


def _either(words: Sequence[str]) -> str:
    return "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))


def _plain(text: str) -> str:
    """Small letters, plain apostrophes, digits of every script as 0 to 9."""
    folded = unicodedata.normalize("NFKC", text[:LONGEST_READ]).casefold()
    return "".join(
        str(unicodedata.decimal(one)) if one.isdecimal() else one
        for one in folded.replace("\u2019", "'")
    )
