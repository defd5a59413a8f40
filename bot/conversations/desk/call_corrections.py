"""What staff correct of a call-back: its number and its time, as they typed them."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot.conversations.models.call_back import CallBack
from bot.conversations.spoken.details import number_shown, numbers_in
from bot.errors import ConversationError

LONGEST_AHEAD = timedelta(days=366)
AS_TYPED = "%Y-%m-%dT%H:%M"


def typed_number(text: str, call: CallBack) -> str | None:
    """The number that was typed; None where the field was left empty.

    Raises:
        ConversationError: it is not exactly one number with its country code.
    """
    text = text.strip()
    if not text:
        return None
    if call.number and text in {call.number, number_shown(call.number)}:
        return call.number
    found = numbers_in(text)
    if len(found) != 1:
        raise ConversationError(
            "that is not a telephone number; write one, with its country code, "
            "like +44 20 7946 0000"
        )
    return found[0].value


def typed_time(
    text: str, call: CallBack, *, time_zone: str, now: datetime
) -> datetime | None:
    """The moment that was typed on our own clock; None for any time.

    Raises:
        ConversationError: it is none, has passed, or is too far away.
    """
    if not text:
        return None
    zone = ZoneInfo(time_zone)
    if call.due_at and text == f"{call.due_at.astimezone(zone):{AS_TYPED}}":
        return call.due_at
    return moment_of(text, time_zone=time_zone, now=now)


def moment_of(text: str, *, time_zone: str, now: datetime) -> datetime:
    """A day and a time to come, as a field of a page sends it.

    Raises:
        ConversationError: it is none, has passed, or is too far ahead.
    """
    zone = ZoneInfo(time_zone)
    try:
        moment = datetime.strptime(text, AS_TYPED).replace(tzinfo=zone)
    except ValueError as error:
        raise ConversationError("that is not a day and a time") from error
    if moment <= now:
        raise ConversationError("that time has passed; choose a later one")
    if moment > now + LONGEST_AHEAD:
        raise ConversationError("that is more than a year away; choose an earlier time")
    return moment
