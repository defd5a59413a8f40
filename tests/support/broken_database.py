"""Makes a server's SQLite database fail for a while, for real."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager

from sqlalchemy import event
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.pool import ConnectionPoolEntry

from bot.database import Database


@contextmanager
def locked(database: Database) -> Iterator[None]:
    """Somebody else holds the database, and nobody waits for long."""
    with closing(_connection(database)) as other:
        other.execute("BEGIN EXCLUSIVE")
        yield
        other.execute("ROLLBACK")


@contextmanager
def refusing_messages(database: Database) -> Iterator[None]:
    """Everything works, but no message can be written."""
    with closing(_connection(database)) as other:
        other.execute(
            "CREATE TRIGGER refuse BEFORE INSERT ON messages "
            "BEGIN SELECT RAISE(ABORT, 'refused'); END"
        )
        yield
        other.execute("DROP TRIGGER refuse")


FAILURES: tuple[Callable[[Database], AbstractContextManager[None]], ...] = (
    locked,
    refusing_messages,
)


def _connection(database: Database) -> sqlite3.Connection:
    _on_every_connection(database, "PRAGMA busy_timeout=10")
    path = database._engine.url.database
    assert path is not None
    return sqlite3.connect(path, isolation_level=None)


def _on_every_connection(database: Database, statement: str) -> None:
    """Say something to SQLite whenever a connection is used."""

    @event.listens_for(database._engine.sync_engine, "checkout")
    def say(
        connection: DBAPIConnection, entry: ConnectionPoolEntry, proxy: object
    ) -> None:
        connection.cursor().execute(statement)
