"""The event log, written with what it tells of, and the bus that wakes its readers."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractContextManager, asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

import psycopg
from sqlalchemy import func, select, text
from sqlalchemy.engine import make_url
from sqlalchemy.ext.asyncio import AsyncSession

from bot.conversations.models import Event, EventKind, Status
from bot.database import Database
from bot.logs import get_logger

EVENT_LOCK = 7_301_002
CHANNEL = "bot_events"
SIGNS = "bot_signs"
RECONNECT_SECONDS = 1.0

log = get_logger()


class Bus(Protocol):
    """Tells whoever reads the event log that there is more to read."""

    def subscribe(self) -> AbstractContextManager["Subscription"]:
        """Wake-ups for one reader, while the context lasts."""
        ...

    def wake(self) -> None:
        """Wake the readers of this process."""
        ...

    def hear_signs(self, hearer: Callable[[str], None]) -> None:
        """Let ``hearer`` have what other processes announce."""
        ...

    async def run(self) -> None:
        """Carry wake-ups between processes until cancelled."""
        ...


class Subscription:
    """One reader's wake-up call; ``address_id`` limits it to what concerns one address.

    Only the ``Feed`` knows of addresses: whoever subscribes to a bus hears everything.
    """

    def __init__(self) -> None:
        self.address_id: int | None = None
        self._called = asyncio.Event()

    def call(self) -> None:
        """Wake the reader, now or when it next waits."""
        self._called.set()

    async def wait(self, *, seconds: float) -> bool:
        """Whether there was a call within ``seconds``."""
        try:
            async with asyncio.timeout(seconds):
                await self._called.wait()
        except TimeoutError:
            return False
        self._called.clear()
        return True


class ProcessBus:
    """Wakes the readers of this process; enough where there is only one."""

    def __init__(self) -> None:
        self._subscriptions: set[Subscription] = set()
        self._hearers: list[Callable[[str], None]] = []

    @contextmanager
    def subscribe(self) -> Iterator[Subscription]:
        """Wake-ups for one reader, while the context lasts."""
        subscription = Subscription()
        self._subscriptions.add(subscription)
        try:
            yield subscription
        finally:
            self._subscriptions.discard(subscription)

    def wake(self) -> None:
        """Wake every reader."""
        for subscription in self._subscriptions:
            subscription.call()

    def hear_signs(self, hearer: Callable[[str], None]) -> None:
        """Let ``hearer`` have what other processes announce."""
        self._hearers.append(hearer)

    async def run(self) -> None:
        """Nothing to carry."""


class PostgresBus(ProcessBus):
    """Also hears of what other processes wrote, through ``LISTEN``."""

    def __init__(self, address: str) -> None:
        super().__init__()
        url = make_url(address).set(drivername="postgresql")
        self._address = url.render_as_string(hide_password=False)

    async def run(self) -> None:
        """Listen until cancelled, connecting again whenever the line breaks."""
        while True:
            try:
                await self._listen()
            except psycopg.OperationalError:
                log.warning("bus_disconnected")
                await asyncio.sleep(RECONNECT_SECONDS)

    async def _listen(self) -> None:
        async with await psycopg.AsyncConnection.connect(
            self._address, autocommit=True
        ) as connection:
            for channel in (CHANNEL, SIGNS):
                await connection.execute(f"LISTEN {channel}")
            self.wake()  # whatever was written while nobody listened
            async for notice in connection.notifies():
                if notice.channel == CHANNEL:
                    self.wake()
                else:
                    for hearer in self._hearers:
                        hearer(notice.payload)


def bus_for(database: Database) -> Bus:
    """The bus that fits a database."""
    return ProcessBus() if database.sqlite else PostgresBus(database.address)


@dataclass(slots=True)
class Transaction:
    """A write in progress, and the events that tell of it."""

    session: AsyncSession
    now: datetime
    events: list[Event] = field(default_factory=list)

    def record(
        self,
        kind: EventKind,
        conversation_id: int,
        *,
        status: Status | None = None,
        message: int | None = None,
        delivery: int | None = None,
        staff_member: int | None = None,
    ) -> None:
        """Write an event down when the transaction ends."""
        self.events.append(
            Event(
                conversation_id=conversation_id,
                kind=kind,
                created_at=self.now,
                message_id=message,
                delivery_id=delivery,
                status=status,
                staff_member_id=staff_member,
            )
        )


class EventLog:
    """Write transactions whose events are stored with them and then announced."""

    def __init__(self, database: Database, bus: Bus) -> None:
        self.database = database
        self.bus = bus

    @asynccontextmanager
    async def transaction(self, now: datetime) -> AsyncIterator[Transaction]:
        """A write; its events go in last, so their lock is held only briefly."""
        async with self.database.write() as session:
            transaction = Transaction(session, now)
            yield transaction
            await self._store(transaction)
        if transaction.events:
            self.bus.wake()

    async def announce(self, sign: str) -> None:
        """Tell other processes something that is not worth storing."""
        if self.database.sqlite:
            return  # there are none
        async with self.database.write() as session:
            await session.execute(select(func.pg_notify(SIGNS, sign)))

    async def _store(self, transaction: Transaction) -> None:
        if not transaction.events:
            return
        session = transaction.session
        await session.flush()
        if not self.database.sqlite:
            # One at a time, so that ids appear in the order in which readers see them.
            await session.execute(
                text("SELECT pg_advisory_xact_lock(:key)"), {"key": EVENT_LOCK}
            )
            await session.execute(text(f"NOTIFY {CHANNEL}"))
        session.add_all(transaction.events)
        await session.flush()
