"""What time it is, as everything is told that needs to know."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from sqlalchemy import ColumnElement, or_
from sqlalchemy.orm import InstrumentedAttribute

Clock = Callable[[], datetime]
# How far the clocks of two machines may differ without either counting as set back.
SKEW = timedelta(seconds=10)


def utc_now() -> datetime:
    """The time, aware of its zone."""
    return datetime.now(UTC)


def has_come(
    column: InstrumentedAttribute[datetime] | InstrumentedAttribute[datetime | None],
    now: datetime,
    *,
    longest: timedelta,
) -> ColumnElement[bool]:
    """Whether a stored time has come.

    Nothing is put off for longer than ``longest``: a time further ahead was written
    before the clock was set back, and is waited for no more.
    """
    return or_(column <= now, column > now + longest + SKEW)
