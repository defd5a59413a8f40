"""Everything staff see of one conversation: what was said, and what is possible."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import joinedload

from bot.conversations.contacts.contact_file import contact_name, labels_of
from bot.conversations.desk.queries import view
from bot.conversations.desk.quotes import quoted_in
from bot.conversations.desk.summary import Summary, summary
from bot.conversations.handoff.held_replies import held_with_names
from bot.conversations.models import (
    Contact,
    Conversation,
    Delivery,
    DeliveryState,
    Emergency,
    HeldReply,
    Message,
    Note,
    SavedReply,
    Status,
)
from bot.conversations.ports import Outcome
from bot.conversations.service import Conversations
from bot.database import Database
from bot.errors import NotFoundError
from bot.staff import StaffMember


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A message or a note, as staff read it; ``state`` of what left by a channel.

    ``quotes`` are the words that a contact's message answers.
    """

    id: str
    author: str
    name: str | None
    text: str
    created_at: datetime
    outcome: Outcome | None = None
    confidence: float | None = None
    citations: Sequence[Mapping[str, object]] = ()
    answerer: str | None = None
    state: DeliveryState | None = None
    error_code: str | None = None
    media_count: int = 0
    helpful: bool | None = None
    translation: Mapping[str, object] | None = None
    quotes: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Dossier:
    """One conversation in full; ``window_until`` is None where replies always leave.

    ``handoff_summary`` are the lines that a model wrote at the handoff, if it did.
    """

    id: str
    channel: str
    contact: str
    contact_id: str | None
    sender: str
    status: Status
    reason: str | None
    waiting_since: datetime | None
    language: str | None
    assignee: str | None
    assignee_id: int | None
    snoozed_until: datetime | None
    window_until: datetime | None
    entries: Sequence[Entry]
    summary: Summary
    overdue: bool
    labels: Sequence[str]
    held: Sequence[tuple[HeldReply, str]]
    handoff_summary: Sequence[str]
    stopped_at: datetime | None


async def dossier(conversations: Conversations, conversation_id: str) -> Dossier:
    """One conversation; ``NotFoundError`` if there is none of that id."""
    async with conversations.events.database.read() as session:
        row = await session.scalar(
            select(Conversation)
            .where(Conversation.public_id == conversation_id)
            .options(
                joinedload(Conversation.address), joinedload(Conversation.assignee)
            )
        )
        if row is None:
            raise NotFoundError(f"there is no conversation {conversation_id}")
        messages = await _messages(session, row)
        entries = await _entries(session, row, messages)
        held = row.assignee if row.status is Status.STAFF else None
        contact = await session.get_one(Contact, row.address.contact_id)
        labels = await labels_of(session, [row.id])
        return Dossier(
            id=row.public_id,
            channel=row.address.channel,
            contact=contact_name(row.address, contact.name),
            contact_id=None if contact.erased_at else contact.public_id,
            sender=contact_name(row.address),
            status=row.status,
            reason=row.handoff_reason,
            waiting_since=row.handed_off_at,
            language=row.language,
            assignee=held.name if held else None,
            assignee_id=held.id if held else None,
            snoozed_until=row.snoozed_until,
            window_until=conversations.window_until(row.address),
            entries=entries,
            summary=await summary(
                session,
                row,
                messages,
                contact=contact,
                time_zone=conversations.organisation.time_zone,
            ),
            overdue=row.overdue_since is not None,
            labels=labels.get(row.id, ()),
            held=await held_with_names(session, row),
            handoff_summary=_lines(row.handoff_summary),
            stopped_at=row.address.stopped_at,
        )


async def saved_replies(database: Database) -> Sequence[SavedReply]:
    """Everybody's saved replies, by title."""
    async with database.read() as session:
        return (
            await session.scalars(select(SavedReply).order_by(SavedReply.title))
        ).all()


async def emergency(database: Database) -> Emergency | None:
    """The emergency that is on, if one is."""
    async with database.read() as session:
        return await session.get(Emergency, 1)


async def colleagues(database: Database) -> Sequence[str]:
    """The names of everybody who can sign in."""
    async with database.read() as session:
        return (
            await session.scalars(
                select(StaffMember.name)
                .where(
                    StaffMember.password_hash.is_not(None)
                    | StaffMember.email.is_not(None),
                    StaffMember.revoked_at.is_(None),
                )
                .order_by(StaffMember.name)
            )
        ).all()


def _lines(summary: Mapping[str, object] | None) -> list[str]:
    lines = (summary or {}).get("lines")
    return [str(line) for line in lines] if isinstance(lines, list) else []


async def _messages(session: AsyncSession, row: Conversation) -> Sequence[Message]:
    found = await session.scalars(
        select(Message).where(Message.conversation_id == row.id).order_by(Message.id)
    )
    return found.all()


async def _entries(
    session: AsyncSession, row: Conversation, messages: Sequence[Message]
) -> list[Entry]:
    staff = await session.execute(select(StaffMember.id, StaffMember.name))
    names: dict[int, str] = {row.id: row.name for row in staff}
    deliveries: dict[int, Delivery] = {}
    for delivery in await session.scalars(
        select(Delivery).where(Delivery.conversation_id == row.id).order_by(Delivery.id)
    ):
        _keep_slowest(deliveries, delivery)
    notes = await session.scalars(select(Note).where(Note.conversation_id == row.id))
    quoted = await quoted_in(session, messages)
    entries = [
        _entry(one, deliveries.get(one.id), names, quotes=quoted.get(one.id))
        for one in messages
    ]
    entries += [
        Entry(
            id=note.public_id,
            author="note",
            name=names.get(note.staff_member_id),
            text=note.text,
            created_at=note.created_at,
        )
        for note in notes
    ]
    return sorted(entries, key=lambda entry: entry.created_at)


def _keep_slowest(deliveries: dict[int, Delivery], delivery: Delivery) -> None:
    """Of a message's parts, the one that went wrong or has come the least far."""
    order = (DeliveryState.FAILED, DeliveryState.CANCELLED, *DeliveryState)
    known = deliveries.get(delivery.message_id)
    if known is None or order.index(delivery.state) < order.index(known.state):
        deliveries[delivery.message_id] = delivery


def _entry(
    message: Message,
    delivery: Delivery | None,
    names: Mapping[int, str],
    *,
    quotes: str | None,
) -> Entry:
    shown = view(message)
    answerer = (message.provenance or {}).get("answerer")
    return Entry(
        id=message.public_id,
        author=message.author.value,
        name=names.get(message.staff_member_id or 0),
        text=message.text,
        created_at=message.created_at,
        outcome=message.outcome,
        confidence=shown.confidence,
        citations=shown.citations,
        answerer=answerer if isinstance(answerer, str) else None,
        state=delivery.state if delivery else None,
        error_code=delivery.error_code if delivery else None,
        media_count=message.media_count,
        helpful=message.helpful,
        translation=message.translation,
        quotes=quotes,
    )
