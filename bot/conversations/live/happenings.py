"""What happened anywhere, read once for all the streams that are open."""

from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import takewhile

from sqlalchemy import and_, func, select

from bot.conversations.live.events import EventLog, Subscription
from bot.conversations.models import (
    Address,
    Conversation,
    Event,
    EventKind,
    Message,
    Status,
)
from bot.conversations.ports import Author
from bot.database import Database
from bot.logs import get_logger
from bot.staff import StaffMember

READ_AT_ONCE = 200
KEPT = 500
# What nobody told this process of (a command on SQLite, a line that broke) is found
# this much later.
LOOK_EVERY_SECONDS = 1.0

log = get_logger()


@dataclass(frozen=True, slots=True, kw_only=True)
class Happening:
    """An event as streams hear of it, without words; pages fetch what they show.

    ``holder`` is the staff member who holds the conversation now, by name.
    """

    id: int
    kind: EventKind
    conversation_id: str
    status: Status | None
    author: Author | None
    address_id: int
    holder: str | None = None


class Feed:
    """The one reader of the event log for every stream of this process.

    It wakes those that a happening concerns, and keeps the newest happenings, so that
    a stream that is up to date asks the database nothing.
    """

    def __init__(self, events: EventLog, *, kept: int = KEPT) -> None:
        self._database, self._bus = events.database, events.bus
        self._listeners: set[Subscription] = set()
        self._recent: deque[Happening] = deque(maxlen=kept)
        self._newest: int | None = None
        self._complete_after = 0

    @contextmanager
    def subscribe(self) -> Iterator[Subscription]:
        """Wake-ups for one stream, while the context lasts."""
        subscription = Subscription()
        self._listeners.add(subscription)
        try:
            yield subscription
        finally:
            self._listeners.discard(subscription)

    async def after(self, place: int) -> Sequence[Happening]:
        """What happened anywhere after an event, oldest first; perhaps only a part."""
        if self._newest is None or place < self._complete_after:
            return await happenings(self._database, after=place)
        newer = takewhile(lambda one: one.id > place, reversed(self._recent))
        return list(newer)[::-1]

    async def run(self) -> None:
        """Read whatever is written, until cancelled."""
        with self._bus.subscribe() as subscription:
            while True:
                try:
                    while await self._read():
                        pass
                except Exception:
                    log.exception("feed_read_failed")
                await subscription.wait(seconds=LOOK_EVERY_SECONDS)

    async def _read(self) -> bool:
        """Read on and wake whom it concerns; whether there may be more."""
        if self._newest is None:
            newest = await newest_event(self._database)
            self._newest = self._complete_after = newest
            self._wake(None)
            return True
        found = await happenings(self._database, after=self._newest)
        for happening in found:
            if len(self._recent) == self._recent.maxlen:
                self._complete_after = self._recent[0].id
            self._recent.append(happening)
            self._newest = happening.id
        self._wake({happening.address_id for happening in found})
        return len(found) == READ_AT_ONCE

    def _wake(self, addresses: set[int] | None) -> None:
        if addresses is not None and not addresses:
            return
        for listener in self._listeners:
            only = listener.address_id
            if addresses is None or only is None or only in addresses:
                listener.call()


async def happenings(
    database: Database, *, after: int, limit: int = READ_AT_ONCE
) -> list[Happening]:
    """What happened anywhere after an event, oldest first."""
    async with database.read() as session:
        rows = await session.execute(
            select(
                Event.id,
                Event.kind,
                Conversation.public_id,
                Event.status,
                Message.author,
                Conversation.address_id,
                StaffMember.name,
            )
            .join(Conversation, Conversation.id == Event.conversation_id)
            .outerjoin(
                StaffMember,
                and_(
                    StaffMember.id == Conversation.assignee_id,
                    Conversation.status == Status.STAFF,
                ),
            )
            .outerjoin(Message, Message.id == Event.message_id)
            .where(Event.id > after)
            .order_by(Event.id)
            .limit(limit)
        )
        return [
            Happening(
                id=event_id,
                kind=kind,
                conversation_id=public_id,
                status=status,
                author=author,
                address_id=address_id,
                holder=holder,
            )
            for event_id, kind, public_id, status, author, address_id, holder in rows
        ]


async def newest_event(database: Database) -> int:
    """The id of the last event, or 0."""
    async with database.read() as session:
        return await session.scalar(select(func.max(Event.id))) or 0


async def address_id(database: Database, channel: str, key: str) -> int | None:
    """The id of an address; None if nobody has been met there."""
    async with database.read() as session:
        return await session.scalar(
            select(Address.id).where(Address.channel == channel, Address.key == key)
        )


async def said_so_far(database: Database, conversation_id: str) -> str:
    """How the reply begins that the bot is making; empty while there is nothing."""
    async with database.read() as session:
        found = await session.scalar(
            select(Conversation.said_so_far).where(
                Conversation.public_id == conversation_id
            )
        )
    return found or ""
