"""Logs: fields for machines or people, and no texts of contacts."""

import json
from collections.abc import Iterator

import pytest
import structlog

from bot.logs import configure_logs, get_logger


@pytest.fixture(autouse=True)
def _as_before() -> Iterator[None]:
    yield
    structlog.reset_defaults()


def fail(secret: str) -> None:
    raise ValueError(f"cannot read {len(secret)} characters")


def test_machines_get_one_json_object_a_line(
    capsys: pytest.CaptureFixture[str],
) -> None:
    configure_logs("INFO", json=True)
    get_logger().info("reply_stored", conversation=12)
    get_logger().debug("not_shown")
    (line,) = capsys.readouterr().err.splitlines()
    entry = json.loads(line)
    assert entry["event"] == "reply_stored"
    assert entry["conversation"] == 12
    assert entry["level"] == "info"
    assert entry["timestamp"].endswith("Z")


@pytest.mark.parametrize("json_lines", [True, False])
def test_a_traceback_shows_no_local_variables(
    capsys: pytest.CaptureFixture[str], json_lines: bool
) -> None:
    configure_logs("INFO", json=json_lines)
    words = "my passport number is 1234"
    try:
        fail(words)
    except ValueError:
        get_logger().exception("reply_failed")
    shown = capsys.readouterr().err
    assert "cannot read 26 characters" in shown
    assert "passport" not in shown
