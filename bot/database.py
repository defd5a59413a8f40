"""The database: engine, transactions and migrations, on SQLite and PostgreSQL."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from time import monotonic
from typing import Any

from sqlalchemy import DateTime, Dialect, MetaData, Row, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, OperationalError, SQLAlchemyError
from sqlalchemy.ext.asyncio import (
    AsyncSession,
    create_async_engine,
)
from sqlalchemy.orm import DeclarativeBase
from sqlalchemy.types import TypeDecorator

from bot import postgresql, sqlite
from bot.errors import SettingsError
from bot.revisions import upgrade

MIGRATION_LOCK = 7_301_001
TRIED_FOR_SECONDS = 1.0
FORGET_AGAIN_SECONDS = 0.1


# What a full disk and a database that is read only refuse, and nobody notices.
_WRITE_THE_SAME = text("UPDATE alembic_version SET version_num = version_num")


class UtcDateTime(TypeDecorator[datetime]):
    """A moment in UTC; naive times are refused, and none come back."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(
        self, value: datetime | None, dialect: Dialect
    ) -> datetime | None:
        del dialect
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a time without a time zone cannot be stored")
        return value.astimezone(UTC)

    def process_result_value(
        self, value: datetime | None, dialect: Dialect
    ) -> datetime | None:
        del dialect
        if value is None:
            return None
        return (
            value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)
        )


class Base(DeclarativeBase):
    """All tables; constraints get names that migrations can count on."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(column_0_label)s",
            "uq": "uq_%(table_name)s_%(column_0_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


class Database:
    """Transactions on one database; writes to SQLite queue up fairly."""

    def __init__(self, address: str) -> None:
        try:
            self._engine = create_async_engine(
                address,
                hide_parameters=True,
                # What was used last is still warm.
                pool_use_lifo=True,
                **_options(address),
            )
        except (ArgumentError, SQLAlchemyError, ImportError) as error:
            raise SettingsError(
                "DATABASE_URL is not usable; write postgresql://user:password@host/name"
                " or leave it out for SQLite"
            ) from error
        self.address = address
        self.sqlite = self._engine.dialect.name == "sqlite"
        self._writing = asyncio.Lock() if self.sqlite else None
        self._writer = self._engine.execution_options(writes=True)
        self._trying = asyncio.Lock()
        self._try_from = 0.0
        self._failure: SQLAlchemyError | OSError | None = None
        if self.sqlite:
            sqlite.prepare(self._engine)
        else:
            postgresql.prepare(self._engine)

    @asynccontextmanager
    async def write(self) -> AsyncIterator[AsyncSession]:
        """A transaction that writes: committed at the end, or rolled back whole."""
        async with AsyncExitStack() as stack:
            if self._writing is not None:
                await stack.enter_async_context(sqlite.turn(self._writing))
            session = await stack.enter_async_context(
                AsyncSession(self._writer, expire_on_commit=False)
            )
            await stack.enter_async_context(session.begin())
            yield session

    @asynccontextmanager
    async def read(self) -> AsyncIterator[AsyncSession]:
        """A transaction that only reads."""
        async with AsyncSession(self._engine, expire_on_commit=False) as session:
            yield session

    async def ping(self) -> None:
        """Raise if nothing can be written; that is tried once a second at most."""
        async with self._trying:
            if monotonic() >= self._try_from:
                self._failure = await self._try_to_write()
                self._try_from = monotonic() + TRIED_FOR_SECONDS
            if self._failure:
                raise self._failure

    async def _try_to_write(self) -> SQLAlchemyError | OSError | None:
        try:
            async with self.write() as session:
                await session.execute(_WRITE_THE_SAME)
        except (SQLAlchemyError, OSError) as error:
            return error
        return None

    async def migrate(self) -> None:
        """Bring the tables up to date; several processes may try at once.

        Raises:
            SettingsError: the database cannot be opened.
        """
        try:
            await self._migrate()
        except (OperationalError, OSError) as error:
            raise SettingsError(cannot_be_opened(error)) from error

    async def _migrate(self) -> None:
        if self.sqlite and (path := make_url(self.address).database):
            if words := sqlite.moved(Path(path)):
                raise SettingsError(words)
            Path(path).parent.mkdir(parents=True, exist_ok=True)
            await self._migrate_file()
            return
        async with self._writer.begin() as connection:
            await connection.execute(text("SET LOCAL lock_timeout = 0"))
            await connection.execute(
                text("SELECT pg_advisory_xact_lock(:key)"), {"key": MIGRATION_LOCK}
            )
            await connection.run_sync(upgrade)

    async def _migrate_file(self) -> None:
        """SQLite changes a table by building it anew, which references must not see.

        They can only be switched off before a transaction begins, and are checked
        before it ends.
        """
        engine = create_async_engine(self.address, **_options(self.address))
        sqlite.prepare(engine, references="OFF", busy=sqlite.MIGRATING_MILLISECONDS)
        try:
            async with engine.execution_options(writes=True).begin() as connection:
                await connection.run_sync(upgrade)
                broken = await connection.exec_driver_sql("PRAGMA foreign_key_check")
                if row := broken.mappings().first():
                    raise SettingsError(
                        "the database was not changed: after it, a row of "
                        f"{row['table']} would refer to one of {row['parent']} that "
                        "does not exist"
                    )
        finally:
            await engine.dispose()

    async def rewrite(self) -> bool:
        """Write an SQLite file anew, so that between its rows nothing erased stays.

        Meanwhile nobody else writes; False if others were in the way all the time.
        """
        if self._writing is None:
            return True
        async with self._writing:
            with suppress(OperationalError):
                await self._alone("VACUUM", bare=True)
                return await self.forget()
        return False

    async def forget(self, *, tries: int = 20) -> bool:
        """Let nothing that was erased linger in the log beside an SQLite file.

        False if readers were in the way all the time.
        """
        if not self.sqlite:
            return True
        for number in range(tries):
            await asyncio.sleep(FORGET_AGAIN_SECONDS if number else 0)
            rows = await self._alone("PRAGMA wal_checkpoint(TRUNCATE)")
            busy: int = rows[0][0]
            if not busy:
                return True
        return False

    async def _alone(self, statement: str, *, bare: bool = False) -> Sequence[Row[Any]]:
        async with self._engine.connect() as connection:
            driver = await connection.execution_options(
                isolation_level="AUTOCOMMIT", bare=bare
            )
            found = await driver.exec_driver_sql(statement)
            return found.all() if found.returns_rows else []

    async def close(self) -> None:
        """Give all connections back."""
        await self._engine.dispose()


def _options(address: str) -> dict[str, object]:
    if make_url(address).get_backend_name() == "sqlite":
        return {"connect_args": {"async_creator_fn": sqlite.connect}}
    # A server may hang up: it is asked whether it is there. A file does not.
    return {"pool_pre_ping": True, **postgresql.LIMITS}


def cannot_be_opened(error: Exception) -> str:
    """What is wrong with a database that gave an error, and what to look at."""
    reason = str(getattr(error, "orig", error)).partition("\n")[0]
    return f"the database cannot be opened ({reason}); check DATABASE_URL and DATA_DIR"
