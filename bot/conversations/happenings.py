"""What happened anywhere, as the console hears it."""

from dataclasses import dataclass

from sqlalchemy import func, select

from bot.conversations.models import Conversation, Event, EventKind, Message, Status
from bot.conversations.ports import Author
from bot.database import Database


@dataclass(frozen=True, slots=True, kw_only=True)
class Happening:
    """An event as the console hears it: ids only; pages fetch what they show."""

    id: int
    kind: EventKind
    conversation_id: str
    status: Status | None
    author: Author | None


async def happenings(
    database: Database, *, after: int, limit: int = 200
) -> list[Happening]:
    """What happened anywhere after an event, oldest first."""
    async with database.read() as session:
        rows = await session.execute(
            select(Event, Conversation.public_id, Message.author)
            .join(Conversation, Conversation.id == Event.conversation_id)
            .outerjoin(Message, Message.id == Event.message_id)
            .where(Event.id > after)
            .order_by(Event.id)
            .limit(limit)
        )
        return [
            Happening(
                id=event.id,
                kind=event.kind,
                conversation_id=public_id,
                status=event.status,
                author=author,
            )
            for event, public_id, author in rows
        ]


async def newest_event(database: Database) -> int:
    """The id of the last event, or 0."""
    async with database.read() as session:
        return await session.scalar(select(func.max(Event.id))) or 0
