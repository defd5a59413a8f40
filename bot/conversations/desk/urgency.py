"""In what order those come who wait for a person."""

from typing import Any

from sqlalchemy import ColumnElement, case

from bot.conversations.models import Conversation
from bot.conversations.states import URGENT


def most_urgent_first() -> tuple[ColumnElement[Any], ...]:
    """Distress, complaint and fraud, who nobody has reacted to, the longest wait."""
    first, *others = URGENT
    reason = Conversation.handoff_reason
    return (
        case((reason == first, 0), (reason.in_(others), 1), else_=2),
        case((Conversation.overdue_since.is_not(None), 0), else_=1),
        Conversation.handed_off_at.asc().nulls_last(),
        Conversation.id.asc(),
    )
