"""Forgetting a contact: what is theirs goes, what is counted stays without words."""

from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import timedelta
from typing import Any

from sqlalchemy import (
    JSON,
    Column,
    ColumnElement,
    Enum,
    String,
    Table,
    bindparam,
    delete,
    func,
    null,
    select,
    update,
)
from sqlalchemy.ext.asyncio import AsyncSession

from bot.conversations.contacts.contact_file import found_contact
from bot.conversations.contacts.erased_gaps import forget_in_gaps
from bot.conversations.contacts.traces import (
    Traces,
    everybody_merged,
    locked_with_everything,
    traces_of,
)
from bot.conversations.handoff.changing import status_changed
from bot.conversations.live.events import Transaction
from bot.conversations.models import (
    OPEN_DELIVERIES,
    Address,
    Contact,
    Conversation,
    Delivery,
    DeliveryState,
    Event,
    Message,
    Status,
)
from bot.conversations.models.columns import public_id
from bot.conversations.service import Conversations
from bot.database import Base
from bot.errors import ConversationError
from bot.logs import get_logger
from bot.staff.audit import write_down

# Rows of these tables stay, to be counted; every other row of the contact's goes. Of a
# row that stays, every column that can hold words is emptied but these.
STAYS: Mapping[str, frozenset[str]] = {
    Contact.__tablename__: frozenset({"public_id"}),
    Address.__tablename__: frozenset({"public_id", "channel", "key"}),
    Conversation.__tablename__: frozenset({"public_id", "language"}),
    Message.__tablename__: frozenset({"public_id"}),
    Delivery.__tablename__: frozenset({"public_id", "error_code"}),
    Event.__tablename__: frozenset(),
}
# By these, others could still tell whose row it was: they get new ones.
RENAMED: Mapping[str, Mapping[str, Callable[[], str]]] = {
    Address.__tablename__: {
        "public_id": public_id,
        "key": lambda: f"erased {public_id()}",
    },
    Message.__tablename__: {"public_id": public_id},
    Delivery.__tablename__: {"public_id": public_id},
}
AT_ONCE = 100

log = get_logger()


class Erasing:
    """Forgets contacts, one at a time or all who have been silent for long."""

    def __init__(self, conversations: Conversations) -> None:
        self._conversations = conversations

    async def erase(self, contact_id: str, *, member_id: int | None = None) -> None:
        """Remove every trace of a contact, also of those merged into them.

        The database is written anew, for a page may keep what was on it.

        Raises:
            ConversationError: a message to them is being sent at this moment.
            NotFoundError: there is no such contact, or not any more.
        """
        await self._erase(contact_id, member_id=member_id)
        if not await self._conversations.events.database.rewrite():
            log.warning("database_not_rewritten")

    async def _erase(self, contact_id: str, *, member_id: int | None) -> None:
        async with self._conversations.transaction() as transaction:
            session = transaction.session
            contact = await found_contact(session, contact_id)
            contact = await locked_with_everything(session, contact.public_id)
            await erase_within(transaction, contact, member_id=member_id)

    async def erase_silent(self, after: timedelta) -> int:
        """Erase who has not written for so long, and waits for nobody; how many.

        Pages of the database may keep what was on them until it is written anew.
        """
        oldest = self._conversations.clock() - after
        last = func.max(func.coalesce(Address.last_inbound_at, Address.created_at))
        held = (
            select(Address.contact_id)
            .join(Conversation, Conversation.address_id == Address.id)
            .where(Conversation.status.in_((Status.WAITING, Status.STAFF)))
        )
        async with self._conversations.events.database.read() as session:
            silent = await session.scalars(
                select(Contact.public_id)
                .join(Address, Address.contact_id == Contact.id)
                .where(Contact.erased_at.is_(None), Contact.id.not_in(held))
                .group_by(Contact.id)
                .having(last < oldest)
                .limit(AT_ONCE)
            )
            found = silent.all()
        for contact_id in found:
            with suppress(ConversationError):  # met at its next turn
                await self._erase(contact_id, member_id=None)
        return len(found)


async def erase_within(
    transaction: Transaction, contact: Contact, *, member_id: int | None
) -> None:
    """Remove every trace of a contact who is locked with everything of theirs.

    Raises:
        ConversationError: a message to them is being sent at this moment.
    """
    session = transaction.session
    everybody = await everybody_merged(session, contact)
    traces = traces_of([one.id for one in everybody])
    await _require_nothing_on_its_way(session, traces)
    await _close(transaction, traces)
    await session.flush()
    messages = select(Message.id).where(traces[_table(Message)])
    await forget_in_gaps(session, (await session.scalars(messages)).all())
    await _remove(session, traces)
    for one in everybody:
        one.erased_at = transaction.now
    write_down(
        session,
        "contact_erased",
        now=transaction.now,
        member_id=member_id,
        subject=contact.public_id,
    )


async def _require_nothing_on_its_way(session: AsyncSession, traces: Traces) -> None:
    """A send that is under way would write down afterwards what it was."""
    sending = await session.scalar(
        select(Delivery.id).where(
            traces[_table(Delivery)],
            Delivery.state.in_(OPEN_DELIVERIES),
            Delivery.lease_until.is_not(None),
        )
    )
    if sending is not None:
        raise ConversationError(
            "a message to them is being sent at this moment; try again in a minute"
        )


async def _close(transaction: Transaction, traces: Traces) -> None:
    """Nothing is owed to them any more."""
    for conversation in await transaction.session.scalars(
        select(Conversation).where(
            traces[_table(Conversation)], Conversation.status != Status.RESOLVED
        )
    ):
        conversation.resolve(now=transaction.now)
        await status_changed(transaction, conversation)
    await transaction.session.execute(
        update(Delivery)
        .where(traces[_table(Delivery)], Delivery.state.in_(OPEN_DELIVERIES))
        .values(state=DeliveryState.CANCELLED)
    )


async def _remove(session: AsyncSession, traces: Traces) -> None:
    for table, where in reversed(list(traces.items())):
        if table.name not in STAYS:
            await session.execute(delete(table).where(where))
    for table, where in reversed(list(traces.items())):
        if table.name in STAYS:
            await _empty(session, table, where)


async def _empty(
    session: AsyncSession, table: Table, where: ColumnElement[bool]
) -> None:
    ids = (await session.scalars(select(table.c.id).where(where))).all()
    emptied = {
        column.name: _nothing(column)
        for column in table.columns
        if _holds_words(column) and column.name not in STAYS[table.name]
    }
    renamed = RENAMED.get(table.name, {})
    if not ids or not (emptied or renamed):
        return
    await session.execute(
        update(table)
        .where(table.c.id == bindparam("row"))
        .values({**emptied, **{name: bindparam(f"new_{name}") for name in renamed}}),
        [
            {"row": one, **{f"new_{name}": make() for name, make in renamed.items()}}
            for one in ids
        ],
    )


def _holds_words(column: Column[Any]) -> bool:
    """Whether a column may hold anything but numbers, times and fixed words."""
    return isinstance(column.type, String | JSON) and not isinstance(column.type, Enum)


def _nothing(column: Column[Any]) -> object:
    if column.nullable:
        return null()
    return {} if isinstance(column.type, JSON) else ""


def _table(model: type[Base]) -> Table:
    return Base.metadata.tables[model.__tablename__]
