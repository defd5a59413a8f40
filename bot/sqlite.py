"""SQLite's connection in a thread of its own, visited once for each statement.

SQLAlchemy's adapter has the driver make a cursor, execute, fetch and close it: four
visits to the connection's thread, and on a busy machine each waits for a turn. Here a
cursor does all of that in one visit, and the first one begins the transaction as well.
"""

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, closing
from functools import partial
from pathlib import Path
from typing import Any, Self

import aiosqlite
from sqlalchemy import Connection as Connected
from sqlalchemy import event
from sqlalchemy.engine.interfaces import DBAPIConnection, ExceptionContext
from sqlalchemy.exc import TimeoutError as TooSlowError
from sqlalchemy.ext.asyncio import AsyncEngine
from sqlalchemy.pool import ConnectionPoolEntry

# Together with SQLite's own waiting it has to end before Twilio stops waiting for us.
TURN_SECONDS = 5.5
Row = tuple[object, ...]
BUSY_MILLISECONDS = 4_000
# Tables that are built anew take their time; a process that starts meanwhile waits.
MIGRATING_MILLISECONDS = 120_000
# A connection that met one of these may go on to fail when the cause is gone: one that
# was opened while the file was read only stays so.
SPOILS_A_CONNECTION = frozenset(
    {
        sqlite3.SQLITE_READONLY,
        sqlite3.SQLITE_IOERR,
        sqlite3.SQLITE_CANTOPEN,
        sqlite3.SQLITE_FULL,
        sqlite3.SQLITE_NOTADB,
    }
)
PRIMARY_CODE = 0xFF


class Connection(aiosqlite.Connection):
    """A connection whose cursors are made, used up and closed in its thread."""

    _begin: str | None = None

    def begin(self, statement: str) -> None:
        """Begin a transaction together with the first statement of it."""
        self._begin = statement

    async def commit(self) -> None:
        """Commit what was begun, if anything was."""
        if self._begins():
            await super().commit()

    async def rollback(self) -> None:
        """Take back what was begun, if anything was."""
        if self._begins():
            await super().rollback()

    def cursor(self) -> "Cursor":  # type: ignore[override]  # not a coroutine here
        """A cursor, as SQLAlchemy's adapter asks for one."""
        return Cursor(self)

    async def run(
        self, statement: str, values: Sequence[Any], *, many: bool
    ) -> "Result":
        """Run a statement and fetch everything it finds."""
        begin, self._begin = self._begin, None
        step = partial(Result.of, self._conn, statement, values, many=many, after=begin)
        result: Result = await self._execute(step)  # type: ignore[no-untyped-call]
        return result

    def _begins(self) -> bool:
        """Whether a transaction really began; what was only going to is forgotten."""
        began, self._begin = self._begin is None, None
        return began


class Result:
    """What a statement found and did."""

    def __init__(self, cursor: sqlite3.Cursor) -> None:
        self.description = cursor.description
        self.rows: list[Row] = cursor.fetchall() if cursor.description else []
        self.rowcount, self.lastrowid = cursor.rowcount, cursor.lastrowid

    @classmethod
    def of(
        cls,
        connection: sqlite3.Connection,
        statement: str,
        values: Sequence[Any],
        *,
        many: bool,
        after: str | None,
    ) -> Self:
        """Run a statement, in the connection's thread."""
        cursor = connection.cursor()
        try:
            if after:
                cursor.execute(after)
            (cursor.executemany if many else cursor.execute)(statement, values)
            return cls(cursor)
        finally:
            cursor.close()


class Cursor:
    """One statement at a time; what SQLAlchemy's adapter uses of a cursor."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._result: Result | None = None

    async def __aenter__(self) -> Self:
        return self

    @property
    def description(self) -> object:
        """The columns of the last statement, if it has any."""
        return self._result.description if self._result else None

    @property
    def rowcount(self) -> int:
        """How many rows the last statement changed."""
        return self._result.rowcount if self._result else -1

    @property
    def lastrowid(self) -> int | None:
        """The id of the row that the last statement added."""
        return self._result.lastrowid if self._result else None

    async def execute(self, statement: str, values: Sequence[Any] = ()) -> None:
        """Run a statement."""
        self._result = await self._connection.run(statement, values, many=False)

    async def executemany(self, statement: str, values: Sequence[Any]) -> None:
        """Run a statement for each row of values."""
        self._result = await self._connection.run(statement, values, many=True)

    async def fetchall(self) -> list[Row]:
        """What the last statement found."""
        return self._result.rows if self._result else []

    async def close(self) -> None:
        """Nothing is open between statements."""


def connect(database: str, **options: object) -> Connection:
    """A connection that has yet to be awaited; options as ``sqlite3.connect`` has."""
    connector = partial(sqlite3.connect, database, **options)
    connection = Connection(connector, iter_chunk_size=1)
    # An open connection keeps no process from ending.
    connection._thread.daemon = True  # noqa: SLF001  as SQLAlchemy does
    return connection


def copy(database: Path, file: Path) -> None:
    """Write what a database holds at this moment to another file; it blocks."""
    with closing(sqlite3.connect(database, isolation_level=None)) as connection:
        connection.execute(f"PRAGMA busy_timeout={BUSY_MILLISECONDS}")
        connection.execute("VACUUM INTO ?", (str(file),))


def moved(database: Path) -> str | None:
    """Where everything went that this database held, if it was moved."""
    mark = moving_mark(database)
    if not mark.exists():
        return None
    return (
        f"{database} was moved to {mark.read_text('utf-8').strip()}; set DATABASE_URL "
        f"to that, or remove {mark} to go on here with what it held then"
    )


def moving_mark(database: Path) -> Path:
    """The file that says where a database was moved."""
    return database.with_name(f"{database.name}.moved")


def prepare(
    engine: AsyncEngine, *, references: str = "ON", busy: int = BUSY_MILLISECONDS
) -> None:
    """Have every connection of an engine keep what is committed, and heal.

    ``busy`` are the milliseconds for which one waits for another that writes.
    """

    @event.listens_for(engine.sync_engine, "connect")
    def connect(connection: DBAPIConnection, entry: ConnectionPoolEntry) -> None:
        del entry
        # The driver's own transaction handling is switched off: "begin" below decides.
        connection.isolation_level = None
        cursor = connection.cursor()
        for pragma in (
            f"busy_timeout={busy}",
            "journal_mode=WAL",
            "synchronous=FULL",
            f"foreign_keys={references}",
            # What is deleted or overwritten is gone from the file, too.
            "secure_delete=ON",
        ):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine.sync_engine, "begin")
    def begin(connection: Connected) -> None:
        options = connection.get_execution_options()
        driver = connection.connection.driver_connection
        if isinstance(driver, Connection) and not options.get("bare"):
            driver.begin("BEGIN IMMEDIATE" if options.get("writes") else "BEGIN")

    @event.listens_for(engine.sync_engine, "handle_error")
    def spoiled(context: ExceptionContext) -> None:
        code = getattr(context.original_exception, "sqlite_errorcode", 0)
        if code & PRIMARY_CODE in SPOILS_A_CONNECTION:
            context.is_disconnect = True


@asynccontextmanager
async def turn(lock: asyncio.Lock) -> AsyncIterator[None]:
    """Hold a lock, unless others hold it for too long."""
    try:
        async with asyncio.timeout(TURN_SECONDS):
            await lock.acquire()
    except TimeoutError as error:
        raise TooSlowError("other writes took too long") from error
    try:
        yield
    finally:
        lock.release()
