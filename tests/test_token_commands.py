"""Tokens in the terminal."""

from collections.abc import Callable

import pytest

from bot.__main__ import main
from bot.config import Settings

Run = Callable[..., str]


@pytest.fixture
def run(
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Run:
    """Runs ``tokens``; gives what it printed, or the error of a failing one."""
    monkeypatch.setenv("ENVIRONMENT", "development")
    monkeypatch.setenv("DATA_DIR", str(settings.data_dir))

    def command(*arguments: str, status: int = 0) -> str:
        capsys.readouterr()
        assert main(("tokens", *arguments)) == status
        shown = capsys.readouterr()
        return shown.err if status else shown.out

    return command


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
