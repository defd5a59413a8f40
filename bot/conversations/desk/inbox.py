"""The inbox: which conversations a staff member sees in a list, and in what order."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Row, ScalarSelect, Select, and_, func, select
from sqlalchemy.orm import aliased

from bot.account_numbers import shortened
from bot.conversations.contacts.contact_file import contact_name, labels_of
from bot.conversations.desk.choosing import (
    UNCOUNTED,
    Choice,
    View,
    awake,
    chosen,
    within,
)
from bot.conversations.handoff.crowds import crowds_of
from bot.conversations.models import (
    Address,
    Contact,
    Conversation,
    Message,
    ReadMark,
    Status,
)
from bot.conversations.ports import Author
from bot.database import Database
from bot.staff import StaffMember

Columns = tuple[Conversation, Address, str | None, str, str, Message, bool]

PAGE = 50
SNIPPET = 160


@dataclass(frozen=True, slots=True, kw_only=True)
class InboxRow:
    """A conversation in a list; ``waiting_since`` is when it was handed over.

    ``meant_for`` is who should take it, while they are there.

    ``crowd`` is how many wait who write from the same network, where this is a new
    contact and they are many; else 0.
    """

    id: str
    channel: str
    contact: str
    status: Status
    reason: str | None
    waiting_since: datetime | None
    language: str | None
    assignee: str | None
    meant_for: str | None
    last_text: str
    last_at: datetime
    unread: bool
    snoozed_until: datetime | None
    overdue: bool
    labels: Sequence[str]
    crowd: int


@dataclass(frozen=True, slots=True, kw_only=True)
class InboxPage:
    """Some rows of a list, and whether there are more after them."""

    rows: Sequence[InboxRow]
    more: bool


async def inbox(
    database: Database, choice: Choice, *, member_id: int, now: datetime
) -> InboxPage:
    """A page of one list."""
    query = chosen(choice, member_id=member_id, now=now)
    first = (choice.page - 1) * PAGE
    async with database.read() as session:
        ids = (await session.scalars(query.offset(first).limit(PAGE + 1))).all()
        rows = await session.execute(_rows(ids[:PAGE], member_id))
        found = {row[0].id: row for row in rows}
        labels = await labels_of(session, ids[:PAGE])
        crowds = await crowds_of(session, ids[:PAGE])
    return InboxPage(
        rows=[
            _row(found[one], labels=labels.get(one, ()), crowd=crowds.get(one, 0))
            for one in ids[:PAGE]
        ],
        more=len(ids) > PAGE,
    )


async def counts(
    database: Database, *, member_id: int, now: datetime
) -> Mapping[View, int]:
    """How many conversations each list holds that is counted, without the snoozed."""
    shown = [view for view in View if view not in UNCOUNTED]
    async with database.read() as session:
        row = (
            await session.execute(
                select(
                    *(
                        select(func.count())
                        .select_from(Conversation)
                        .where(within(view, member_id), awake(now))
                        .scalar_subquery()
                        for view in shown
                    )
                )
            )
        ).one()
    return dict(zip(shown, row, strict=True))


def _rows(ids: Sequence[int], member_id: int) -> Select[*Columns]:
    last, meant_for = aliased(Message), aliased(StaffMember)
    return (
        select(
            Conversation,
            Address,
            Contact.name,
            StaffMember.name,
            meant_for.name,
            last,
            _unread(),
        )
        .join(Address, Address.id == Conversation.address_id)
        .join(Contact, Contact.id == Address.contact_id)
        .outerjoin(StaffMember, StaffMember.id == Conversation.assignee_id)
        .outerjoin(
            meant_for,
            and_(
                meant_for.id == Conversation.meant_for_id,
                meant_for.away_since.is_(None),
                meant_for.revoked_at.is_(None),
            ),
        )
        .outerjoin(last, last.id == _newest_of_contact())
        .outerjoin(
            ReadMark,
            and_(
                ReadMark.conversation_id == Conversation.id,
                ReadMark.staff_member_id == member_id,
            ),
        )
        .where(Conversation.id.in_(ids))
    )


def _unread() -> ColumnElement[bool]:
    return and_(
        Conversation.status.in_((Status.WAITING, Status.STAFF)),
        func.coalesce(_newest_of_contact(), 0) > func.coalesce(ReadMark.message_id, 0),
    )


def _newest_of_contact() -> ScalarSelect[int]:
    return (
        select(func.max(Message.id))
        .where(
            Message.conversation_id == Conversation.id,
            Message.author == Author.CONTACT,
        )
        .correlate(Conversation)
        .scalar_subquery()
    )


def _row(row: Row[*Columns], *, labels: Sequence[str], crowd: int) -> InboxRow:
    conversation, address, name, assignee, meant_for, last, unread = row
    return InboxRow(
        id=conversation.public_id,
        channel=address.channel,
        contact=contact_name(address, name),
        status=conversation.status,
        reason=conversation.handoff_reason,
        waiting_since=conversation.handed_off_at,
        language=conversation.language,
        assignee=assignee if conversation.status is Status.STAFF else None,
        meant_for=meant_for if conversation.status is Status.WAITING else None,
        last_text=_snippet(last),
        last_at=conversation.last_message_at or conversation.created_at,
        unread=bool(unread),
        snoozed_until=conversation.snoozed_until,
        overdue=conversation.overdue_since is not None,
        labels=labels,
        crowd=crowd,
    )


def _snippet(last: Message | None) -> str:
    return " ".join(shortened(last.text).split())[:SNIPPET] if last else ""
