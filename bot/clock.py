"""What time it is, as everything is told that needs to know."""

from collections.abc import Callable
from datetime import UTC, datetime

Clock = Callable[[], datetime]


def utc_now() -> datetime:
    """The time, aware of its zone."""
    return datetime.now(UTC)
