"""``python -m bot`` as somebody types it."""

import io
from dataclasses import dataclass

import pytest

from bot.__main__ import main


@dataclass(frozen=True, slots=True, kw_only=True)
class Terminal:
    """Runs commands; gives what one printed, or the error of a failing one."""

    monkeypatch: pytest.MonkeyPatch
    capsys: pytest.CaptureFixture[str]

    def __call__(self, *arguments: str, typed: str = "", status: int = 0) -> str:
        """Run one with ``typed`` as standard input; it has to end with ``status``."""
        self.monkeypatch.setattr("sys.stdin", io.StringIO(typed))
        self.capsys.readouterr()
        assert main(arguments) == status
        shown = self.capsys.readouterr()
        return shown.err if status else shown.out
