"""Sessions behind open pages: one look for all, and none outlives its end by much."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from sqlalchemy import event, select

from bot.database import Database
from bot.staff import Role, StaffSession
from bot.staff.members import add_account
from bot.staff.passwords import Passwords
from bot.staff.sealing import Seal
from bot.staff.session_rows import IDLE
from bot.staff.session_watch import LOOK_EVERY_SECONDS, SessionWatch
from bot.staff.sessions import Sessions
from tests.support.clock import Clock

PASSWORD = "correct horse battery"


class Seconds:
    """Seconds that pass when a test says so."""

    now = 0.0

    def __call__(self) -> float:
        return self.now

    def pass_by(self) -> None:
        self.now += LOOK_EVERY_SECONDS


@pytest.fixture
async def sessions(database: Database, clock: Clock) -> Sessions:
    hashed = await Passwords().hash(PASSWORD)
    async with database.write() as session:
        await add_account(
            session, "Ana", role=Role.STAFF, password_hash=hashed, now=clock()
        )
    return Sessions(database, clock=clock, seal=Seal("a key for tests"))


@contextmanager
def counted(database: Database) -> Iterator[list[str]]:
    """The questions that a database is asked about sessions."""
    asked: list[str] = []
    engine = database._engine.sync_engine

    def note(*given: object) -> None:
        if "staff_sessions" in str(given[2]):
            asked.append(str(given[2]))

    event.listen(engine, "before_cursor_execute", note)
    yield asked
    event.remove(engine, "before_cursor_execute", note)


async def sign_in(sessions: Sessions) -> str:
    return await sessions.sign_in("Ana", PASSWORD, network="192.0.2.1")


async def test_a_session_that_has_ended_is_found_out_at_the_next_look(
    sessions: Sessions,
) -> None:
    seconds = Seconds()
    watch = SessionWatch(sessions, seconds=seconds)
    first, second = await sign_in(sessions), await sign_in(sessions)
    with watch.over(first), watch.over(second):
        assert await watch.holds(first)
        who = await sessions.signed_in(first)
        assert who is not None
        await sessions.sign_out(who)
        seconds.pass_by()
        assert not await watch.holds(first)
        assert await watch.holds(second)


async def test_many_pages_cost_one_look(sessions: Sessions, database: Database) -> None:
    seconds = Seconds()
    watch = SessionWatch(sessions, seconds=seconds)
    tokens = [await sign_in(sessions) for _ in range(3)]
    with watch.over(tokens[0]), watch.over(tokens[1]), watch.over(tokens[2]):
        seconds.pass_by()
        with counted(database) as asked:
            for _ in range(10):
                assert all([await watch.holds(token) for token in tokens])
    assert len(asked) == 1


async def test_a_page_that_is_closed_is_watched_no_more(sessions: Sessions) -> None:
    watch = SessionWatch(sessions)
    token = await sign_in(sessions)
    with watch.over(token):
        with watch.over(token):
            pass
        assert await watch.holds(token), "another page of the same browser is open"
    assert not await watch.holds(token)
    assert not watch._watched


async def test_an_open_page_keeps_its_session(
    sessions: Sessions, database: Database, clock: Clock
) -> None:
    seconds = Seconds()
    watch = SessionWatch(sessions, seconds=seconds)
    token = await sign_in(sessions)
    with watch.over(token):
        for _ in range(3):
            clock.advance(IDLE.total_seconds() - timedelta(minutes=1).total_seconds())
            seconds.pass_by()
            assert await watch.holds(token)
    async with database.read() as session:
        row = (await session.scalars(select(StaffSession))).one()
    assert row.seen_at == clock()
    assert await sessions.signed_in(token)
