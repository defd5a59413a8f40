"""``python -m bot contacts``: from the terminal."""

import asyncio
import json
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from bot.config import Settings
from bot.database import Database
from tests.support.core import PHONE, Core
from tests.support.terminal import Terminal

Run = Callable[..., str]


@pytest.fixture
def run(terminal: Terminal) -> Run:
    """Runs ``contacts``."""
    return partial(terminal, "contacts")


@pytest.fixture
def written(settings: Settings) -> None:
    """Somebody has written."""

    async def write() -> None:
        database = Database(settings.database_address)
        await database.migrate()
        core = Core(database)
        await core.write("I am Zaphod", sender=PHONE)
        await core.close()
        await database.close()

    asyncio.run(write())


def test_nobody_has_written_yet(run: Run) -> None:
    assert run() == "nobody has written yet\n"
    assert run("list", "Ada") == "nobody was found\n"
    assert "no contact abc" in run("export", "abc", status=1)


@pytest.mark.usefixtures("written")
def test_a_contact_is_listed_exported_and_erased(run: Run, tmp_path: Path) -> None:
    contact, title, number = run().split()
    assert (title, number) == ("+447700900123", "+447700900123")
    whole = json.loads(run("export", contact))
    assert whole["conversations"][0]["messages"][0]["text"] == "I am Zaphod"
    file = tmp_path / "contact.json"
    assert run("export", contact, "--out", str(file)) == ""
    assert json.loads(file.read_text("utf-8"))["contact"]["public_id"] == contact
    for typed in ("somebody\n", ""):
        assert "nothing done" in run("erase", contact, typed=typed, status=1)
    assert run("erase", contact, typed="+447700900123\n").endswith("is erased\n")
    assert run() == "nobody has written yet\n"


@pytest.mark.usefixtures("written")
def test_a_script_can_say_beforehand_what_it_would_be_asked(run: Run) -> None:
    contact = run().split()[0]
    assert "nothing done" in run("erase", contact, "--confirm", "no", status=1)
    assert run("erase", contact, "--confirm", contact) == f"{contact} is erased\n"
