"""Everything we hold of a contact, as one object for a JSON file.

``docs/contact-export.md`` tells its reader what is in it.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from enum import Enum
from typing import Any

from sqlalchemy import Table, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.account_numbers import all_shortened
from bot.conversations.contacts.contact_file import found_contact
from bot.conversations.contacts.contacts import log_contact
from bot.conversations.contacts.traces import Traces, about, everybody_merged, traces_of
from bot.conversations.models import (
    Address,
    Consent,
    Contact,
    ContactLabel,
    Conversation,
    ConversationLabel,
    Delivery,
    Label,
    Message,
    Note,
    ReadMark,
)
from bot.conversations.service import Conversations
from bot.database import Base
from bot.staff import AuditEntry, StaffMember

FORMAT = "enquiry-assistant contact, version 1"
Entry = dict[str, object]

# These have a place of their own in the file, or are about staff alone.
PLACED = frozenset(
    model.__tablename__
    for model in (
        Contact,
        Address,
        Conversation,
        Message,
        Delivery,
        Note,
        Consent,
        ContactLabel,
        ConversationLabel,
        ReadMark,
    )
)


async def export_contact(
    conversations: Conversations, contact_id: str, *, member_id: int | None = None
) -> Entry:
    """Everything of a contact, also of those merged into them; it is written down.

    Raises:
        NotFoundError: there is no such contact, or not any more.
    """
    async with conversations.transaction() as transaction:
        session = transaction.session
        contact = await found_contact(session, contact_id)
        everybody = await everybody_merged(session, contact)
        log_contact(transaction, "contact_exported", contact, member_id=member_id)
        await session.flush()
        rows = await _Rows.read(session, traces_of([one.id for one in everybody]))
        contacts = rows.of(Contact)
        return {
            "format": FORMAT,
            "exported_at": transaction.now.isoformat(),
            "contact": next(one for one in contacts if one["id"] == contact.id),
            "merged": [one for one in contacts if one["id"] != contact.id],
            "labels": await _labels(session, rows.of(ContactLabel)),
            "consents": rows.of(Consent),
            "addresses": rows.of(Address),
            "conversations": await _conversations(session, rows),
            "audit": await _audit(session, everybody),
            "other": {
                table: found
                for table, found in rows.found.items()
                if table not in PLACED and found
            },
        }


class _Rows:
    """Rows of every table as objects, with the names of staff in place of numbers."""

    def __init__(self, found: Mapping[str, Sequence[Entry]]) -> None:
        self.found = found

    @classmethod
    async def read(cls, session: AsyncSession, traces: Traces) -> "_Rows":
        members = await session.execute(select(StaffMember.id, StaffMember.name))
        staff: dict[int, str] = {row.id: row.name for row in members}
        found: dict[str, list[Entry]] = {}
        for table, where in traces.items():
            rows = await session.execute(
                select(table).where(where).order_by(*table.primary_key)
            )
            found[table.name] = [
                _entry(table, {str(name): row[name] for name in row}, staff)
                for row in rows.mappings()
            ]
        return cls(found)

    def of(self, model: type[Base]) -> Sequence[Entry]:
        """The rows of one table, oldest first."""
        return self.found[model.__tablename__]

    def within(self, model: type[Base], column: str, parent: Entry) -> list[Entry]:
        """Those whose column names the parent, without that column."""
        return [
            {name: value for name, value in row.items() if name != column}
            for row in self.of(model)
            if row[column] == parent["id"]
        ]


def _entry(table: Table, row: Mapping[str, Any], staff: Mapping[int, str]) -> Entry:
    members = {
        key.parent.name
        for key in table.foreign_keys
        if key.column.table.name == StaffMember.__tablename__
    }
    return {
        name.removesuffix("_id") if name in members else name: (
            staff.get(value) if name in members else _plain(value)
        )
        for name, value in row.items()
    }


def _plain(value: object) -> object:
    if isinstance(value, datetime):
        return value.isoformat()
    return value.value if isinstance(value, Enum) else all_shortened(value)


async def _conversations(session: AsyncSession, rows: _Rows) -> list[Entry]:
    found = []
    for one in rows.of(Conversation):
        labels = rows.within(ConversationLabel, "conversation_id", one)
        messages = [
            {**message, "deliveries": rows.within(Delivery, "message_id", message)}
            for message in rows.within(Message, "conversation_id", one)
        ]
        found.append(
            {
                **one,
                "labels": await _labels(session, labels),
                "messages": messages,
                "notes": rows.within(Note, "conversation_id", one),
            }
        )
    return found


async def _labels(session: AsyncSession, rows: Sequence[Entry]) -> list[str]:
    ids = [row["label_id"] for row in rows]
    names = await session.scalars(
        select(Label.name).where(Label.id.in_(ids)).order_by(Label.name)
    )
    return list(names)


async def _audit(session: AsyncSession, contacts: Sequence[Contact]) -> list[Entry]:
    rows = await session.execute(
        select(AuditEntry, StaffMember.name)
        .outerjoin(StaffMember, StaffMember.id == AuditEntry.member_id)
        .where(about(contacts))
        .order_by(AuditEntry.id)
    )
    return [
        {
            "at": entry.created_at.isoformat(),
            "who": name,
            "action": entry.action,
            "subject": entry.subject,
            "detail": entry.detail,
        }
        for entry, name in rows
    ]
