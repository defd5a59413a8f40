"""What can be asked about conversations; nothing here changes anything."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import aliased, joinedload

from bot.account_numbers import shortened
from bot.conversations.desk.urgency import most_urgent_first
from bot.conversations.models import (
    Address,
    Conversation,
    Delivery,
    DeliveryState,
    Event,
    EventKind,
    Message,
    Reason,
    Status,
)
from bot.conversations.ports import Author, Outcome
from bot.database import Database
from bot.errors import NotFoundError


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageView:
    """A message as its reader may see it.

    ``client_id`` is there only on a contact's own, ``language`` on a reply.
    """

    id: str
    author: Author
    text: str
    created_at: datetime
    outcome: Outcome | None
    confidence: float | None
    citations: tuple[Mapping[str, object], ...]
    client_id: str | None
    delivery_states: tuple[DeliveryState, ...] = ()
    helpful: bool | None = None
    language: str | None = None
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class StreamEntry:
    """An event with what it tells of; ``bot_is_replying`` while a reply is owed."""

    id: int
    kind: EventKind
    conversation_id: str
    message: MessageView | None
    status: Status | None
    bot_is_replying: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ConversationView:
    """A conversation as staff see it in a list."""

    id: str
    channel: str
    status: Status
    handoff_reason: str | None
    handed_off_at: datetime | None
    assignee: str | None
    language: str | None
    last_message_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Unanswered:
    """A question that the documents did not hold an answer to."""

    conversation_id: str
    asked_at: datetime
    question: str
    confidence: float


async def stream_after(
    database: Database, channel: str, key: str, *, after: int, limit: int = 200
) -> list[StreamEntry]:
    """What happened at an address after an event, oldest first."""
    async with database.read() as session:
        rows = await session.execute(
            select(Event, Conversation, Message)
            .join(Conversation, Conversation.id == Event.conversation_id)
            .join(Address, Address.id == Conversation.address_id)
            .outerjoin(Message, Message.id == Event.message_id)
            .where(Address.channel == channel, Address.key == key, Event.id > after)
            .order_by(Event.id)
            .limit(limit)
        )
        return [
            StreamEntry(
                id=event.id,
                kind=event.kind,
                conversation_id=conversation.public_id,
                message=view(message) if event.message_id else None,
                status=event.status,
                bot_is_replying=conversation.bot_is_replying,
            )
            for event, conversation, message in rows
        ]


async def open_conversation_id(database: Database, channel: str, key: str) -> str:
    """The conversation that is open at an address; empty if none is."""
    async with database.read() as session:
        found = await session.scalar(
            select(Conversation.public_id)
            .join(Address, Address.id == Conversation.address_id)
            .where(
                Address.channel == channel,
                Address.key == key,
                Conversation.status != Status.RESOLVED,
            )
        )
    return found or ""


async def waiting(database: Database) -> list[ConversationView]:
    """Who needs a person, the most urgent first; then what staff already hold."""
    async with database.read() as session:
        rows = await session.scalars(
            select(Conversation)
            .where(Conversation.status.in_((Status.WAITING, Status.STAFF)))
            .options(
                joinedload(Conversation.address), joinedload(Conversation.assignee)
            )
            .order_by(Conversation.status.desc(), *most_urgent_first())
        )
        return [_list_view(row) for row in rows]


async def conversation(
    database: Database, conversation_id: str
) -> tuple[ConversationView, list[MessageView]]:
    """One conversation with everything said in it."""
    async with database.read() as session:
        found = await session.scalar(
            select(Conversation)
            .where(Conversation.public_id == conversation_id)
            .options(
                joinedload(Conversation.address), joinedload(Conversation.assignee)
            )
        )
        if found is None:
            raise NotFoundError(f"there is no conversation {conversation_id}")
        messages = (
            await session.scalars(
                select(Message)
                .where(Message.conversation_id == found.id)
                .order_by(Message.id)
            )
        ).all()
        states: dict[int, list[DeliveryState]] = {}
        for delivery in await session.scalars(
            select(Delivery)
            .where(Delivery.conversation_id == found.id)
            .order_by(Delivery.id)
        ):
            states.setdefault(delivery.message_id, []).append(delivery.state)
        return _list_view(found), [
            view(row, states.get(row.id, ())) for row in messages
        ]


async def unanswered(database: Database, *, limit: int = 100) -> list[Unanswered]:
    """The newest questions that the documents did not hold, newest first."""
    asked = aliased(Message)
    async with database.read() as session:
        rows = await session.execute(
            select(Message, asked, Conversation.public_id)
            .join(asked, asked.id == Message.in_reply_to)
            .join(Conversation, Conversation.id == Message.conversation_id)
            .where(
                Message.provenance["generation"].as_string().is_not(None),
                (Message.outcome == Outcome.NO_ANSWER) | _handed_over_in_vain(),
            )
            .order_by(Message.id.desc())
            .limit(limit)
        )
        return [
            Unanswered(
                conversation_id=public_id,
                asked_at=question.created_at,
                question=shortened(question.text),
                confidence=_number((reply.provenance or {}).get("confidence")) or 0.0,
            )
            for reply, question, public_id in rows
        ]


def view(message: Message, states: Sequence[DeliveryState] = ()) -> MessageView:
    """A message as its reader may see it."""
    provenance = message.provenance or {}
    citations = provenance.get("citations")
    return MessageView(
        id=message.public_id,
        author=message.author,
        text=message.text,
        created_at=message.created_at,
        outcome=message.outcome,
        confidence=_number(provenance.get("confidence")),
        citations=tuple(citations) if isinstance(citations, list) else (),
        client_id=message.external_id if message.author is Author.CONTACT else None,
        delivery_states=tuple(states),
        helpful=message.helpful,
        language=_text(provenance.get("language")),
        choices=message.choices,
    )


def _handed_over_in_vain() -> ColumnElement[bool]:
    """Handed over since nothing was found twice; older messages do not say why."""
    reason = Message.provenance["reason"].as_string()
    in_vain: ColumnElement[bool] = reason.is_(None)
    in_vain = in_vain | (reason == Reason.REPEATED_NO_ANSWER)
    return (Message.outcome == Outcome.HANDOFF) & in_vain


def _number(value: object) -> float | None:
    return value if isinstance(value, float) else None


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None


def _list_view(row: Conversation) -> ConversationView:
    return ConversationView(
        id=row.public_id,
        channel=row.address.channel,
        status=row.status,
        handoff_reason=row.handoff_reason,
        handed_off_at=row.handed_off_at,
        assignee=row.assignee.name if row.assignee else None,
        language=row.language,
        last_message_at=row.last_message_at,
    )
