"""Everything staff see of one contact: addresses, conversations, consents, labels."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute

from bot.conversations.models import (
    Address,
    Consent,
    Contact,
    ContactLabel,
    Conversation,
    ConversationLabel,
    Label,
    Message,
    Status,
)
from bot.database import Database
from bot.errors import NotFoundError
from bot.staff import StaffMember


@dataclass(frozen=True, slots=True, kw_only=True)
class AddressView:
    """A way to reach a contact; ``shown`` is how staff tell it from others."""

    channel: str
    shown: str
    since: datetime
    last_inbound_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PastConversation:
    """A conversation in a contact's list."""

    id: str
    channel: str
    status: Status
    reason: str | None
    language: str | None
    assignee: str | None
    started_at: datetime
    last_at: datetime
    messages: int
    labels: Sequence[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsentView:
    """What a contact agreed to; ``by`` wrote it down, where they said it elsewhere."""

    id: str
    purpose: str
    how: str
    given_at: datetime
    withdrawn_at: datetime | None
    by: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactFile:
    """One contact in full; ``title`` is the name or what stands in for it."""

    id: str
    name: str | None
    title: str
    since: datetime
    languages: Sequence[str]
    facts: Mapping[str, str]
    addresses: Sequence[AddressView]
    conversations: Sequence[PastConversation]
    consents: Sequence[ConsentView]
    labels: Sequence[str]


async def contact_file(database: Database, contact_id: str) -> ContactFile:
    """One contact, found also by an id that was merged into theirs.

    Raises:
        NotFoundError: there is none of that id, or their data was erased.
    """
    async with database.read() as session:
        return await file_of(session, await found_contact(session, contact_id))


async def found_contact(session: AsyncSession, contact_id: str) -> Contact:
    """The contact that an id means, merged or not; ``NotFoundError`` if none."""
    contact = await session.scalar(
        select(Contact).where(Contact.public_id == contact_id)
    )
    while contact is not None and contact.merged_into_id is not None:
        contact = await session.get(Contact, contact.merged_into_id)
    if contact is None or contact.erased_at is not None:
        raise NotFoundError(f"there is no contact {contact_id}")
    return contact


async def file_of(session: AsyncSession, contact: Contact) -> ContactFile:
    """What is kept of a contact, within a transaction under way."""
    addresses = (
        await session.scalars(
            select(Address).where(Address.contact_id == contact.id).order_by(Address.id)
        )
    ).all()
    conversations = await _conversations(session, contact)
    labels = await session.scalars(
        select(Label.name)
        .join(ContactLabel, ContactLabel.label_id == Label.id)
        .where(ContactLabel.contact_id == contact.id)
        .order_by(Label.name)
    )
    return ContactFile(
        id=contact.public_id,
        name=contact.name,
        title=contact.name or (contact_name(addresses[0]) if addresses else "Nobody"),
        since=contact.created_at,
        languages=list(dict.fromkeys(c.language for c in conversations if c.language)),
        facts=contact.facts,
        addresses=[
            AddressView(
                channel=address.channel,
                shown=contact_name(address),
                since=address.created_at,
                last_inbound_at=address.last_inbound_at,
            )
            for address in addresses
        ],
        conversations=conversations,
        consents=await _consents(session, contact),
        labels=labels.all(),
    )


async def all_labels(database: Database) -> Sequence[Label]:
    """The labels to choose from, by name."""
    async with database.read() as session:
        return (await session.scalars(select(Label).order_by(Label.name))).all()


def contact_name(address: Address, name: str | None = None) -> str:
    """How staff tell contacts apart: a name, a number, or the start of a random id."""
    if name:
        return name
    if not address.sender:
        return "Erased contact"
    if address.channel == "web":
        return f"Visitor {address.public_id[:5]}"
    return address.sender.removeprefix(f"{address.channel}:")


async def labels_of(
    session: AsyncSession,
    ids: Sequence[int],
    *,
    on: InstrumentedAttribute[int] = ConversationLabel.conversation_id,
) -> Mapping[int, Sequence[str]]:
    """The labels of conversations, or of what else they are ``on``, by its id."""
    rows = await session.execute(
        select(on, Label.name).join(Label).where(on.in_(ids)).order_by(Label.name)
    )
    found: dict[int, list[str]] = {}
    for labelled, name in rows:
        found.setdefault(labelled, []).append(name)
    return found


async def _conversations(
    session: AsyncSession, contact: Contact
) -> list[PastConversation]:
    messages = (
        select(func.count(Message.id))
        .where(Message.conversation_id == Conversation.id)
        .correlate(Conversation)
        .scalar_subquery()
    )
    rows = (
        await session.execute(
            select(Conversation, Address, StaffMember.name, messages)
            .join(Address, Address.id == Conversation.address_id)
            .outerjoin(StaffMember, StaffMember.id == Conversation.assignee_id)
            .where(Address.contact_id == contact.id)
            .order_by(Conversation.id.desc())
        )
    ).all()
    labels = await labels_of(session, [row[0].id for row in rows])
    return [
        PastConversation(
            id=conversation.public_id,
            channel=address.channel,
            status=conversation.status,
            reason=conversation.handoff_reason,
            language=conversation.language,
            assignee=assignee if conversation.status is Status.STAFF else None,
            started_at=conversation.created_at,
            last_at=conversation.last_message_at or conversation.created_at,
            messages=count,
            labels=labels.get(conversation.id, ()),
        )
        for conversation, address, assignee, count in rows
    ]


async def _consents(session: AsyncSession, contact: Contact) -> list[ConsentView]:
    rows = await session.execute(
        select(Consent, StaffMember.name)
        .outerjoin(StaffMember, StaffMember.id == Consent.staff_member_id)
        .where(Consent.contact_id == contact.id)
        .order_by(Consent.given_at.desc(), Consent.id.desc())
    )
    return [
        ConsentView(
            id=consent.public_id,
            purpose=consent.purpose,
            how=consent.how,
            given_at=consent.given_at,
            withdrawn_at=consent.withdrawn_at,
            by=name,
        )
        for consent, name in rows
    ]
