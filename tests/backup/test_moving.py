"""An installation that moves from SQLite to PostgreSQL, whole or not at all."""

import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import text

from bot.backup.moving import move
from bot.config import Settings
from bot.database import Database
from bot.errors import BackupError, SettingsError
from bot.starting import alone
from tests.support.core import Core
from tests.support.dump import dump
from tests.support.merged import merge_into_newer
from tests.support.terminal import Terminal

PHONES = [f"whatsapp:+4477009{number:05}" for number in range(6)]
WAITING = "whatsapp:+447700900555"
# A target that takes every row, and refuses at the commit that it is whole.
REFUSING_THE_END = """
CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF NEW.version_num NOT LIKE 'moving%' THEN RAISE 'refused'; END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER refuse AFTER UPDATE ON alembic_version
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION refuse()
"""


@pytest.fixture
async def old(settings: Settings, sqlite_template: Path) -> Settings:
    """An installation on SQLite in which something has happened."""
    settings.data_dir.mkdir()
    shutil.copy(sqlite_template, settings.data_dir / "bot.sqlite3")
    core = Core(Database(settings.database_address))
    for phone in PHONES:
        await core.answered("How long is it, in “weeks”?", sender=phone)
    await core.waiting(sender="whatsapp:+447700900777")
    await core.staff_say("Not sent yet.", sender=WAITING)
    async with core.database.write() as session:
        await merge_into_newer(session, PHONES[1], PHONES[4])
    await core.database.close()
    return settings


@pytest.fixture
def new(new_postgresql: Callable[[str], str]) -> str:
    """A PostgreSQL without rows, as an operator writes its address."""
    return new_postgresql("migrated").replace("postgresql+psycopg", "postgresql")


def silent(line: str) -> None:
    del line


async def held(address: str) -> list[str]:
    database = Database(address)
    found = sorted((await dump(database)).splitlines())
    await database.close()
    return found


def asynchronous(address: str) -> str:
    return address.replace("postgresql", "postgresql+psycopg", 1)


async def test_every_row_moves_and_the_old_database_is_not_served_again(
    old: Settings, new: str
) -> None:
    before = await held(old.database_address)
    checked = await move(old, new, say=silent)
    assert await held(asynchronous(new)) == before == await held(old.database_address)
    assert sum(table.rows for table in checked) == len(before)
    with pytest.raises(SettingsError, match=r"was moved to postgresql://"), alone(old):
        pass
    again = Database(old.database_address)
    with pytest.raises(SettingsError, match="set DATABASE_URL"):
        await again.migrate()
    await again.close()


async def test_the_new_database_goes_on_where_the_old_one_was(
    old: Settings, new: str
) -> None:
    await move(old, new, say=silent)
    core = Core(Database(asynchronous(new)))
    await core.database.migrate()
    core.clock.advance(60)
    await core.write("And how much?", sender=PHONES[0], sid="SM" + "9" * 32)
    await core.write("Hello?", sender=WAITING, sid="SM" + "8" * 32)
    await core.work()
    assert "About: And how much?" in core.sent(PHONES[0])[-1]
    assert "Not sent yet." in core.sent(WAITING)[0]
    await core.database.close()


async def interrupted(old: Settings, new: str) -> None:
    """A move that ends when the messages are there."""

    def stop(line: str) -> None:
        if line.startswith("messages"):
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        await move(old, new, say=stop)


async def test_a_move_that_was_interrupted_goes_on(old: Settings, new: str) -> None:
    await interrupted(old, new)
    half = Database(asynchronous(new))
    with pytest.raises(SettingsError, match="half filled"):
        await half.migrate()
    await half.close()
    with alone(old):  # The old one may still be served.
        pass
    said: list[str] = []
    await move(old, new, say=said.append)
    assert not [line for line in said if "again" in line]
    assert await held(asynchronous(new)) == await held(old.database_address)


