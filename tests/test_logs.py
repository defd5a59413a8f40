"""Logs: fields for machines or people, and no texts of contacts."""

import json
from collections.abc import Iterator

import pytest
import structlog
from structlog.typing import EventDict

from bot.logs import SHORT_SECONDS, WHOLE_SECONDS, Repeated, configure_logs, get_logger


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


def failed(repeated: Repeated, event: str = "look_failed") -> EventDict | None:
    """What becomes of a failure's entry in the log; None if it is only counted."""
    entry = {"event": event, "exc_info": OSError("the disk is full")}
    try:
        return dict(repeated(None, "error", entry))
    except structlog.DropEvent:
        return None


def test_what_fails_again_and_again_is_counted_and_told_now_and_then() -> None:
    now = 0.0
    repeated = Repeated(clock=lambda: now)
    first = failed(repeated)
    assert first is not None
    assert "exc_info" in first
    assert [failed(repeated) for _ in range(9)] == [None] * 9
    assert failed(repeated, "send_failed") is not None

    now = SHORT_SECONDS
    assert failed(repeated) == {
        "event": "look_failed",
        "error": "OSError",
        "unsaid": 9,
    }
    assert failed(repeated) is None

    now = WHOLE_SECONDS
    again = failed(repeated)
    assert again is not None
    assert "exc_info" in again
    assert again["unsaid"] == 1


def test_an_outage_of_a_minute_leaves_a_few_kilobytes(
    capsys: pytest.CaptureFixture[str],
) -> None:
    configure_logs("INFO", json=True)
    for _ in range(1000):
        try:
            fail("words")
        except ValueError:
            get_logger().exception("look_failed")
    shown = capsys.readouterr().err
    assert shown.count("Traceback") == 1
    assert len(shown) < 5_000


def test_what_is_no_failure_is_told_every_time(
    capsys: pytest.CaptureFixture[str],
) -> None:
    configure_logs("INFO", json=True)
    for _ in range(3):
        get_logger().warning("delivery_failed", exc_info=False)
    assert capsys.readouterr().err.count("delivery_failed") == 3
