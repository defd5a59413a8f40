"""The event log that no reader misses anything of, and the bus that wakes them."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress

import psycopg
import pytest
from sqlalchemy import select, text

from bot.conversations.desk import queries
from bot.conversations.live.events import (
    Bus,
    EventLog,
    PostgresBus,
    ProcessBus,
    Subscription,
    Transaction,
    bus_for,
)
from bot.conversations.models import Event, EventKind
from bot.database import Database
from tests.support.core import Core
from tests.support.patience import until

OTHER_PHONE = "whatsapp:+447700900456"
WRITERS = 8
MESSAGES_EACH = 6
PATIENCE = 20.0


@asynccontextmanager
async def running(bus: Bus) -> AsyncIterator[None]:
    """Carry the bus's wake-ups while the context lasts."""
    task = asyncio.create_task(bus.run())
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def listeners(database: Database) -> list[int]:
    """The process ids of the connections that listen on this database."""
    async with database.read() as session:
        rows = await session.scalars(
            text(
                "SELECT pid FROM pg_stat_activity WHERE datname = current_database()"
                " AND query LIKE 'LISTEN%' ORDER BY pid"
            )
        )
        return list(rows)


async def listener(database: Database, *, other_than: int = 0) -> int:
    """The process id of the listening connection, once there is one."""
    found: list[int] = []

    async def listens() -> bool:
        found[:] = [pid for pid in await listeners(database) if pid != other_than]
        return bool(found)

    await until(listens)
    return found[0]


async def test_a_reader_that_follows_by_cursor_misses_nothing(core: Core) -> None:
    """Ids appear in order: behind the highest that was seen nothing is added."""
    done = asyncio.Event()
    seen: list[int] = []

    async def write(number: int) -> None:
        phone = f"whatsapp:+4477009003{number:02d}"
        for part in range(MESSAGES_EACH):
            await core.write(f"Message {part}", sender=phone)

    async def follow() -> None:
        while True:
            last_look = done.is_set()
            cursor = seen[-1] if seen else 0
            rows = await core.rows(
                select(Event).where(Event.id > cursor).order_by(Event.id)
            )
            seen.extend(event.id for event in rows)
            if last_look:
                return
            await asyncio.sleep(0)

    reader = asyncio.create_task(follow())
    await asyncio.gather(*(write(number) for number in range(WRITERS)))
    done.set()
    await reader
    stored = [event.id for event in await core.event_log()]
    assert seen == stored
    assert len(stored) == WRITERS * (MESSAGES_EACH + 1)


async def test_an_event_becomes_visible_only_after_those_with_lower_ids(
    core: Core,
) -> None:
    await core.write("Hi")
    async with core.database.write() as session:
        transaction = Transaction(session, core.clock())
        transaction.record(EventKind.DELIVERY_UPDATED, 1)
        await core.events._store(transaction)
        others = asyncio.create_task(core.write("Hello", sender=OTHER_PHONE))
        await asyncio.wait([others], timeout=0.5)
        assert not others.done()
    await others
    kinds = [event.kind for event in await core.event_log()]
    assert kinds[2:] == [
        EventKind.DELIVERY_UPDATED,
        EventKind.CONVERSATION_CREATED,
        EventKind.MESSAGE_CREATED,
    ]


async def test_an_events_transaction_that_fails_leaves_nothing_and_wakes_nobody(
    core: Core,
) -> None:
    await core.write("Hi")
    before = len(await core.event_log())

    async def fail() -> None:
        async with core.events.transaction(core.clock()) as transaction:
            transaction.record(EventKind.MESSAGE_CREATED, 1)
            raise RuntimeError("no")

    with core.events.bus.subscribe() as subscription:
        with pytest.raises(RuntimeError, match="no"):
            await fail()
        assert await subscription.wait(seconds=0) is False
    assert len(await core.event_log()) == before


async def test_a_write_wakes_the_readers_of_its_own_process_at_once(
    core: Core,
) -> None:
    with (
        core.events.bus.subscribe() as one,
        core.events.bus.subscribe() as two,
    ):
        await core.write("Hi")
        assert await one.wait(seconds=0) is True
        assert await two.wait(seconds=0) is True
        assert await one.wait(seconds=0) is False


async def test_a_subscription_ends_with_its_context(core: Core) -> None:
    with core.events.bus.subscribe() as subscription:
        pass
    await core.write("Hi")
    assert await subscription.wait(seconds=0) is False


async def test_a_call_before_the_wait_is_not_lost() -> None:
    subscription = Subscription()
    subscription.call()
    assert await subscription.wait(seconds=0) is True


async def test_each_database_gets_the_bus_that_fits_it(database: Database) -> None:
    expected = ProcessBus if database.sqlite else PostgresBus
    assert type(bus_for(database)) is expected


async def test_in_one_process_there_is_nothing_to_carry() -> None:
    assert await ProcessBus().run() is None  # type: ignore[func-returns-value]


@pytest.fixture
def postgresql(new_postgresql: Callable[[str], str]) -> str:
    return new_postgresql("migrated")


@pytest.fixture
async def two_servers(postgresql: str) -> AsyncIterator[tuple[Core, EventLog]]:
    """A core that writes, and the log of another server on the same database."""
    here, there = Database(postgresql), Database(postgresql)
    core = Core(here)
    yield core, EventLog(there, bus_for(there))
    await core.close()
    await here.close()
    await there.close()


async def test_what_one_server_writes_wakes_another(
    two_servers: tuple[Core, EventLog],
) -> None:
    core, other = two_servers
    async with running(other.bus):
        await listener(other.database)
        with other.bus.subscribe() as subscription:
            await core.write("Hi")
            assert await subscription.wait(seconds=PATIENCE) is True
    assert [event.kind for event in await core.event_log()] == [
        EventKind.CONVERSATION_CREATED,
        EventKind.MESSAGE_CREATED,
    ]


async def test_a_bus_whose_line_breaks_connects_again_and_catches_up(
    two_servers: tuple[Core, EventLog], postgresql: str
) -> None:
    core, other = two_servers
    async with running(other.bus):
        before = await listener(other.database)
        with other.bus.subscribe() as subscription:
            await subscription.wait(seconds=0)
            address = postgresql.replace("+psycopg", "")
            async with await psycopg.AsyncConnection.connect(
                address, autocommit=True
            ) as connection:
                await connection.execute("SELECT pg_terminate_backend(%s)", [before])
            await core.write("Written while nobody listened")
            assert await subscription.wait(seconds=PATIENCE) is True
            after = await listener(other.database, other_than=before)
            assert after != before
            await subscription.wait(seconds=0)
            await core.write("Written afterwards")
            assert await subscription.wait(seconds=PATIENCE) is True


async def test_a_stream_goes_on_after_the_event_that_was_seen_last(
    core: Core,
) -> None:
    for name in ("visitor-1", "visitor-2"):
        await core.conversations.open("web", name)
        await core.conversations.receive(
            core.inbound("How long?", channel="web", sender=name)
        )
    whole = await queries.stream_after(core.database, "web", "visitor-1", after=0)
    kinds = [entry.kind for entry in whole]
    assert kinds == [
        EventKind.CONVERSATION_CREATED,
        EventKind.MESSAGE_CREATED,
        EventKind.MESSAGE_CREATED,
    ]
    assert len({entry.conversation_id for entry in whole}) == 1
    rest = await queries.stream_after(
        core.database, "web", "visitor-1", after=whole[1].id
    )
    assert rest == whole[2:]
    assert rest[0].message is not None
    assert rest[0].message.text == "How long?"
    assert rest[0].bot_is_replying is True
