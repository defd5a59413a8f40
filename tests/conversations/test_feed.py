"""The one reader of the event log, and the streams that it wakes."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress

import pytest
from sqlalchemy import event, select, text

from bot.conversations.live.events import EventLog, ProcessBus, Subscription
from bot.conversations.live.happenings import Feed, address_id
from bot.conversations.models import Address
from bot.database import Database
from tests.support.core import PHONE, Core
from tests.support.patience import until

OTHER_PHONE = "whatsapp:+447700900456"
PATIENCE = 20.0


@asynccontextmanager
async def running(feed: Feed) -> AsyncIterator[Feed]:
    """A feed that reads while the context lasts, and has looked once."""
    with feed.subscribe() as subscription:
        task = asyncio.create_task(feed.run())
        assert await subscription.wait(seconds=PATIENCE)
    try:
        yield feed
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


@contextmanager
def asked(database: Database) -> Iterator[list[str]]:
    """Every statement that a database is given."""
    statements: list[str] = []
    engine = database._engine.sync_engine

    def note(*given: object) -> None:
        statements.append(str(given[2]))

    event.listen(engine, "before_cursor_execute", note)
    yield statements
    event.remove(engine, "before_cursor_execute", note)


async def newest(core: Core) -> int:
    return (await core.event_log())[-1].id


async def test_a_stream_is_woken_by_what_happens_at_its_own_address_alone(
    core: Core,
) -> None:
    for phone in (PHONE, OTHER_PHONE):
        await core.write("Hi", sender=phone)
    async with running(core.conversations.feed) as feed:
        with feed.subscribe() as mine, feed.subscribe() as other, feed.subscribe() as a:
            mine.address_id = await address_id(core.database, "whatsapp", PHONE)
            other.address_id = await address_id(core.database, "whatsapp", OTHER_PHONE)
            await core.write("How long?")
            assert await mine.wait(seconds=PATIENCE)
            assert await a.wait(seconds=PATIENCE), "no address: everything"
            assert not await other.wait(seconds=0)


async def test_a_stream_whose_context_has_ended_is_woken_no_more(core: Core) -> None:
    async with running(core.conversations.feed) as feed:
        with feed.subscribe() as gone:
            pass
        with feed.subscribe() as here:
            await core.write("Hi")
            assert await here.wait(seconds=PATIENCE)
        assert not await gone.wait(seconds=0)


async def test_what_another_process_wrote_unannounced_is_found(core: Core) -> None:
    await core.write("Hi")
    deaf = Feed(EventLog(core.database, ProcessBus()))
    async with running(deaf):
        with deaf.subscribe() as subscription:
            place = await newest(core)
            await core.write("How long?")
            assert await subscription.wait(seconds=PATIENCE)
            assert [one.id for one in await deaf.after(place)] == [await newest(core)]


async def test_streams_that_are_up_to_date_ask_the_database_nothing(
    core: Core,
) -> None:
    await core.write("Hi")
    place = await newest(core)
    async with running(core.conversations.feed) as feed:
        with feed.subscribe() as subscription:
            await core.write("How long?")
            assert await subscription.wait(seconds=PATIENCE)
            with asked(core.database) as statements:
                found = [await feed.after(place) for _ in range(50)]
        assert {len(happenings) for happenings in found} == {1}
        assert not [words for words in statements if "limit" not in words.lower()]
        assert len(statements) < 50


@pytest.mark.parametrize("kept", [3, 500])
async def test_whatever_is_kept_nothing_is_lost_and_nothing_doubled(
    core: Core, kept: int
) -> None:
    feed = Feed(core.events, kept=kept)
    done = asyncio.Event()
    seen: list[int] = []

    async def write(number: int) -> None:
        for part in range(5):
            await core.write(f"Message {part}", sender=f"whatsapp:+4477009003{number}")

    async def follow(subscription: Subscription) -> None:
        while True:
            last_look = done.is_set()
            found = await feed.after(seen[-1] if seen else 0)
            seen.extend(one.id for one in found)
            if last_look and not found:
                return
            await subscription.wait(seconds=0)

    async with running(feed):
        with feed.subscribe() as subscription:
            reader = asyncio.create_task(follow(subscription))
            await asyncio.gather(*(write(number) for number in range(6)))
            last = await newest(core)
            await until(lambda: _reached(feed, last))
            done.set()
            await reader
    assert seen == [one.id for one in await core.event_log()]


async def _reached(feed: Feed, place: int) -> bool:
    return feed._newest is not None and feed._newest >= place


async def test_a_read_that_fails_is_repeated(core: Core) -> None:
    async with running(core.conversations.feed) as feed:
        with feed.subscribe() as subscription:
            async with core.database.write() as session:
                await session.execute(text("ALTER TABLE events RENAME TO lost"))
            core.events.bus.wake()
            assert not await subscription.wait(seconds=0)
            async with core.database.write() as session:
                await session.execute(text("ALTER TABLE lost RENAME TO events"))
            await core.write("Hi")
            assert await subscription.wait(seconds=PATIENCE)


async def test_an_address_that_nobody_was_met_at_has_no_id(core: Core) -> None:
    assert await address_id(core.database, "web", "visitor") is None
    await core.conversations.open("web", "visitor")
    [address] = await core.rows(select(Address))
    assert await address_id(core.database, "web", "visitor") == address.id
