"""The inbox: which conversations a staff member sees in a list, and in what order."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import (
    ColumnElement,
    ScalarSelect,
    Select,
    and_,
    case,
    func,
    or_,
    select,
)
from sqlalchemy.orm import aliased

from bot.conversations.models import (
    Address,
    Conversation,
    Message,
    ReadMark,
    Status,
)
from bot.conversations.ports import Author
from bot.database import Database
from bot.staff import StaffMember

Rows = Select[Conversation, Address, str, Message, bool]

SHOWN = 100
SNIPPET = 160


class View(StrEnum):
    """A list of the inbox."""

    WAITING = "waiting"
    MINE = "mine"
    ALL = "all"
    BOT = "bot"
    RESOLVED = "resolved"


@dataclass(frozen=True, slots=True, kw_only=True)
class InboxRow:
    """A conversation in a list; ``waiting_since`` is when it was handed over."""

    id: str
    channel: str
    contact: str
    status: Status
    reason: str | None
    waiting_since: datetime | None
    language: str | None
    assignee: str | None
    last_text: str
    last_at: datetime
    unread: bool
    snoozed_until: datetime | None


async def inbox(
    database: Database,
    view: View,
    *,
    member_id: int,
    now: datetime,
    search: str = "",
) -> list[InboxRow]:
    """One list; with ``search`` those whose contact wrote these words, in any view."""
    last = aliased(Message)
    query = (
        select(Conversation, Address, StaffMember.name, last, _unread())
        .join(Address, Address.id == Conversation.address_id)
        .outerjoin(StaffMember, StaffMember.id == Conversation.assignee_id)
        .outerjoin(last, last.id == _newest_of_contact())
        .outerjoin(
            ReadMark,
            and_(
                ReadMark.conversation_id == Conversation.id,
                ReadMark.staff_member_id == member_id,
            ),
        )
        .where(_found(search) if search else _within(view, member_id))
        .limit(SHOWN)
    )
    async with database.read() as session:
        rows = await session.execute(_ordered(query, view, now, searching=bool(search)))
        return [_row(*row) for row in rows]


async def counts(
    database: Database, *, member_id: int, now: datetime
) -> Mapping[View, int]:
    """How many conversations each list holds; waiting ones without the snoozed."""
    awake = or_(Conversation.snoozed_until.is_(None), Conversation.snoozed_until <= now)
    shown = [view for view in View if view is not View.RESOLVED]
    async with database.read() as session:
        row = (
            await session.execute(
                select(
                    *(
                        func.count(case((and_(_within(view, member_id), awake), 1)))
                        for view in shown
                    )
                )
                .select_from(Conversation)
                .where(Conversation.status != Status.RESOLVED)
            )
        ).one()
    return dict(zip(shown, row, strict=True))


def contact_name(address: Address) -> str:
    """How staff tell contacts apart: a number, or the start of a random id."""
    if address.channel == "web":
        return f"Visitor {address.public_id[:5]}"
    return address.sender.removeprefix(f"{address.channel}:")


def _within(view: View, member_id: int) -> ColumnElement[bool]:
    match view:
        case View.WAITING:
            return Conversation.status == Status.WAITING
        case View.MINE:
            return and_(
                Conversation.status == Status.STAFF,
                Conversation.assignee_id == member_id,
            )
        case View.BOT:
            return Conversation.status == Status.BOT
        case View.RESOLVED:
            return Conversation.status == Status.RESOLVED
        case View.ALL:
            return Conversation.status != Status.RESOLVED


def _found(search: str) -> ColumnElement[bool]:
    words = Message.text.icontains(search, autoescape=True)
    said = select(Message.conversation_id).where(
        Message.author == Author.CONTACT, words
    )
    number = Address.sender.contains(search, autoescape=True)
    return or_(
        Conversation.id.in_(said),
        and_(Address.channel != "web", number),
        Address.public_id.startswith(search.removeprefix("Visitor "), autoescape=True),
    )


def _ordered(
    query: Rows,
    view: View,
    now: datetime,
    *,
    searching: bool,
) -> Rows:
    if view is View.WAITING and not searching:
        asleep = case((Conversation.snoozed_until > now, 1), else_=0)
        return query.order_by(asleep, Conversation.handed_off_at, Conversation.id)
    return query.order_by(
        Conversation.last_message_at.desc().nulls_last(), Conversation.id.desc()
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


def _row(
    conversation: Conversation,
    address: Address,
    assignee: str | None,
    last: Message | None,
    unread: object,
) -> InboxRow:
    return InboxRow(
        id=conversation.public_id,
        channel=address.channel,
        contact=contact_name(address),
        status=conversation.status,
        reason=conversation.handoff_reason,
        waiting_since=conversation.handed_off_at,
        language=conversation.language,
        assignee=assignee if conversation.status is Status.STAFF else None,
        last_text=" ".join(last.text.split())[:SNIPPET] if last else "",
        last_at=conversation.last_message_at or conversation.created_at,
        unread=bool(unread),
        snoozed_until=conversation.snoozed_until,
    )