async def test_what_was_written_after_an_interruption_moves_as_well(
    old: Settings, new: str
) -> None:
    await interrupted(old, new)
    core = Core(Database(old.database_address))
    core.clock.advance(60)
    await core.write("One more", sender=PHONES[0], sid="SM" + "8" * 32)
    await core.database.close()
    said: list[str] = []
    await move(old, new, say=said.append)
    assert "everything is copied again" in "".join(said)
    assert await held(asynchronous(new)) == await held(old.database_address)


async def test_nobody_writes_to_the_old_database_while_it_moves(
    old: Settings, new: str
) -> None:
    def write(line: str) -> None:
        del line
        file = old.data_dir / "bot.sqlite3"
        with closing(sqlite3.connect(file, timeout=0)) as other:
            other.execute("UPDATE contacts SET name = 'Somebody else'")

    with pytest.raises(sqlite3.OperationalError, match="locked"):
        await move(old, new, say=write)


async def test_a_move_is_refused_while_a_server_runs(old: Settings, new: str) -> None:
    with alone(old), pytest.raises(SettingsError, match="another server"):
        await move(old, new, say=silent)


async def test_a_target_that_holds_something_is_left_alone(
    old: Settings, new: str
) -> None:
    core = Core(Database(asynchronous(new)))
    await core.write("Somebody else's")
    await core.database.close()
    with pytest.raises(BackupError, match="not empty"):
        await move(old, new, say=silent)
    with alone(old):
        pass


async def test_a_move_whose_end_is_not_written_leaves_the_old_database_served(
    old: Settings, new: str
) -> None:
    target = Database(asynchronous(new))
    await target.migrate()
    await target.close()
    with psycopg.connect(new) as connection:
        connection.execute(REFUSING_THE_END)
    with pytest.raises(BackupError, match="not moved"):
        await move(old, new, say=silent)
    with alone(old):
        pass
    with psycopg.connect(new) as connection:
        connection.execute("DROP TRIGGER refuse ON alembic_version")
    await move(old, new, say=silent)


@pytest.mark.parametrize(
    ("statement", "words"),
    [
        ("UPDATE alembic_version SET version_num = '0003'", "another version"),
        ("UPDATE alembic_version SET version_num = 'moving 0003'", "another version"),
    ],
)
async def test_a_target_with_other_tables_is_refused(
    old: Settings, new: str, statement: str, words: str
) -> None:
    target = Database(asynchronous(new))
    async with target.write() as session:
        await session.execute(text(statement))
    await target.close()
    with pytest.raises(BackupError, match=words):
        await move(old, new, say=silent)


async def test_a_target_that_others_use_is_refused(old: Settings, new: str) -> None:
    with psycopg.connect(new), pytest.raises(BackupError, match="others are connected"):
        await move(old, new, say=silent)


async def test_only_an_sqlite_database_that_is_up_to_date_moves(
    old: Settings, new: str, tmp_path: Path
) -> None:
    with pytest.raises(SettingsError, match="--to has to be"):
        await move(old, f"sqlite:///{tmp_path / 'other'}", say=silent)
    elsewhere = old.model_copy(update={"data_dir": tmp_path / "nowhere"})
    with pytest.raises(BackupError, match="there is no SQLite database"):
        await move(elsewhere, new, say=silent)
    with closing(sqlite3.connect(old.data_dir / "bot.sqlite3")) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '0001'")
        connection.commit()
    with pytest.raises(BackupError, match="not up to date"):
        await move(old, new, say=silent)


def test_the_command_says_what_it_did(
    settings: Settings,
    terminal: Terminal,
    new_postgresql: Callable[[str], str],
    sqlite_template: Path,
) -> None:
    settings.data_dir.mkdir()
    shutil.copy(sqlite_template, settings.data_dir / "bot.sqlite3")
    empty = new_postgresql("template1").replace("postgresql+psycopg", "postgresql")
    said = terminal("migrate-database", "--to", empty)
    assert "contacts: 0 rows, sha256 " in said
    assert "set DATABASE_URL to the new one" in said
    assert "was moved to" in terminal("inbox", status=1)
    refused = terminal(
        "migrate-database", "--to", "postgresql://u@127.0.0.1:1/x", status=1
    )
    assert refused.startswith("error: ")
