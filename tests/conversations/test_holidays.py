"""On holidays the organisation is closed, whatever weekday it is."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.conversations.opening_hours import (
    after_open_time,
    closed,
    open_until,
    opens_at,
    when_open,
)
from bot.phrases import languages
from tests.support.core import ORGANISATION

LONDON = ZoneInfo("Europe/London")
WORKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday")
CHRISTMAS = [date(2026, 12, 24) + timedelta(days=days) for days in range(9)]
SHOP = ORGANISATION.model_copy(
    update={
        "opening_hours": {day: ["09:00-17:00"] for day in WORKDAYS},
        "holidays": CHRISTMAS,
    }
)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=LONDON)


def test_nobody_is_there_on_a_holiday() -> None:
    assert open_until(SHOP, at("2026-12-23T10:00")) == at("2026-12-23T17:00")
    assert open_until(SHOP, at("2026-12-25T10:00")) is None
    assert closed(SHOP, at("2026-12-25T10:00"))


def test_after_holidays_of_more_than_a_week_it_opens_again() -> None:
    assert opens_at(SHOP, at("2026-12-23T18:00")) == at("2027-01-04T09:00")


def test_the_time_of_holidays_does_not_count() -> None:
    since = at("2026-12-23T16:30")
    assert after_open_time(SHOP, since, timedelta(hours=1)) == at("2027-01-04T09:30")


@pytest.mark.parametrize(
    ("now", "words"),
    [
        ("2026-12-23T10:00", "We are open now, until 17:00 (London time)."),
        ("2026-12-23T18:00", "open again on Monday 2027-01-04 at 09:00"),
        ("2027-01-01T10:00", "open again on Monday at 09:00"),
        ("2027-01-04T08:00", "open today at 09:00"),
    ],
)
def test_it_is_said_whether_it_is_open(now: str, words: str) -> None:
    assert words in when_open(SHOP, at(now), language="en")


@pytest.mark.parametrize("language", languages())
def test_it_is_said_in_every_language(language: str) -> None:
    words = when_open(SHOP, at("2026-12-24T10:00"), language=language)
    assert "2027-01-04" in words
    assert "09:00" in words


def test_without_opening_hours_nothing_is_said() -> None:
    never = SHOP.model_copy(update={"opening_hours": {}})
    assert when_open(never, at("2026-12-23T10:00"), language="en") == ""
