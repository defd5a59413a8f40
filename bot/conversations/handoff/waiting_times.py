"""How long a contact may wait before somebody is told, by the organisation's rules."""

from datetime import datetime, timedelta

from bot.conversations.opening_hours import after_open_time
from bot.organisation import Organisation


def remind_at(organisation: Organisation, since: datetime) -> datetime:
    """When staff are reminded of who has waited since then."""
    wanted = timedelta(minutes=organisation.remind_after_minutes)
    return after_open_time(organisation, since, wanted)


def offer_bot_at(organisation: Organisation, since: datetime) -> datetime:
    """When who has waited since then may choose the bot again."""
    wanted = timedelta(hours=organisation.offer_bot_after_hours)
    return after_open_time(organisation, since, wanted)
