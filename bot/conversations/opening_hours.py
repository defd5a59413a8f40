"""The truth about when somebody answers: from the organisation's opening hours."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.conversations.spoken.time_zones import zone_shown
from bot.organisation import Organisation, Weekday
from bot.phrases import phrase

WEEK: tuple[Weekday, ...] = (
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "saturday",
    "sunday",
)


LONGEST_LOOK_DAYS = 60


def open_until(organisation: Organisation, now: datetime) -> datetime | None:
    """When the organisation closes, if it is open now."""
    local = now.astimezone(ZoneInfo(organisation.time_zone))
    for start, end in _hours(organisation, local):
        if start <= local < end:
            return end
    return None


def opens_at(organisation: Organisation, now: datetime) -> datetime | None:
    """When it opens next, after holidays too; None if it doesn't within weeks."""
    local = now.astimezone(ZoneInfo(organisation.time_zone))
    for days in range(LONGEST_LOOK_DAYS):
        for start, _ in _hours(organisation, local + timedelta(days=days)):
            if start > local:
                return start
    return None


def hours_after(
    organisation: Organisation, moment: datetime
) -> tuple[datetime, datetime] | None:
    """The opening hours at a moment, else the next ones, if there are any soon."""
    local = moment.astimezone(ZoneInfo(organisation.time_zone))
    for days in range(LONGEST_LOOK_DAYS):
        for start, end in _hours(organisation, local + timedelta(days=days)):
            if end > local:
                return start, end
    return None


def closed(organisation: Organisation, now: datetime) -> bool:
    """Whether there are opening hours, and this is outside of them."""
    return (
        open_until(organisation, now) is None
        and opens_at(organisation, now) is not None
    )


def after_open_time(
    organisation: Organisation, since: datetime, wanted: timedelta
) -> datetime:
    """When so much opening time has passed; where none is known, time counts as it is.

    Looks some weeks ahead, which is further than anybody waits.
    """
    if not closed(organisation, since) and open_until(organisation, since) is None:
        return since + wanted
    local = since.astimezone(ZoneInfo(organisation.time_zone))
    left = wanted
    for days in range(LONGEST_LOOK_DAYS):
        for start, end in _hours(organisation, local + timedelta(days=days)):
            first, last = max(since, start.astimezone(UTC)), end.astimezone(UTC)
            if last - first >= left:
                return first + left
            left -= max(last - first, timedelta(0))
    return since + timedelta(days=LONGEST_LOOK_DAYS)


def when_to_expect_an_answer(
    organisation: Organisation,
    now: datetime,
    *,
    language: str,
    somebody_online: bool,
    channel: str = "",
    promise: bool = True,
) -> str:
    """What a contact who waits should know: hours, and whether anybody is there.

    Where nobody is, also how else the organisation is reached than by ``channel``.
    Without ``promise``, how long an answer usually takes is left out.
    """
    opens = opens_at(organisation, now)
    until = open_until(organisation, now)
    sentences = []
    if until is not None:
        sentences.append(_open(organisation, until, language, promise=promise))
    elif opens is not None:
        sentences.append(_closed(organisation, now, opens, language))
    if somebody_online:
        sentences.append(phrase("somebody_online", language))
    elif until is not None:
        sentences.append(phrase("nobody_online", language))
    ways = ", ".join(organisation.ways_besides(channel))
    if ways and not somebody_online:
        sentences.append(phrase("other_ways", language, ways=ways))
    return " ".join(sentences)


def when_open(organisation: Organisation, now: datetime, *, language: str) -> str:
    """Whether it is open now, and until or from when; nothing where none is known."""
    until, opens = open_until(organisation, now), opens_at(organisation, now)
    if until is not None:
        zone = zone_shown(organisation.time_zone)
        return phrase("hours_open", language, time=f"{until:%H:%M}", zone=zone)
    return _closed(organisation, now, opens, language) if opens else ""


def _open(
    organisation: Organisation, until: datetime, language: str, *, promise: bool
) -> str:
    zone = zone_shown(organisation.time_zone)
    sentence = phrase("hours_open", language, time=f"{until:%H:%M}", zone=zone)
    minutes = organisation.usual_reply_minutes
    if minutes is None or not promise:
        return sentence
    usual = phrase("usual_reply", language, minutes=str(minutes))
    return f"{sentence} {usual}"


def _closed(
    organisation: Organisation, now: datetime, opens: datetime, language: str
) -> str:
    days = (opens.date() - now.astimezone(opens.tzinfo).date()).days
    weekday = phrase("weekdays", language).split("|")[opens.weekday()]
    return phrase(
        "hours_closed" if days else "hours_closed_today",
        language,
        time=f"{opens:%H:%M}",
        # After holidays, the weekday alone could be that of an earlier week.
        day=f"{weekday} {opens:%Y-%m-%d}" if days > len(WEEK) else weekday,
        zone=zone_shown(organisation.time_zone),
    )


def _hours(
    organisation: Organisation, local: datetime
) -> list[tuple[datetime, datetime]]:
    if local.date() in organisation.holidays:
        return []
    spans = organisation.opening_hours.get(WEEK[local.weekday()], [])
    return sorted(
        (_at(local, start), _at(local, end))
        for start, _, end in (span.partition("-") for span in spans)
    )


def _at(local: datetime, clock: str) -> datetime:
    return datetime.combine(local.date(), time.fromisoformat(clock), local.tzinfo)
