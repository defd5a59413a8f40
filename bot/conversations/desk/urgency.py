"""In what order those come who wait for a person."""

from typing import Any

from sqlalchemy import ColumnElement, case

from bot.conversations.models import Conversation, Reason


def most_urgent_first() -> tuple[ColumnElement[Any], ...]:
    """Distress, then whoever nobody has reacted to, then the longest wait."""
    return (
        case((Conversation.handoff_reason == Reason.DISTRESS, 0), else_=1),
        case((Conversation.overdue_since.is_not(None), 0), else_=1),
        Conversation.handed_off_at.asc().nulls_last(),
        Conversation.id.asc(),
    )
