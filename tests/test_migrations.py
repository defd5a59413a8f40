"""Models and migrations say the same, on both databases, in both directions."""

import asyncio
import re
import sqlite3
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, MetaData, inspect

import bot.integrations  # noqa: F401  fills the metadata
from bot.database import Base, Database
from bot.errors import SettingsError
from bot.revisions import alembic_config

PROJECT = Path(__file__).parents[1]
MIGRATE = """
import asyncio, sys
from bot.database import Database

async def migrate():
    database = Database(sys.argv[1])
    await database.migrate()
    await database.close()

sys.stdin.readline()
asyncio.run(migrate())
"""


@pytest.fixture(params=["sqlite", "postgresql"])
def new_address(request: pytest.FixtureRequest, tmp_path: Path) -> Callable[[str], str]:
    """Gives the address of a database without tables, of either kind."""
    if request.param == "sqlite":
        return lambda name: f"sqlite+aiosqlite:///{tmp_path / name}.sqlite3"
    make: Callable[[str], str] = request.getfixturevalue("new_postgresql")
    return lambda _: make("template1")


async def on(database: Database, step: Callable[[Connection], Any]) -> Any:  # noqa: ANN401  whatever the step returns
    async with database.write() as session:
        return await (await session.connection()).run_sync(step)


def shape(connection: Connection) -> dict[str, object]:
    """Everything the database says about its tables, in a fixed order."""
    found = inspect(connection)
    tables = sorted(set(found.get_table_names()) - {"alembic_version"})
    return {
        table: {
            "columns": [
                (column["name"], str(column["type"]), column["nullable"])
                for column in found.get_columns(table)
            ],
            "primary key": found.get_pk_constraint(table)["name"],
            "foreign keys": sorted(
                (key["name"], key["constrained_columns"], key["referred_table"])
                for key in found.get_foreign_keys(table)
            ),
            "unique": sorted(
                (one["name"], one["column_names"])
                for one in found.get_unique_constraints(table)
            ),
            "checks": sorted(
                (str(one["name"]), re.sub(r"\s+", " ", one["sqltext"]))
                for one in found.get_check_constraints(table)
            ),
            "indexes": sorted(
                (
                    index["name"],
                    index["column_names"],
                    bool(index["unique"]),
                    str(index.get("dialect_options", {}).get("sqlite_where", ""))
                    or index.get("dialect_options", {}).get("postgresql_where", ""),
                )
                for index in found.get_indexes(table)
            ),
        }
        for table in tables
    }


def differences(connection: Connection) -> list[object]:
    context = MigrationContext.configure(
        connection, opts={"compare_type": True, "compare_server_default": True}
    )
    return list(compare_metadata(context, Base.metadata))


async def test_migrations_lead_to_what_the_models_say(
    new_address: Callable[[str], str],
) -> None:
    migrated = Database(new_address("migrated"))
    created = Database(new_address("created"))
    await migrated.migrate()
    await on(created, Base.metadata.create_all)
    assert await on(migrated, differences) == []
    from_migrations = await on(migrated, shape)
    from_models = await on(created, shape)
    assert from_migrations.keys() == Base.metadata.tables.keys()
    for table, facts in from_models.items():
        assert from_migrations[table] == facts, table
    assert len(from_models["conversations"]["checks"]) == 4
    await migrated.close()
    await created.close()


async def test_a_difference_between_models_and_migrations_would_be_seen(
    new_address: Callable[[str], str],
) -> None:
    database = Database(new_address("other"))
    await database.migrate()
    before = await on(database, shape)
    await on(
        database,
        lambda c: c.exec_driver_sql("DROP INDEX uq_conversations_open_address"),
    )
    assert await on(database, differences) != []
    assert await on(database, shape) != before
    await database.close()


async def test_migrations_can_be_undone_and_done_again(
    new_address: Callable[[str], str],
) -> None:
    database = Database(new_address("undone"))
    await database.migrate()
    before = await on(database, shape)
    await on(database, lambda c: command.downgrade(alembic_config(c), "base"))
    assert await on(database, shape) == {}
    await database.migrate()
    assert await on(database, shape) == before
    await database.close()


async def test_migrating_again_changes_nothing(
    new_address: Callable[[str], str],
) -> None:
    database = Database(new_address("again"))
    await database.migrate()
    before = await on(database, shape)
    await database.migrate()
    assert await on(database, shape) == before
    await database.close()


