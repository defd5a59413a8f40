"""What the organisation's own file answers: who we are, when and how we are reached."""

from datetime import datetime
from itertools import groupby

from babel import Locale

from bot.conversations.opening_hours import WEEK, when_open
from bot.conversations.spoken.time_zones import zone_shown
from bot.organisation import Organisation
from bot.phrases import phrase


def identity_text(organisation: Organisation, language: str) -> str:
    """Who answers here, and about what."""
    who = phrase("about_us", language, organisation=organisation.name)
    about = organisation.description_in(language)
    return f"{who} {about}".strip()


def hours_text(organisation: Organisation, language: str, *, now: datetime) -> str:
    """Hours, whether it is open now, and every way in which it is reached."""
    ways = (
        ("address", organisation.address),
        ("phone", organisation.phone),
        ("email", organisation.email),
        ("website", organisation.website),
        ("service_price", organisation.service_price_in(language)),
    )
    lines = [
        *_opening(organisation, language),
        when_open(organisation, now, language=language),
        *_holidays(organisation, language, now=now),
        *(phrase(key, language, value=value) for key, value in ways if value),
    ]
    return "\n".join(line for line in lines if line)


def _opening(organisation: Organisation, language: str) -> list[str]:
    """Days with the same hours together: "Monday to Friday 09:00-17:30"."""
    names = phrase("weekdays", language).split("|")
    runs = [
        (spans, [names[place] for place, _ in days])
        for spans, days in (
            (spans, list(run))
            for spans, run in groupby(
                enumerate(WEEK),
                key=lambda day: tuple(organisation.opening_hours.get(day[1], ())),
            )
        )
    ]
    hours = [f"{_days(days)} {', '.join(spans)}" for spans, days in runs if spans]
    shut = [_days(days) for spans, days in runs if not spans]
    zone = zone_shown(organisation.time_zone)
    if not hours:
        return []
    lines = [phrase("opening", language, zone=zone, hours="; ".join(hours))]
    return lines + [phrase("closed_on", language, days=", ".join(shut))] * bool(shut)


def _days(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"{names[0]} – {names[-1]}"


def _holidays(organisation: Organisation, language: str, *, now: datetime) -> list[str]:
    coming = [day for day in organisation.holidays if day >= now.date()]
    if not coming:
        return []
    locale = Locale.parse(language)
    pattern = locale.date_formats["medium"]
    days = ", ".join(pattern.apply(day, locale) for day in coming)
    return [phrase("holidays", language, days=days)]
