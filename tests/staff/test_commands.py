"""``python -m bot staff``: accounts from the terminal."""

import asyncio
from collections.abc import Callable
from functools import partial

import pytest
from sqlalchemy import select

from bot.config import Settings
from bot.database import Database
from bot.staff import AuditEntry, staff_member
from tests.support.clock import START
from tests.support.terminal import Terminal

Run = Callable[..., str]
PASSWORD = "correct horse battery"


@pytest.fixture
def run(terminal: Terminal) -> Run:
    """Runs ``staff``, with a password typed."""
    return partial(terminal, "staff", typed=f"{PASSWORD}\n")


def add(run: Run, name: str, *more: str, status: int = 0) -> str:
    return run("add", name, "--password-stdin", *more, status=status)


def test_an_account_is_added_listed_and_revoked(run: Run) -> None:
    assert run() == "nobody has an account; add one with `staff add NAME`\n"
    added = add(run, "Ana López", "--role", "admin")
    assert added == "Ana López can sign in at /console as admin\n"
    add(run, "Ben")
    assert "already" in add(run, "ben", status=1)
    listed = [line.split() for line in run("list").splitlines()]
    assert listed == [
        ["Ana", "López", "admin", "can", "sign", "in"],
        ["Ben", "staff", "can", "sign", "in"],
    ]
    assert "cannot sign in any more" in run("revoke", "ben")
    assert "revoked" in run("list")
    add(run, "Ben")
    assert "revoked" not in run("list")


def test_a_new_password_is_set(run: Run) -> None:
    add(run, "Ana")
    out = run("password", "Ana", "--password-stdin", typed="another long one")
    assert out == "Ana has a new password and is signed out everywhere\n"
    assert "10 to 200" in run(
        "password", "Ana", "--password-stdin", typed="short", status=1
    )


@pytest.mark.parametrize("action", ["revoke", "password"])
def test_somebody_unknown_is_named(run: Run, action: str) -> None:
    assert "there is no staff member Eve" in run(action, "Eve", status=1)


@pytest.mark.parametrize("name", ["  ", "x" * 61, "a\tb\0"])
def test_a_name_that_cannot_be_shown_is_refused(run: Run, name: str) -> None:
    assert "1 to 60 characters" in add(run, name, status=1)


def test_the_password_is_asked_twice_without_echo(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers = iter([PASSWORD, "something else", PASSWORD, PASSWORD])
    monkeypatch.setattr("bot.staff_commands.getpass", lambda _: next(answers))
    assert "not the same" in run("add", "Ana", status=1)
    assert "can sign in" in run("add", "Ana")


def test_what_was_done_is_in_the_log_and_a_known_name_keeps_its_row(
    run: Run, settings: Settings
) -> None:
    async def known() -> None:
        database = Database(settings.database_address)
        await database.migrate()
        async with database.write() as session:
            await staff_member(session, "Ana", now=START)
        await database.close()

    async def log() -> list[tuple[str, str | None]]:
        database = Database(settings.database_address)
        async with database.read() as session:
            rows = (await session.scalars(select(AuditEntry))).all()
        await database.close()
        return [(row.action, row.detail) for row in rows]

    asyncio.run(known())
    assert "no password" in run("list")
    add(run, "ana")
    run("revoke", "Ana")
    assert asyncio.run(log()) == [("staff_added", "Ana"), ("staff_revoked", "Ana")]
