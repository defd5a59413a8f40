"""PostgreSQL: nobody waits longer for it than whoever sent a message waits for us."""

from sqlalchemy import event
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.ext.asyncio import AsyncEngine
from sqlalchemy.pool import ConnectionPoolEntry

LIMITS = {"pool_timeout": 5, "connect_args": {"connect_timeout": 5}}
LOCK_MILLISECONDS = 8_000


def prepare(engine: AsyncEngine) -> None:
    """Have whoever waits for a lock give up in time to say so."""

    @event.listens_for(engine.sync_engine, "connect")
    def connect(connection: DBAPIConnection, entry: ConnectionPoolEntry) -> None:
        del entry
        cursor = connection.cursor()
        cursor.execute(f"SET lock_timeout = {LOCK_MILLISECONDS}")
        cursor.close()
        connection.commit()
