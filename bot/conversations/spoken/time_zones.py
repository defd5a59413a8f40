"""Time zones by name: a place, or a distance from UTC as in UTC+05:30."""

import re
from datetime import timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo

OFFSET = re.compile(r"UTC([+-])(\d\d):(\d\d)")


def zone_named(name: str) -> tzinfo:
    """The zone of that name; UTC itself counts as a place."""
    offset = OFFSET.fullmatch(name)
    return zone_off_utc(*offset.groups()) if offset else ZoneInfo(name)


def zone_off_utc(sign: str, hours: str, minutes: str | None) -> tzinfo:
    """The zone that is so far ahead of UTC, or behind it."""
    distance = timedelta(hours=int(hours), minutes=int(minutes or 0))
    return timezone(-distance if sign == "-" else distance)


def name_of_zone(zone: tzinfo) -> str:
    """The name under which a zone is kept."""
    return zone.key if isinstance(zone, ZoneInfo) else str(zone)


def zone_shown(name: str) -> str:
    """A zone as people read it: the city, or UTC+05:30."""
    return name.rpartition("/")[2].replace("_", " ")
