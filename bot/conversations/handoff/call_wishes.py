"""What a contact's words say of the call that they want: number, time, or no call."""

from datetime import datetime, timedelta, tzinfo

from bot.conversations.handoff.waiting_times import remind_at
from bot.conversations.models.call_back import CallBack
from bot.conversations.opening_hours import closed, hours_after
from bot.conversations.spoken.call_times import (
    call_time,
    names_a_day,
    zone_of_number,
    zone_stated,
)
from bot.conversations.spoken.call_words import has, plain_text
from bot.conversations.spoken.details import (
    Way,
    asks_something,
    national_numbers_in,
    numbers_in,
    region_of,
    seems_to_name_one,
)
from bot.conversations.spoken.places import country_in, zone_called
from bot.conversations.spoken.time_zones import name_of_zone, zone_named
from bot.conversations.states import URGENT, Reason
from bot.organisation import Organisation

LONGEST_PREFERRED = 200
# What is longer, or asks something, is about a call only if it speaks of one.
MOST_WORDS, FEW_WORDS = 20, 3
LONGEST_LOOK_DAYS = 14
BEFORE = frozenset({Reason.ASKED_FOR_PERSON, Reason.KEYWORD})


def may_concern_a_call(text: str, *, now: datetime, zone: str) -> bool:
    """Whether a message could change a call that was asked for, or call it off."""
    plain = plain_text(text)
    asks = asks_something(text) or len(plain.split()) > MOST_WORDS
    if asks and not has("call", plain):
        return False
    time_named = call_time(text, now=now, zone=zone_named(zone)) is not None
    return time_named or seems_to_name_one(text) or is_called_off(text)


def is_called_off(text: str) -> bool:
    """Whether a message says that no call is wanted."""
    plain = plain_text(text)
    return has("not_wanted", plain) and (_is_short(plain) or has("call", plain))


def goes_before_a_call(reason: str | None, text: str, *, waits: bool) -> bool:
    """Whether a message is first of all another wish, whatever it says of a call.

    Who ``waits`` has asked for a person already; "cancel" alone means the call.
    """
    if reason == Reason.ASKED_TO_STOP:
        return not (_is_short(plain_text(text)) and is_called_off(text))
    return reason in URGENT or (reason is not None and reason in BEFORE and not waits)


def _is_short(plain: str) -> bool:
    return len(plain.split()) <= FEW_WORDS


def learn(
    call: CallBack,
    text: str,
    *,
    own: str | None,
    organisation: Organisation,
    now: datetime,
) -> bool:
    """Take number, zone and time from a text; whether there were any.

    ``own`` is the number that the contact writes from. A time at which nobody is there
    is kept as wished, and not booked.
    """
    numbers = numbers_in(text) or _national(text, own or call.number)
    if numbers:
        call.number = numbers[0].value
    _learn_zone(call, text)
    zone = zone_named(call.time_zone or organisation.time_zone)
    wished = call_time(text, now=now, zone=zone)
    if wished is not None:
        any_day = not names_a_day(text, now=now, zone=zone)
        if any_day:
            wished = _on_the_day_offered(call, wished, organisation, now=now)
        call.preferred = " ".join(text.split())[:LONGEST_PREFERRED]
        call.due_at = _bookable(organisation, wished, zone, any_day=any_day)
        call.remind_at = call.due_at or remind_at(organisation, now)
    return bool(numbers) or wished is not None


def hours_offered(
    call: CallBack, organisation: Organisation, *, now: datetime
) -> tuple[datetime, datetime] | None:
    """The first open hours after a wish that could not be booked, on their clock."""
    if call.due_at is not None or not call.preferred:
        return None
    zone = zone_named(call.time_zone or organisation.time_zone)
    wished = call_time(call.preferred, now=now, zone=zone)
    hours = hours_after(organisation, max(wished or now, now))
    return hours and (hours[0].astimezone(zone), hours[1].astimezone(zone))


def _on_the_day_offered(
    call: CallBack, wished: datetime, organisation: Organisation, *, now: datetime
) -> datetime:
    """An hour alone is meant for the day that was just offered."""
    hours = hours_offered(call, organisation, now=now)
    if hours is None:
        return wished
    local = wished.astimezone(hours[0].tzinfo)
    days = (hours[0].date() - local.date()).days
    return local + timedelta(days=max(days, 0))


def _learn_zone(call: CallBack, text: str) -> None:
    known = call.time_zone or call.number
    stated = zone_stated(text, else_known=known is not None)
    zone = stated or (call.number and zone_of_number(call.number))
    if zone and (stated or not call.time_zone):
        call.time_zone = name_of_zone(zone)


def _national(text: str, known: str | None) -> list[Way]:
    """Numbers without a country code, where the text or what is known tells which."""
    place = zone_called(text)
    region = (place and place.region) or region_of(known) or country_in(text)
    return national_numbers_in(text, region) if region else []


def _bookable(
    organisation: Organisation, wished: datetime, zone: tzinfo, *, any_day: bool
) -> datetime | None:
    """The moment itself where somebody is there then, else that hour of another day."""
    local = wished.astimezone(zone)
    days = range(LONGEST_LOOK_DAYS if any_day else 1)
    moments = (local + timedelta(days=day) for day in days)
    return next((one for one in moments if not closed(organisation, one)), None)
