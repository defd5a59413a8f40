"""Call-backs as staff work through them: the list, and what came of each."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.conversations.contacts.contact_file import contact_name
from bot.conversations.desk.call_corrections import typed_number, typed_time
from bot.conversations.handoff.calls import number_zone
from bot.conversations.handoff.waiting_times import remind_at
from bot.conversations.live.events import Transaction
from bot.conversations.models import Address, Contact, Conversation, EventKind
from bot.conversations.models.call_back import CallBack
from bot.conversations.opening_hours import after_open_time
from bot.conversations.service import Conversations
from bot.conversations.spoken.time_zones import zone_named, zone_shown
from bot.conversations.states import CallState
from bot.conversations.threads import locked
from bot.database import Database
from bot.errors import NotFoundError
from bot.staff import StaffMember, staff_member
from bot.staff.audit import write_down

TRY_AGAIN_AFTER = timedelta(hours=1)
CLOSED_SHOWN = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class CallView:
    """A call-back as staff read it; ``their_time`` is the contact's clock."""

    id: str
    conversation_id: str
    contact: str
    number: str | None
    preferred: str | None
    due_at: datetime | None
    their_time: datetime | None
    their_zone: str | None
    state: CallState
    attempts: int
    last_attempt_at: datetime | None
    created_at: datetime


class CallDesk:
    """What staff do with call-backs."""

    def __init__(self, conversations: Conversations) -> None:
        self._conversations = conversations

    async def done(self, call_id: str, *, member: str) -> None:
        """They were reached."""
        await self._close(call_id, CallState.DONE, "call_back_done", member=member)

    async def give_up(self, call_id: str, *, member: str) -> None:
        """They were not reached, and nobody tries again."""
        await self._close(
            call_id, CallState.NOT_REACHED, "call_back_given_up", member=member
        )

    async def not_reached(self, call_id: str, *, member: str) -> None:
        """Nobody answered; it is due again after some opening time."""
        async with self._changing(call_id, "call_back_tried", member) as (now, call, _):
            again_at = after_open_time(
                self._conversations.organisation, now, TRY_AGAIN_AFTER
            )
            call.tried(again_at=again_at, now=now)

    async def correct(
        self, call_id: str, *, number: str, when: str, member: str
    ) -> None:
        """Number and time as staff typed them; an empty field: not known.

        Raises:
            ConversationError: one of them cannot be; the text says why.
        """
        organisation = self._conversations.organisation
        zone = organisation.time_zone
        action = "call_back_corrected"
        async with self._changing(call_id, action, member) as (now, call, _):
            call.correct(
                number=typed_number(number, call),
                due_at=typed_time(when, call, time_zone=zone, now=now),
                if_any_time=remind_at(organisation, now),
            )
            call.time_zone = call.time_zone or number_zone(call.number)

    async def _close(
        self, call_id: str, state: CallState, action: str, *, member: str
    ) -> None:
        async with self._changing(call_id, action, member) as (now, call, who):
            call.close(state, now=now, member_id=who.id)

    @asynccontextmanager
    async def _changing(
        self, call_id: str, action: str, member: str
    ) -> AsyncIterator[tuple[datetime, CallBack, StaffMember]]:
        async with self._conversations.transaction() as transaction:
            call, conversation = await _locked(transaction, call_id)
            who = await staff_member(transaction.session, member, now=transaction.now)
            yield transaction.now, call, who
            transaction.record(EventKind.CALL_BACK_UPDATED, conversation.id)
            write_down(
                transaction.session,
                action,
                now=transaction.now,
                member_id=who.id,
                subject=conversation.public_id,
            )


async def open_calls(database: Database, *, time_zone: str) -> Sequence[CallView]:
    """Who waits for a call, the one that is due first on top."""
    due = func.coalesce(CallBack.due_at, CallBack.created_at)
    async with database.read() as session:
        return await _views(
            session,
            CallBack.state == CallState.OPEN,
            time_zone,
            (due, CallBack.id.asc()),
        )


async def closed_calls(database: Database, *, time_zone: str) -> Sequence[CallView]:
    """The calls that ended last."""
    async with database.read() as session:
        return await _views(
            session,
            CallBack.state != CallState.OPEN,
            time_zone,
            (CallBack.closed_at.desc(),),
            limit=CLOSED_SHOWN,
        )


async def calls_of(
    session: AsyncSession, conversation: Conversation, *, time_zone: str
) -> Sequence[CallView]:
    """The calls of one conversation, the newest first."""
    return await _views(
        session,
        CallBack.conversation_id == conversation.id,
        time_zone,
        (CallBack.id.desc(),),
    )


async def count_open(database: Database) -> int:
    """How many wait for a call."""
    async with database.read() as session:
        found = await session.scalar(
            select(func.count()).where(CallBack.state == CallState.OPEN)
        )
    return found or 0


async def _locked(
    transaction: Transaction, call_id: str
) -> tuple[CallBack, Conversation]:
    """The call and its conversation, locked in this order everywhere."""
    session = transaction.session
    conversation = await session.scalar(
        locked(
            Conversation.id.in_(
                select(CallBack.conversation_id).where(CallBack.public_id == call_id)
            )
        )
    )
    call = await session.scalar(select(CallBack).where(CallBack.public_id == call_id))
    if call is None or conversation is None:
        raise NotFoundError(f"there is no call-back {call_id}")
    return call, conversation


async def _views(
    session: AsyncSession,
    where: ColumnElement[bool],
    time_zone: str,
    order: Sequence[ColumnElement[Any]],
    *,
    limit: int | None = None,
) -> list[CallView]:
    rows = await session.execute(
        select(CallBack, Conversation.public_id, Address, Contact.name)
        .join(Conversation, Conversation.id == CallBack.conversation_id)
        .join(Address, Address.id == Conversation.address_id)
        .join(Contact, Contact.id == Address.contact_id)
        .where(where)
        .order_by(*order)
        .limit(limit)
    )
    return [
        _view(call, conversation_id, contact_name(address, name), time_zone)
        for call, conversation_id, address, name in rows
    ]


def _view(
    call: CallBack, conversation_id: str, contact: str, time_zone: str
) -> CallView:
    theirs = call.time_zone if call.time_zone != time_zone else None
    return CallView(
        id=call.public_id,
        conversation_id=conversation_id,
        contact=contact,
        number=call.number,
        preferred=call.preferred,
        due_at=call.due_at,
        their_time=call.due_at.astimezone(zone_named(theirs))
        if call.due_at and theirs
        else None,
        their_zone=zone_shown(theirs) if theirs else None,
        state=call.state,
        attempts=call.attempts,
        last_attempt_at=call.last_attempt_at,
        created_at=call.created_at,
    )
