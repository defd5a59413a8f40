"""Tokens in the terminal."""

from collections.abc import Callable
from functools import partial

import pytest

from tests.support.terminal import Terminal

Run = Callable[..., str]


@pytest.fixture
def run(terminal: Terminal) -> Run:
    """Runs ``tokens``."""
    return partial(terminal, "tokens")


def test_a_token_is_made_listed_and_revoked(run: Run) -> None:
    assert "no tokens" in run()
    token = run("add", " Our  CRM ", "--scope", "write").split()[-1]
    handle = "_".join(token.split("_")[:2])
    listed = run("list")
    assert listed.split() == [handle, "write", "never", "used", "Our", "CRM"]
    assert token not in listed
    assert "opens nothing" in run("revoke", handle)
    assert "revoked" in run("list")


def test_what_cannot_be_done_is_said(run: Run) -> None:
    assert "1 to 40 characters" in run("add", "x" * 41, status=1)
    assert "there is no token bot_x" in run("revoke", "bot_x", status=1)
