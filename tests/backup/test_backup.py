"""A backup made while messages arrive, and the copy that is made of it."""

import asyncio
import json
import stat
import tarfile
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import select, text

from bot.backup.archive import ABOUT, DATABASE
from bot.backup.making import make_backup
from bot.backup.restoring import restore
from bot.backup.rows import copy_rows
from bot.config import Settings
from bot.conversations.models import (
    Conversation,
    DeliveryState,
    Event,
    HeldReply,
    Note,
    Reason,
    Status,
)
from bot.database import Database
from bot.errors import BackupError, SettingsError
from bot.integrations.cursors import EventCursor
from bot.integrations.webhooks import Webhooks
from bot.outside import Lookup
from bot.starting import alone
from tests.support.clock import START
from tests.support.core import Core, hours
from tests.support.dump import dump
from tests.support.merged import merge_into_newer

OUTSIDE = Lookup(resolve=lambda _host, _port: ["8.8.8.8"])


@pytest.fixture
async def core(database: Database) -> Core:
    return Core(database)


@pytest.fixture
def here(core: Core, sample_knowledge: Path, tmp_path: Path) -> Settings:
    """The installation that is backed up."""
    return Settings(
        environment="development",
        database_url=core.database.address,
        data_dir=tmp_path,
        knowledge_dir=sample_knowledge,
    )


@pytest.fixture
def there(
    tmp_path: Path, database: Database, new_postgresql: Callable[[str], str]
) -> Settings:
    """An empty place for a copy, on a database of the same kind."""
    copy = tmp_path / "copy"
    address = "" if database.sqlite else new_postgresql("template1")
    return Settings(
        environment="development",
        database_url=address,
        data_dir=copy,
        knowledge_dir=copy / "knowledge",
    )


async def copied(core: Core, here: Settings, there: Settings) -> Core:
    """A copy of an installation by way of a backup."""
    file = here.data_dir / "backup.tar.gz"
    await make_backup(here, file, now=core.clock())
    await restore(there, file, now=core.clock())
    copy = Core(Database(there.database_address), clock=core.clock)
    copy.simulator.messages.extend(core.simulator.messages)
    return copy


async def test_a_backup_while_messages_arrive_has_all_that_were_acknowledged(
    core: Core, here: Settings, there: Settings
) -> None:
    for number in range(20):
        await core.write(f"Before {number}", sender=f"whatsapp:+44770090{number:04}")
    acknowledged = {message.external_id for message in await core.messages()}
    enough = asyncio.Event()

    async def go_on() -> None:
        number = 0
        while not enough.is_set():
            await core.write(f"Meanwhile {(number := number + 1)}")

    writing = asyncio.create_task(go_on())
    copy = await copied(core, here, there)
    enough.set()
    await writing
    kept = {message.external_id for message in await copy.messages()}
    all_of_them = {message.external_id for message in await core.messages()}
    assert acknowledged <= kept <= all_of_them
    events = select(Event)
    assert len(await copy.rows(events)) >= len(kept)
    knowledge = {
        path.relative_to(there.knowledge_dir)
        for path in there.knowledge_dir.rglob("*.md")
    }
    assert knowledge == {
        path.relative_to(here.knowledge_dir)
        for path in here.knowledge_dir.rglob("*.md")
    }
    await copy.database.close()


async def test_a_copy_sends_nothing_and_staff_see_what_was_owed(
    core: Core, here: Settings, there: Settings
) -> None:
    overdue = await core.waiting(sender="whatsapp:+447700900777")
    owed = (await core.write("How long?")).conversation_id
    await core.staff_say("Not sent yet.", sender="whatsapp:+447700900555")
    before = core.sent() + core.sent("whatsapp:+447700900777")

    copy = await copied(core, here, there)
    for _ in range(5):
        await copy.work(after=hours(2))
    assert copy.sent() + copy.sent("whatsapp:+447700900777") == before
    assert copy.sent("whatsapp:+447700900555") == []
    row = await copy.conversation(owed)
    assert (row.status, row.handoff_reason) == (Status.WAITING, Reason.RESTORED)
    assert (await copy.conversation(overdue)).status is Status.WAITING
    state = [one.state for one in await copy.deliveries() if "Not sent" in one.text]
    assert state == [DeliveryState.CANCELLED]
    await copy.database.close()


async def test_what_was_held_for_a_contact_becomes_a_note_for_staff(
    core: Core, here: Settings, there: Settings
) -> None:
    await core.staff_say("Hello.")
    async with core.database.write() as session:
        (conversation,) = await session.scalars(select(Conversation))
        assert conversation.assignee_id is not None
        session.add(
            HeldReply(
                conversation_id=conversation.id,
                staff_member_id=conversation.assignee_id,
                text="Your place is confirmed.",
                created_at=START,
            )
        )
    copy = await copied(core, here, there)
    assert await copy.rows(select(HeldReply)) == []
    (note,) = await copy.rows(select(Note))
    assert note.text.endswith("maybe sent since: Your place is confirmed.")
    await copy.database.close()


async def test_programs_hear_nothing_of_what_happened_before(
    core: Core, here: Settings, there: Settings
) -> None:
    await Webhooks(core.events, lookup=OUTSIDE, clock=core.clock).add(
        "https://crm.example.org"
    )
    await core.write("How long?")
    copy = await copied(core, here, there)
    newest = max(event.id for event in await copy.event_log())
    cursors = await copy.rows(select(EventCursor))
    assert [cursor.event_id for cursor in cursors] == [newest]
    await copy.database.close()


