"""A disk that is full, a database that is read only or locked: told, and healed."""

import asyncio
import resource
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import OperationalError, SQLAlchemyError

from bot import database as storage
from bot import postgresql, sqlite
from bot.conversations.models import Contact
from bot.database import Database
from tests.support.clock import START
from tests.support.house import House


def file_of(database: Database) -> Path:
    path = database._engine.url.database
    assert path is not None
    return Path(path)


@contextmanager
def full_disk(database: Database) -> Iterator[None]:
    """No file grows beyond what SQLite's log has now, as on a disk without room."""
    log = Path(f"{file_of(database)}-wal")
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (log.stat().st_size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


async def become_read_only(database: Database) -> None:
    """What every open connection is whose file was read only when it was opened."""
    async with database.read() as first, database.read() as second:
        for session in (first, second):
            await session.execute(text("PRAGMA query_only=ON"))


async def problems(house: House) -> dict[str, str]:
    answer = await house.client.get("/health/ready")
    told: dict[str, str] = answer.json()["problems"]
    assert answer.status_code == (503 if told else 200)
    return {name: told[name] for name in told if name == "database"}


async def write(database: Database) -> None:
    async with database.write() as session:
        session.add(Contact(created_at=START))


async def contacts(database: Database) -> int:
    async with database.read() as session:
        return await session.scalar(select(func.count(Contact.id))) or 0


@pytest.fixture(autouse=True)
def _always_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(storage, "TRIED_FOR_SECONDS", 0.0)


async def test_a_full_disk_is_told_and_forgotten_when_there_is_room(
    house: House,
) -> None:
    database = house.parts.database
    await write(database)
    with full_disk(database):
        assert "database" in await problems(house)
        with pytest.raises(SQLAlchemyError):
            await write(database)
    assert await problems(house) == {}
    await write(database)
    assert await contacts(database) == 2


async def test_connections_that_were_opened_read_only_are_not_used_again(
    house: House,
) -> None:
    database = house.parts.database
    await write(database)
    await become_read_only(database)
    assert await problems(house) == {"database": "SQLITE_READONLY"}
    assert await problems(house) == {}
    await become_read_only(database)
    with pytest.raises(OperationalError, match="readonly"):
        await write(database)
    await write(database)
    assert await contacts(database) == 2


async def test_nobody_waits_long_for_a_database_that_another_program_holds(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert sqlite.BUSY_MILLISECONDS / 1000 + sqlite.TURN_SECONDS < 10
    monkeypatch.setattr(sqlite, "BUSY_MILLISECONDS", 200)
    monkeypatch.setattr(sqlite, "TURN_SECONDS", 0.1)
    database = house.parts.database
    with closing(sqlite3.connect(file_of(database), isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        failed = await asyncio.gather(
            *(write(database) for _ in range(5)), return_exceptions=True
        )
        assert all(isinstance(one, SQLAlchemyError) for one in failed)
        assert sum("took too long" in str(one) for one in failed) == 4
        other.execute("ROLLBACK")
    await write(database)
    assert await contacts(database) == 1


async def test_a_server_that_holds_a_table_for_long_is_not_waited_for_either(
    migrated_postgresql: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert postgresql.LOCK_MILLISECONDS < 10_000
    monkeypatch.setattr(postgresql, "LOCK_MILLISECONDS", 50)
    address = "postgresql+psycopg" + migrated_postgresql.removeprefix("postgresql")
    database = Database(address)
    with psycopg.connect(migrated_postgresql) as other:
        other.execute("LOCK TABLE contacts IN ACCESS EXCLUSIVE MODE")
        with pytest.raises(OperationalError, match="lock timeout"):
            await write(database)
        other.rollback()
    await write(database)
    await database.close()
