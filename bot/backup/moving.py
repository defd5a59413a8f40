"""Moves an installation from SQLite to PostgreSQL, and checks every row of it."""

import json
import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Table,
    TableClause,
    column,
    delete,
    func,
    insert,
    select,
    tuple_,
)
from sqlalchemy.engine import make_url
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncSession

from bot.backup.rows import count_on, is_empty, rows_of, tie, untied
from bot.config import Settings
from bot.database import Base, Database, cannot_be_opened
from bot.errors import BackupError, SettingsError
from bot.revisions import MOVING, applied, declare, known
from bot.setting_rules import async_address
from bot.sqlite import moving_mark
from bot.starting import alone

Row = Mapping[str, Any]
Key = tuple[Any, ...]
Say = Callable[[str], None]

_ACTIVITY = TableClause(
    "pg_stat_activity", column("datname"), column("backend_type"), column("pid")
)
_OTHERS = (
    select(func.count())
    .select_from(_ACTIVITY)
    .where(
        _ACTIVITY.c.datname == func.current_database(),
        _ACTIVITY.c.backend_type == "client backend",
        _ACTIVITY.c.pid != func.pg_backend_pid(),
    )
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """A table of which every row is the same in both databases.

    ``sha256`` is of the digests of all rows, in the order of their digests.
    """

    table: str
    rows: int
    sha256: str


class DifferentError(Exception):
    """What was copied before is not what the rows are now."""


async def move(settings: Settings, to: str, *, say: Say) -> list[Checked]:
    """Copy everything to an empty PostgreSQL; what was there, table by table.

    Nobody else writes meanwhile. What is interrupted goes on where it was. The old
    database stays as it is; a mark beside it keeps it from being served again.

    Raises:
        BackupError: the target is not fit, or the copy is not like the original.
        SettingsError: a server runs, or one of the databases cannot be opened.
    """
    source, target = Database(settings.database_address), Database(async_address(to))
    try:
        file = _file(source, target)
        with alone(settings):
            async with source.write() as reading:
                await _prepare(reading, target)
                checked = await _fill(reading, target, say)
                await _finish(reading, target, moving_mark(file), to)
    except (SQLAlchemyError, OSError) as error:
        raise BackupError(f"not moved: {cannot_be_opened(error)}") from error
    else:
        return checked
    finally:
        await source.close()
        await target.close()


def _file(source: Database, target: Database) -> Path:
    if target.sqlite:
        raise SettingsError("--to has to be postgresql://user@host/name")
    file = make_url(source.address).database if source.sqlite else None
    if not file or not Path(file).exists():
        raise BackupError(
            "there is no SQLite database to be moved where DATA_DIR and DATABASE_URL "
            "say; run this with the settings of the old installation"
        )
    return Path(file)


async def _prepare(reading: AsyncSession, target: Database) -> None:
    """Both have the tables of this program, and the target holds nothing else."""
    newest = (await _told(reading, known))[0]
    if await _told(reading, applied) != newest:
        raise BackupError(
            "the database is not up to date; start the server of this version once"
        )
    async with target.read() as session:
        if others := await session.scalar(_OTHERS):
            raise BackupError(
                f"others are connected to the target ({others}); stop their programs"
            )
        at = await _told(session, applied)
    if at is None:
        await target.migrate()
    if at in {None, newest} and not await is_empty(target):
        raise BackupError("the target is not empty; make a new database for it")
    if at not in {None, newest, MOVING + newest}:
        raise BackupError(
            f"the target has the tables of another version ({at}); make a new database"
        )
    await _declare(target, MOVING + newest)


async def _fill(reading: AsyncSession, target: Database, say: Say) -> list[Checked]:
    try:
        return await _copied(reading, target, say)
    except DifferentError:
        # Another move was interrupted, and rows were written since.
        say("what was copied before has changed since: everything is copied again")
    async with target.write() as session:
        for table in reversed(Base.metadata.sorted_tables):
            await session.execute(delete(table))
    try:
        return await _copied(reading, target, say)
    except DifferentError as error:
        raise BackupError(f"{error}; the old database goes on as it was") from error


async def _copied(reading: AsyncSession, target: Database, say: Say) -> list[Checked]:
    tables = Base.metadata.sorted_tables
    for table in tables:
        await _copy(reading, target, table)
        say(f"{table.name}: copied")
    return [await _check(reading, target, table) for table in tables]


async def _copy(reading: AsyncSession, target: Database, table: Table) -> None:
    """Copy what is not there yet, each batch in a transaction of its own."""
    async for rows in rows_of(reading, table):
        wanted = untied(table, rows)
        there = untied(table, await _there(target, table, rows))
        if not there:
            async with target.write() as session:
                await session.execute(insert(table), wanted)
        elif _digests(table, there) != _digests(table, wanted):
            raise DifferentError(f"{table.name} differs")
    async for rows in rows_of(reading, table):
        async with target.write() as session:
            await tie(session, table, rows)


async def _check(reading: AsyncSession, target: Database, table: Table) -> Checked:
    """Compare every row, and count."""
    digests: list[str] = []
    async for rows in rows_of(reading, table):
        wanted = _digests(table, rows)
        if _digests(table, await _there(target, table, rows)) != wanted:
            raise DifferentError(f"{table.name} differs")
        digests += wanted.values()
    async with target.read() as session:
        count = await session.scalar(select(func.count()).select_from(table))
    if count != len(digests):
        raise DifferentError(f"{table.name} has {count} rows for {len(digests)}")
    whole = sha256("".join(sorted(digests)).encode()).hexdigest()
    return Checked(table=table.name, rows=len(digests), sha256=whole)


async def _there(target: Database, table: Table, rows: Sequence[Row]) -> Sequence[Row]:
    """What the target has under the keys of these rows."""
    async with target.read() as session:
        found = await session.execute(select(table).where(_among(table, rows)))
        return [dict(row) for row in found.mappings()]


def _among(table: Table, rows: Sequence[Row]) -> ColumnElement[bool]:
    key = list(table.primary_key)
    if len(key) == 1:
        return key[0].in_([row[key[0].name] for row in rows])
    return tuple_(*key).in_([_key(table, row) for row in rows])


def _digests(table: Table, rows: Iterable[Row]) -> dict[Key, str]:
    return {_key(table, row): _digest(row) for row in rows}


def _key(table: Table, row: Row) -> Key:
    return tuple(row[column.name] for column in table.primary_key)


def _digest(row: Row) -> str:
    """The same for the same values, whichever database they are read from."""
    words = json.dumps(dict(row), sort_keys=True, default=repr)
    return sha256(words.encode()).hexdigest()


async def _finish(reading: AsyncSession, target: Database, mark: Path, to: str) -> None:
    """From here on the target is served, and not the old one; or nothing changes."""
    newest = (await _told(reading, known))[0]
    try:
        async with target.write() as session:
            for table in Base.metadata.sorted_tables:
                await count_on(session, table)
            await (await session.connection()).run_sync(declare, newest)
            _write(mark, make_url(to).render_as_string(hide_password=True))
    except BaseException:
        _unwrite(mark)
        raise


def _write(mark: Path, where: str) -> None:
    with mark.open("w", encoding="utf-8") as file:
        file.write(f"{where}\n")
        file.flush()
        os.fsync(file.fileno())


def _unwrite(mark: Path) -> None:
    mark.unlink(missing_ok=True)


async def _declare(target: Database, revision: str) -> None:
    async with target.write() as session:
        await (await session.connection()).run_sync(declare, revision)


async def _told(session: AsyncSession, step: Callable[[Any], Any]) -> Any:  # noqa: ANN401  what it returns
    return await (await session.connection()).run_sync(step)
