"""Everything the database holds of a contact, found by following foreign keys.

A table that is added later is found by itself, and then exported and erased with the
rest.
"""

from collections.abc import Mapping, Sequence

from sqlalchemy import ColumnElement, Table, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.conversations.models import Address, Contact, Conversation
from bot.database import Base
from bot.errors import NotFoundError
from bot.staff import AuditEntry

Traces = Mapping[Table, ColumnElement[bool]]


def traces_of(contact_ids: Sequence[int]) -> Traces:
    """The tables with rows that belong to these contacts, and which rows those are.

    A table comes after those that its rows refer to.
    """
    contacts = Base.metadata.tables[Contact.__tablename__]
    found: dict[Table, ColumnElement[bool]] = {contacts: contacts.c.id.in_(contact_ids)}
    for table in Base.metadata.sorted_tables:
        conditions = [
            key.parent.in_(select(key.column).where(found[key.column.table]))
            for key in sorted(table.foreign_keys, key=lambda one: one.parent.name)
            if key.column.table in found and table is not contacts
        ]
        if conditions:
            found[table] = or_(*conditions)
    return found


async def everybody_merged(session: AsyncSession, contact: Contact) -> list[Contact]:
    """The contact, and those who were merged into them."""
    merged = await session.scalars(
        select(Contact)
        .where(Contact.merged_into_id == contact.id)
        .order_by(Contact.id)
        .with_for_update(key_share=True)
    )
    return [contact, *merged]


def about(contacts: Sequence[Contact]) -> ColumnElement[bool]:
    """The entries of the audit log that are about these contacts' rows."""
    conversations = (
        select(Conversation.public_id)
        .join(Address, Address.id == Conversation.address_id)
        .where(Address.contact_id.in_([contact.id for contact in contacts]))
    )
    return or_(
        AuditEntry.subject.in_([contact.public_id for contact in contacts]),
        AuditEntry.subject.in_(conversations),
    )


async def locked_with_everything(session: AsyncSession, contact_id: str) -> Contact:
    """The contact of an id, with addresses and conversations, locked until the end.

    Rows are locked in one order everywhere: addresses, conversations, contacts.

    Raises:
        NotFoundError: there is none of that id, or they were merged or erased.
    """
    of_contact = select(Address.id).where(
        Address.contact_id.in_(
            select(Contact.id).where(Contact.public_id == contact_id)
        )
    )
    await session.execute(
        select(Address.id)
        .where(Address.id.in_(of_contact))
        .order_by(Address.id)
        .with_for_update(key_share=True)
    )
    await session.execute(
        select(Conversation.id)
        .where(Conversation.address_id.in_(of_contact))
        .order_by(Conversation.id)
        .with_for_update(key_share=True)
    )
    contact = await session.scalar(
        select(Contact)
        .where(
            Contact.public_id == contact_id,
            Contact.merged_into_id.is_(None),
            Contact.erased_at.is_(None),
        )
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    )
    if contact is None:
        raise NotFoundError(f"there is no contact {contact_id}, or not any more")
    return contact
