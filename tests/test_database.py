"""Transactions on SQLite and PostgreSQL, and what the database itself forbids."""

import asyncio
import shutil
import sqlite3
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import delete, func, select, text
from sqlalchemy.exc import IntegrityError, OperationalError, StatementError

from bot.conversations.models import Address, Contact, Conversation, Message, Status
from bot.conversations.ports import Author
from bot.database import Database
from bot.errors import SettingsError
from tests.support.clock import START
from tests.support.dump import files


@pytest.fixture
def empty_sqlite(sqlite_template: Path, tmp_path: Path) -> Path:
    return Path(shutil.copy(sqlite_template, tmp_path / "empty.sqlite3"))


async def new_contact(database: Database, *, at: datetime = START) -> int:
    async with database.write() as session:
        contact = Contact(created_at=at)
        session.add(contact)
        await session.flush()
        return contact.id


async def contacts(database: Database) -> int:
    async with database.read() as session:
        return await session.scalar(select(func.count(Contact.id))) or 0


async def new_conversation(database: Database) -> tuple[int, int]:
    """The ids of an address and of its open conversation."""
    contact_id = await new_contact(database)
    async with database.write() as session:
        address = Address(
            contact_id=contact_id,
            channel="web",
            key="visitor-1",
            sender="visitor-1",
            created_at=START,
        )
        session.add(address)
        await session.flush()
        conversation = Conversation(address_id=address.id, created_at=START)
        session.add(conversation)
        await session.flush()
        return address.id, conversation.id


async def test_a_time_without_a_zone_is_refused(database: Database) -> None:
    naive = START.replace(tzinfo=None)
    with pytest.raises(StatementError, match="without a time zone cannot be stored"):
        await new_contact(database, at=naive)
    assert await contacts(database) == 0


async def test_times_come_back_in_utc_to_the_microsecond(database: Database) -> None:
    indian = timezone(timedelta(hours=5, minutes=30))
    moment = datetime(2026, 3, 29, 2, 30, 1, 123456, tzinfo=indian)
    await new_contact(database, at=moment)
    async with database.read() as session:
        stored = await session.scalar(select(Contact.created_at))
    assert stored == moment
    assert stored is not None
    assert stored.tzinfo is UTC


async def test_a_write_that_fails_leaves_nothing_behind(database: Database) -> None:
    async def fail() -> None:
        async with database.write() as session:
            session.add(Contact(created_at=START))
            await session.flush()
            raise RuntimeError("no")

    with pytest.raises(RuntimeError, match="no"):
        await fail()
    assert await contacts(database) == 0
    await new_contact(database)
    assert await contacts(database) == 1


async def test_many_writers_at_once_all_get_their_turn(database: Database) -> None:
    await asyncio.gather(*(new_contact(database) for _ in range(40)))
    assert await contacts(database) == 40


async def test_a_reader_sees_no_half_of_a_write_and_does_not_wait_for_it(
    database: Database,
) -> None:
    async with database.write() as session:
        session.add(Contact(created_at=START))
        await session.flush()
        assert await contacts(database) == 0
    assert await contacts(database) == 1


@pytest.mark.parametrize(
    "change",
    [
        "status = 'staff'",
        "status = 'waiting'",
        "status = 'resolved', reply_due_at = created_at",
        "status = 'snoozed'",
        "address_id = 999",
        "assignee_id = 999",
    ],
)
async def test_the_database_refuses_a_conversation_that_makes_no_sense(
    database: Database, change: str
) -> None:
    await new_conversation(database)

    async def update() -> None:
        async with database.write() as session:
            await session.execute(text(f"UPDATE conversations SET {change}"))  # noqa: S608

    with pytest.raises(IntegrityError):
        await update()


async def test_the_database_allows_one_open_conversation_an_address(
    database: Database,
) -> None:
    address_id, conversation_id = await new_conversation(database)

    async def again() -> None:
        async with database.write() as session:
            session.add(Conversation(address_id=address_id, created_at=START))

    with pytest.raises(IntegrityError):
        await again()
    async with database.write() as session:
        first = await session.get_one(Conversation, conversation_id)
        first.status = Status.RESOLVED
    await again()


@pytest.mark.parametrize("twice", [{"external_id": "SM1"}, {"in_reply_to": 1}])
async def test_the_database_stores_no_message_and_no_reply_twice(
    database: Database, twice: dict[str, object]
) -> None:
    address_id, conversation_id = await new_conversation(database)

    async def add() -> None:
        async with database.write() as session:
            session.add(
                Message(
                    address_id=address_id,
                    conversation_id=conversation_id,
                    author=Author.BOT,
                    text="Hi",
                    created_at=START,
                    **twice,
                )
            )

    await add()
    with pytest.raises(IntegrityError):
        await add()


async def test_a_busy_sqlite_database_is_waited_for(empty_sqlite: Path) -> None:
    database = Database(f"sqlite+aiosqlite:///{empty_sqlite}")
    other = sqlite3.connect(empty_sqlite, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    writing = asyncio.create_task(new_contact(database))
    await asyncio.wait([writing], timeout=0.3)
    assert not writing.done()
    other.execute("COMMIT")
    other.close()
    await writing
    assert await contacts(database) == 1
    await database.close()


async def test_sqlite_keeps_what_was_committed_through_a_loss_of_power(
    empty_sqlite: Path,
) -> None:
    database = Database(f"sqlite+aiosqlite:///{empty_sqlite}")
    async with database.read() as session:
        assert await session.scalar(text("PRAGMA journal_mode")) == "wal"
        assert await session.scalar(text("PRAGMA synchronous")) == 2
    await database.close()


async def test_a_connection_that_postgresql_closed_is_replaced(
    new_postgresql: Callable[[str], str],
) -> None:
    address = new_postgresql("migrated")
    database = Database(address)
    await new_contact(database)
    with psycopg.connect(address.replace("+psycopg", ""), autocommit=True) as admin:
        admin.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
    await new_contact(database)
    assert await contacts(database) == 2
    await database.close()


@pytest.mark.parametrize(
    "address",
    ["", "nonsense", "oracle://user:secret@host/name", "nosuch://user:secret@host/x"],
)
def test_an_address_that_is_not_usable_is_refused_in_plain_words(address: str) -> None:
    with pytest.raises(SettingsError) as refused:
        Database(address)
    assert str(refused.value) == (
        "DATABASE_URL is not usable; write postgresql://user:password@host/name"
        " or leave it out for SQLite"
    )


async def test_a_database_that_does_not_answer_is_noticed() -> None:
    database = Database("postgresql+psycopg://nobody@127.0.0.1:1/nothing")
    with pytest.raises(OperationalError):
        await database.ping()
    await database.close()


async def test_a_database_that_answers_is_fine(database: Database) -> None:
    await database.ping()


async def test_what_was_erased_leaves_the_log_as_soon_as_no_reader_needs_it(
    database: Database,
) -> None:
    async with database.write() as session:
        session.add(Contact(created_at=START, name="Zaphod"))
    async with database.read() as session:
        reader = (await session.scalars(select(Contact))).one()
        assert reader.name == "Zaphod"
        async with database.write() as writing:
            await writing.execute(delete(Contact))
        if database.sqlite:
            assert await database.forget(tries=1) is False
    assert await database.forget() is True
    assert b"Zaphod" not in files(database)
