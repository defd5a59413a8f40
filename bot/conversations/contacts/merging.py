"""Two contacts become one: first a look at what comes of it, then one transaction."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import delete, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.conversations.contacts.contact_file import ContactFile, file_of, found_contact
from bot.conversations.contacts.contacts import FACTS, tell_of_contact
from bot.conversations.contacts.traces import locked_with_everything
from bot.conversations.models import Contact, ContactLabel
from bot.conversations.service import Conversations
from bot.database import Base, Database
from bot.errors import ConversationError
from bot.staff.audit import write_down

NAME = "name"


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """What the two contacts do not agree on; the first one's value wins by default."""

    field: str
    kept: str
    other: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """What a merge starts from, and what it would lead to."""

    kept: ContactFile
    other: ContactFile
    differences: Sequence[Difference]
    name: str | None
    facts: Mapping[str, str]
    labels: Sequence[str]


async def preview_merge(database: Database, contact_id: str, other_id: str) -> Preview:
    """What merging the other contact into the first one would do.

    Raises:
        ConversationError: they are the same contact.
        NotFoundError: there is no such contact, or not any more.
    """
    async with database.read() as session:
        kept = await file_of(session, await found_contact(session, contact_id))
        other = await file_of(session, await found_contact(session, other_id))
    _require_two(kept.id, other.id)
    values = [(NAME, kept.name, other.name)]
    values += [(one, kept.facts.get(one), other.facts.get(one)) for one in FACTS]
    return Preview(
        kept=kept,
        other=other,
        differences=[
            Difference(field=field, kept=one, other=two)
            for field, one, two in values
            if one and two and one != two
        ],
        name=kept.name or other.name,
        facts={**other.facts, **kept.facts},
        labels=sorted({*kept.labels, *other.labels}),
    )


async def merge_contacts(
    conversations: Conversations,
    contact_id: str,
    other_id: str,
    *,
    take: Collection[str],
    member_id: int,
) -> None:
    """Everything of the other contact becomes the first one's.

    ``take`` names what is taken from the other where both have a value: ``name``, or a
    fact. The other stays as a signpost, so that old links and its name lead here.

    Raises:
        ConversationError: they are the same contact.
        NotFoundError: one of them was merged or erased meanwhile.
    """
    _require_two(contact_id, other_id)
    async with conversations.transaction() as transaction:
        session = transaction.session
        kept, other = await _both(session, contact_id, other_id)
        _settle(kept, other, take=take)
        await _move_labels(session, kept, other)
        await _move_rows(session, kept, other)
        await session.execute(
            update(Contact)
            .where(Contact.merged_into_id == other.id)
            .values(merged_into_id=kept.id)
        )
        other.merged_into_id = kept.id
        write_down(
            session,
            "contacts_merged",
            now=transaction.now,
            member_id=member_id,
            subject=kept.public_id,
            detail=other.public_id,
        )
        await session.flush()
        await tell_of_contact(transaction, kept)


def _require_two(contact_id: str, other_id: str) -> None:
    if contact_id == other_id:
        raise ConversationError("a contact cannot be merged with itself")


async def _both(
    session: AsyncSession, contact_id: str, other_id: str
) -> tuple[Contact, Contact]:
    """Both contacts, locked in an order that two merges at once agree on."""
    found: dict[str, Contact] = {}
    for one in sorted((contact_id, other_id)):
        found[one] = await locked_with_everything(session, one)
    return found[contact_id], found[other_id]


def _settle(kept: Contact, other: Contact, *, take: Collection[str]) -> None:
    if other.name and (NAME in take or not kept.name):
        # The signpost keeps the name that lost, so that a search still leads here.
        kept.name, other.name = other.name, kept.name
    taken = {name: value for name, value in other.facts.items() if name in take}
    kept.facts = {**other.facts, **kept.facts, **taken}
    other.facts = {}


async def _move_labels(session: AsyncSession, kept: Contact, other: Contact) -> None:
    labels = select(ContactLabel.label_id)
    had = set(await session.scalars(labels.where(ContactLabel.contact_id == kept.id)))
    new = set(await session.scalars(labels.where(ContactLabel.contact_id == other.id)))
    await session.execute(
        delete(ContactLabel).where(ContactLabel.contact_id == other.id)
    )
    session.add_all(
        ContactLabel(contact_id=kept.id, label_id=label) for label in new - had
    )


async def _move_rows(session: AsyncSession, kept: Contact, other: Contact) -> None:
    """Whatever refers to the other contact refers to the first one from now on."""
    contacts = Base.metadata.tables[Contact.__tablename__]
    apart = {contacts, Base.metadata.tables[ContactLabel.__tablename__]}
    for table in Base.metadata.sorted_tables:
        for key in table.foreign_keys:
            if key.column.table is contacts and table not in apart:
                await session.execute(
                    update(table)
                    .where(key.parent == other.id)
                    .values({key.parent: kept.id})
                )
