"""The hour that a contact's words name."""

import re
from datetime import time
from functools import cache

from bot.conversations.spoken.call_words import either, has, hours, is_unspaced, words

PARTS = {
    "morning": time(10),
    "noon": time(12),
    "afternoon": time(15),
    "evening": time(18),
}
AFTER_NOON = ("afternoon", "evening")
# What may follow an hour told in words, where no "o'clock" does.
TIMES = ("today", "tomorrow", *PARTS)
# Nobody means three at night: hours before this one are in the afternoon.
EARLIEST_HOUR = 8
NOON = 12
HOURS = 24
NUMBER = "(?:1[0-9]|2[0-3]|0?[0-9])"
MERIDIEM = re.compile(r"(?<=[\d\s])([ap])\.?m\b\.?")
CLOCK = re.compile(r"(?<![\d:.+-])([01]?\d|2[0-3])\s?[:.h点]\s?([0-5]\d)(?![\d-])")
WITH_MERIDIEM = re.compile(r"(?<!\d)(1[0-2]|0?\d)\s?[ap]\.?m\b")


def clock_in(plain: str) -> time | None:
    """The hour, else that of the part of the day, told in a plain text."""
    part = next((name for name in PARTS if has(name, plain)), None)
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
    for pattern, before in _half_patterns():
        if half := pattern.search(plain):
            return (_number(half.group(1)) - before) % HOURS, 30
    patterns = (WITH_MERIDIEM, *_hour_patterns())
    found = [match for one in patterns if (match := one.search(plain))]
    if not found:
        return None
    return _number(min(found, key=lambda match: match.start(1)).group(1)), 0


def _number(told: str) -> int:
    return hours().get(told) or int(told)


@cache
def _hour_patterns() -> tuple[re.Pattern[str], ...]:
    """An hour before "o'clock", a number after "at", and a word that ends there."""
    behind, before = (either(words()[name]) for name in ("behind", "before"))
    times = either([word for name in TIMES for word in words()[name]])
    ends = rf"(?=\s*(?:[.,;!?]|$)|(?:\s\w{{1,4}}){{0,2}}\s(?:{times})(?!\w))"
    return (
        re.compile(rf"({_an_hour()})\s?(?:{behind})(?![a-z])"),
        re.compile(rf"(?<!\w)(?:{before})\s({NUMBER})(?![\d%/.-])"),
        re.compile(rf"(?<!\w)(?:{before})\s({_an_hour()}){ends}"),
    )


@cache
def _half_patterns() -> tuple[tuple[re.Pattern[str], int], ...]:
    """Half an hour before the hour that is told ("halb drei"), or after it."""
    to, past, more, behind = (
        either(words()[name]) for name in ("half_to", "half_past", "and_half", "behind")
    )
    return (
        (re.compile(rf"(?<!\w)(?:{to})\s({_an_hour()})"), 1),
        (re.compile(rf"(?<!\w)(?:{past})\s({_an_hour()})"), 0),
        (re.compile(rf"({_an_hour()})\s?(?:(?:{behind})\s?)?(?:{more})(?![a-z])"), 0),
    )


def _an_hour() -> str:
    """Digits, or a word that stands alone; in scripts without spaces, anywhere."""
    apart = either([word for word in hours() if not is_unspaced(word)])
    within = either([word for word in hours() if is_unspaced(word)])
    return rf"(?<![\d:.]){NUMBER}(?!\d)|(?<!\w)(?:{apart})(?!\w)|{within}"
