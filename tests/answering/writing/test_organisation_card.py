"""What the organisation's own file answers: who we are, when and how we are reached."""

from datetime import UTC, date, datetime

import pytest

from bot.answering.writing.organisation_card import hours_text, identity_text
from bot.organisation import Organisation
from bot.phrases import languages, phrase

MONDAY, SATURDAY = (
    datetime(2026, 11, 23, 12, tzinfo=UTC),
    datetime(2026, 11, 28, 12, tzinfo=UTC),
)
HARBOUR = Organisation.model_validate(
    {
        "name": "Harbour Advisory",
        "description": "I answer questions about courses.",
        "phone": "+44 20 7946 0000",
        "email": "hello@harbour.example",
        "time_zone": "Europe/London",
        "opening_hours": {
            "monday": ["09:00-17:30"],
            "tuesday": ["09:00-17:30"],
            "wednesday": ["09:00-17:30"],
            "friday": ["09:00-12:00", "13:00-15:00"],
        },
        "holidays": ["2026-11-20", "2026-12-25"],
        "languages": ["en", "es"],
    }
)


def lines(organisation: Organisation, now: datetime, language: str = "en") -> list[str]:
    return hours_text(organisation, language, now=now).splitlines()


def test_days_with_the_same_hours_stand_together() -> None:
    opening = lines(HARBOUR, MONDAY)[0]
    assert "Monday – Wednesday 09:00-17:30" in opening
    assert "Friday 09:00-12:00, 13:00-15:00" in opening


def test_the_days_on_which_nobody_is_there_are_said() -> None:
    shut = phrase("closed_on", "en", days="Thursday, Saturday – Sunday")
    assert shut in lines(HARBOUR, MONDAY)


def test_it_is_said_whether_it_is_open_now() -> None:
    assert lines(HARBOUR, MONDAY) != lines(HARBOUR, SATURDAY)
    assert any("open now" in line for line in lines(HARBOUR, MONDAY))
    assert any("closed at the moment" in line for line in lines(HARBOUR, SATURDAY))


def test_holidays_to_come_are_said_and_past_ones_are_not() -> None:
    text = "\n".join(lines(HARBOUR, MONDAY))
    assert "25" in text
    assert "Nov 20" not in text
    later = datetime(2026, 12, 26, 12, tzinfo=UTC)
    assert phrase("holidays", "en", days="").split()[0] not in "\n".join(
        lines(HARBOUR, later)
    )


def test_every_way_in_which_we_are_reached_is_named_and_no_other() -> None:
    text = "\n".join(lines(HARBOUR, MONDAY))
    assert "+44 20 7946 0000" in text
    assert "hello@harbour.example" in text
    assert phrase("website", "en", value="").strip() not in text


def test_an_organisation_without_hours_names_its_ways_alone() -> None:
    bare = HARBOUR.model_copy(update={"opening_hours": {}, "holidays": []})
    assert lines(bare, MONDAY) == [
        phrase("phone", "en", value="+44 20 7946 0000"),
        phrase("email", "en", value="hello@harbour.example"),
    ]


@pytest.mark.parametrize("language", languages())
def test_it_is_said_in_every_language(language: str) -> None:
    text = hours_text(HARBOUR, language, now=MONDAY)
    for part in ("09:00-17:30", "+44 20 7946 0000", "hello@harbour.example"):
        assert part in text
    monday = phrase("weekdays", language).split("|")[0]
    assert monday in text
    assert "{" not in text + identity_text(HARBOUR, language)


def test_we_say_who_we_are_and_what_about() -> None:
    text = identity_text(HARBOUR, "en")
    assert "Harbour Advisory" in text
    assert text.endswith("I answer questions about courses.")


def test_the_day_of_today_is_still_a_holiday_to_come() -> None:
    today = HARBOUR.model_copy(update={"holidays": [date(2026, 11, 23)]})
    assert any("23" in line for line in lines(today, MONDAY))