async def test_a_copy_goes_on_where_the_original_was(
    core: Core, here: Settings, there: Settings
) -> None:
    await core.answered("How long?")
    copy = await copied(core, here, there)
    await copy.write("And how much?", sid="SM" + "9" * 32)
    await copy.work()
    assert "About: And how much?" in copy.sent()[-1]
    await copy.database.close()


async def test_an_installation_moves_to_the_other_database_row_by_row(
    core: Core, new_postgresql: Callable[[str], str], tmp_path: Path
) -> None:
    older, newer = "whatsapp:+447700900001", "whatsapp:+447700900002"
    await core.answered("How long?", sender=older)
    await core.write("And how much?", sender=newer)
    async with core.database.write() as session:
        await merge_into_newer(session, older, newer)
    other = Database(
        new_postgresql("template1")
        if core.database.sqlite
        else f"sqlite+aiosqlite:///{tmp_path / 'moved.sqlite3'}"
    )
    await other.migrate()
    await copy_rows(core.database, other)
    assert sorted((await dump(other)).splitlines()) == sorted(
        (await dump(core.database)).splitlines()
    )
    await other.close()


async def test_a_backup_is_for_its_owner_only_and_overwrites_nothing(
    core: Core, here: Settings
) -> None:
    file = here.data_dir / "backup.tar.gz"
    await make_backup(here, file, now=START)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    with pytest.raises(BackupError, match="is there already"):
        await make_backup(here, file, now=START)
    with pytest.raises(BackupError, match="there is no folder"):
        await make_backup(here, file / "no" / "where", now=START)
    left = {path.name for path in here.data_dir.iterdir()} - {file.name}
    assert not [name for name in left if "backup" in name or "partial" in name]


async def test_a_backup_without_a_database_is_refused(settings: Settings) -> None:
    settings.data_dir.mkdir()
    with pytest.raises(BackupError, match="there is no database"):
        await make_backup(settings, settings.data_dir / "backup.tar.gz", now=START)
    assert list(settings.data_dir.iterdir()) == []


@pytest.fixture
async def backup(house_settings: Settings) -> Path:
    file = house_settings.data_dir / "backup.tar.gz"
    await make_backup(house_settings, file, now=START)
    return file


@pytest.fixture
async def house_settings(settings: Settings) -> Settings:
    """An installation on SQLite with a contact."""
    database = Database(settings.database_address)
    await database.migrate()
    await Core(database).write("How long?")
    await database.close()
    return settings


def elsewhere(tmp_path: Path) -> Settings:
    copy = tmp_path / "copy"
    return Settings(
        environment="development", data_dir=copy, knowledge_dir=copy / "knowledge"
    )


async def test_nothing_that_is_there_is_overwritten(
    backup: Path, house_settings: Settings, tmp_path: Path
) -> None:
    with pytest.raises(BackupError, match="there are files in"):
        await restore(house_settings, backup, now=START)
    with pytest.raises(BackupError, match="the database is not empty"):
        await restore(house_settings, backup, now=START, keep_knowledge=True)
    copy = elsewhere(tmp_path)
    with alone(copy), pytest.raises(SettingsError, match="another server"):
        await restore(copy, backup, now=START)


def no_backups(backup: Path, folder: Path) -> list[Path]:
    """One that was cut short, something else, and nothing."""
    (cut := folder / "cut").write_bytes(backup.read_bytes()[:-200])
    (other := folder / "other").write_text("no archive")
    return [cut, other, folder / "missing"]


async def test_a_file_that_is_no_backup_is_refused(
    backup: Path, tmp_path: Path
) -> None:
    copy = elsewhere(tmp_path)
    for wrong in no_backups(backup, tmp_path):
        with pytest.raises(BackupError, match=r"no backup|damaged"):
            await restore(copy, wrong, now=START)
    assert not copy.knowledge_dir.exists()
    await restore(copy, backup, now=START)


@pytest.mark.parametrize(
    ("about", "words"),
    [
        ({"format": 2}, "made by a newer program"),
        ({"sha256": "0" * 64}, "its database is not as it was written"),
    ],
)
async def test_a_backup_that_does_not_fit_is_refused(
    backup: Path, tmp_path: Path, about: dict[str, object], words: str
) -> None:
    with tarfile.open(backup) as archive:
        archive.extractall(tmp_path / "parts", filter="data")
    told = tmp_path / "parts" / ABOUT
    told.write_text(json.dumps({**json.loads(told.read_text()), **about}))
    changed = tmp_path / "changed.tar.gz"
    with tarfile.open(changed, "w:gz") as archive:
        archive.add(told, ABOUT)
        archive.add(tmp_path / "parts" / DATABASE, DATABASE)
    with pytest.raises(BackupError, match=words):
        await restore(elsewhere(tmp_path), changed, now=START)


async def test_a_database_of_a_newer_program_is_refused(
    house_settings: Settings, tmp_path: Path
) -> None:
    database = Database(house_settings.database_address)
    async with database.write() as session:
        await session.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    await database.close()
    file = tmp_path / "backup.tar.gz"
    await make_backup(house_settings, file, now=START)
    with pytest.raises(BackupError, match="made by a newer program"):
        await restore(elsewhere(tmp_path), file, now=START)