async def test_processes_that_start_at_once_migrate_one_after_the_other(
    new_address: Callable[[str], str],
) -> None:
    address = new_address("at-once")
    processes = [
        await asyncio.create_subprocess_exec(
            *(sys.executable, "-c", MIGRATE, address),
            stdin=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
            cwd=PROJECT,
        )
        for _ in range(2)
    ]
    results = await asyncio.gather(*(p.communicate(b"go\n") for p in processes))
    assert [
        (p.returncode, errors)
        for p, (_, errors) in zip(processes, results, strict=True)
    ] == [
        (0, b""),
        (0, b""),
    ]
    database = Database(address)
    assert (await on(database, shape)).keys() == Base.metadata.tables.keys()
    await database.close()


async def test_the_folder_of_a_new_sqlite_database_is_made(tmp_path: Path) -> None:
    path = tmp_path / "data" / "deep" / "bot.sqlite3"
    database = Database(f"sqlite+aiosqlite:///{path}")
    await database.migrate()
    await database.close()
    assert path.is_file()


async def test_there_is_one_line_of_migrations(tmp_path: Path) -> None:
    database = Database(f"sqlite+aiosqlite:///{tmp_path / 'any.sqlite3'}")
    heads = await on(
        database,
        lambda c: ScriptDirectory.from_config(alembic_config(c)).get_heads(),
    )
    assert len(heads) == 1
    await database.close()


DAY = datetime(2026, 11, 1, tzinfo=UTC)
# A row of every table that others refer to; those that a version lacks are left out.
ROWS: dict[str, dict[str, object]] = {
    "contacts": {"public_id": "c", "facts": {}},
    "addresses": {
        "public_id": "a", "contact_id": 1, "channel": "web", "key": "k", "sender": "k",
    },
    "conversations": {
        "public_id": "v", "address_id": 1, "status": "bot", "epoch": 0, "attempts": 0,
        "answered_through": 0,
    },
    "messages": {
        "public_id": "m", "conversation_id": 1, "address_id": 1, "author": "contact",
        "text": "hello", "media_count": 0, "wants_reply": True, "kind": "message",
    },
    "deliveries": {
        "public_id": "d", "message_id": 1, "conversation_id": 1, "address_id": 1,
        "part": 0, "position": 0, "text": "hello", "state": "pending", "attempts": 0,
        "recipient": "k", "author": "bot", "kind": "text",
    },
    "events": {"conversation_id": 1, "message_id": 1, "kind": "message_created"},
    "webhook_endpoints": {
        "public_id": "w", "url": "https://example.org", "secret": "s", "kinds": [],
    },
    "webhook_deliveries": {
        "public_id": "x", "endpoint_id": 1, "event_id": 1, "kind": "message_created",
        "state": "pending", "attempts": 0,
    },
}  # fmt: skip


def fill(connection: Connection) -> list[str]:
    """Put a row into every table of ``ROWS`` that exists; their names."""
    tables = MetaData()
    tables.reflect(connection)
    names = [name for name in ROWS if name in tables.tables]
    for name in names:
        table = tables.tables[name]
        values = {"created_at": DAY, "next_attempt_at": DAY, **ROWS[name]}
        known = {key: value for key, value in values.items() if key in table.columns}
        connection.execute(table.insert().values(known))
    return names


@pytest.mark.parametrize("version", ["0001", "0005"])
async def test_what_is_stored_survives_an_upgrade(
    new_address: Callable[[str], str], version: str
) -> None:
    database = Database(new_address("filled"))
    await on(database, lambda c: command.upgrade(alembic_config(c), version))
    names = await on(database, fill)
    await database.migrate()
    counts = await on(
        database,
        lambda c: {
            name: c.exec_driver_sql(f"SELECT count(*) FROM {name}").scalar()  # noqa: S608  our own names
            for name in names
        },
    )
    assert counts == dict.fromkeys(names, 1)
    await database.close()


async def test_an_upgrade_that_would_break_a_reference_is_not_kept(
    tmp_path: Path,
) -> None:
    database = Database(f"sqlite+aiosqlite:///{tmp_path / 'broken.sqlite3'}")
    await on(database, lambda c: command.upgrade(alembic_config(c), "0001"))
    await on(database, fill)
    with sqlite3.connect(tmp_path / "broken.sqlite3") as connection:
        connection.execute("PRAGMA foreign_keys=OFF")
        connection.execute("DELETE FROM contacts")
    connection.close()
    with pytest.raises(SettingsError, match=r"not changed.* addresses .* contacts"):
        await database.migrate()
    assert "webhook_endpoints" not in await on(database, shape)
    await database.close()
