"""Who is here and who is writing: in one process, and between processes."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import pytest

from bot.conversations.live.events import EventLog, bus_for
from bot.conversations.live.presence import HERE_LASTS, WRITING_LASTS, Presence, Seen
from bot.database import Database
from tests.support.clock import Clock

PLACE = "abc"
LONG_NAME = "ñ" * 60
GIVE_UP_SECONDS = 20


class Process:
    """Presence as one process of several over a database has it."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self.events = EventLog(database, bus_for(database))
        self.presence = Presence(self.events, clock=clock)

    async def sees(self, wanted: Callable[[], bool]) -> None:
        """Wait until what others announce has made something true."""
        with (
            self.events.bus.subscribe() as subscription,
            self.presence.following(PLACE, subscription),
            self.presence.following("", subscription),
        ):
            async with asyncio.timeout(GIVE_UP_SECONDS):
                while not wanted():
                    await subscription.wait(seconds=1)


@pytest.fixture
def alone(database: Database, clock: Clock) -> Process:
    return Process(database, clock)


@pytest.fixture
async def other(
    new_postgresql: Callable[[str], str], clock: Clock
) -> AsyncIterator[tuple[Process, Process]]:
    """Two processes over PostgreSQL that both run."""
    address = new_postgresql("migrated")
    databases = [Database(address) for _ in range(2)]
    one, two = (Process(database, clock) for database in databases)
    async with _running(one), _running(two):
        yield one, two
    for database in databases:
        await database.close()


@asynccontextmanager
async def _running(process: Process) -> AsyncIterator[None]:
    tasks = [
        asyncio.create_task(process.events.bus.run()),
        asyncio.create_task(process.presence.run()),
    ]
    with process.events.bus.subscribe() as subscription:
        await subscription.wait(seconds=GIVE_UP_SECONDS)  # it listens now
    yield
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


async def test_who_is_here_is_seen_while_they_are(alone: Process) -> None:
    presence = alone.presence
    with presence.here("Ana", PLACE), presence.here("Ben"):
        with presence.here("Ana", PLACE):
            assert presence.seen(PLACE) == Seen(here=("Ana",))
        assert presence.seen(PLACE) == Seen(here=("Ana",))
        assert presence.online() == ("Ana", "Ben")
        assert presence.seen("other") == Seen()
    assert presence.seen(PLACE) == Seen()
    assert presence.online() == ()


async def test_who_writes_is_seen_until_they_stop_or_a_little_longer(
    alone: Process, clock: Clock
) -> None:
    presence = alone.presence
    await presence.writes(PLACE, "Ana", active=True)
    await presence.writes(PLACE, None, active=True)
    assert presence.seen(PLACE) == Seen(writing=("Ana",), contact_writing=True)
    assert presence.patience(PLACE, most=100) == WRITING_LASTS.total_seconds()
    assert presence.patience("other", most=100) == 100
    await presence.writes(PLACE, "Ana", active=False)
    assert presence.seen(PLACE) == Seen(contact_writing=True)
    clock.advance(WRITING_LASTS.total_seconds())
    assert presence.seen(PLACE) == Seen()
    assert presence.online() == ()


async def test_a_reader_is_woken_by_what_happens_where_it_looks(
    alone: Process,
) -> None:
    presence, bus = alone.presence, alone.events.bus
    with bus.subscribe() as near, bus.subscribe() as far:
        with presence.following(PLACE, near), presence.following("other", far):
            await presence.writes(PLACE, "Ana", active=True)
            assert await near.wait(seconds=0)
            assert not await far.wait(seconds=0)
        await presence.writes(PLACE, "Ana", active=True)
        assert not await near.wait(seconds=0)


async def test_to_stop_what_nobody_began_is_not_told(alone: Process) -> None:
    with alone.events.bus.subscribe() as reader:
        with alone.presence.following(PLACE, reader):
            await alone.presence.writes(PLACE, "Ana", active=False)
        assert not await reader.wait(seconds=0)


async def test_other_processes_see_who_writes_and_who_is_here(
    other: tuple[Process, Process], clock: Clock
) -> None:
    one, two = other
    await one.presence.writes(PLACE, LONG_NAME, active=True)
    await two.sees(lambda: two.presence.seen(PLACE).writing == (LONG_NAME,))
    await one.presence.writes(PLACE, LONG_NAME, active=False)
    await two.sees(lambda: two.presence.seen(PLACE).writing == ())
    with one.presence.here("Ana", PLACE):
        await two.sees(lambda: two.presence.online() == ("Ana",))
        await two.sees(lambda: two.presence.seen(PLACE).here == ("Ana",))
    assert one.presence.online() == ()
    clock.advance(HERE_LASTS.total_seconds())
    assert two.presence.online() == ()


async def test_many_staff_with_long_names_fit_into_notices(
    other: tuple[Process, Process],
) -> None:
    one, two = other
    names = tuple(sorted(f"{number:02d}{'語' * 58}" for number in range(50)))
    contexts = [one.presence.here(name, PLACE) for name in names]
    for context in contexts:
        context.__enter__()
    await two.sees(lambda: two.presence.online() == names)
    for context in contexts:
        context.__exit__(None, None, None)
