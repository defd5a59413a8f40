"""What contacts write of the time they want to be called at."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.conversations.spoken.call_times import (
    call_time,
    zone_in,
    zone_of_number,
    zone_stated,
)

LONDON = ZoneInfo("Europe/London")
TUESDAY = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "then"),
    [
        ("please call me tomorrow at 3pm", "11-25 15:00"),
        ("Tomorrow after 3 PM", "11-25 15:00"),
        ("tomorrow morning", "11-25 10:00"),
        ("on Friday between 3 and 5pm", "11-27 15:00"),
        ("at 15:30", "11-24 15:30"),
        ("evenings are best", "11-24 18:00"),
        ("6 pm", "11-24 18:00"),
        ("today at 5", "11-24 17:00"),
        ("at 8", "11-25 08:00"),
        ("Tuesday at 8", "12-01 08:00"),
        ("12 am tomorrow", "11-25 00:00"),
        ("day after tomorrow", "11-26 10:00"),
        ("2026-12-01 at 14:00", "12-01 14:00"),
        ("right now", "11-24 09:00"),
        ("mañana a las 15:00", "11-25 15:00"),
        ("el viernes por la tarde", "11-27 15:00"),
        ("demain à 15h", "11-25 15:00"),
        ("vendredi matin vers 10h30", "11-27 10:30"),
        ("amanhã às 15h", "11-25 15:00"),
        ("غدا الساعة 3 مساء", "11-25 15:00"),
        ("कल शाम 5 बजे", "11-25 17:00"),
        ("আগামীকাল বিকাল ৫টা", "11-25 17:00"),
        ("ngày mai lúc 3 giờ chiều", "11-25 15:00"),
        ("明天下午三点", "11-25 15:00"),
        ("morgen um 15 Uhr", "11-25 15:00"),
        ("übermorgen am Nachmittag", "11-26 15:00"),
        ("Freitagnachmittag ab vier", "11-27 16:00"),
    ],
)
def test_a_time_is_understood(text: str, then: str) -> None:
    found = call_time(text, now=TUESDAY, zone=LONDON)
    assert found is not None
    assert f"{found:%m-%d %H:%M}" == then


@pytest.mark.parametrize(
    ("text", "then"),
    [
        ("Montag am Morgen", "11-30 10:00"),
        ("Montag Morgen", "11-30 10:00"),
        ("Freitagmorgen um halb neun", "11-27 08:30"),
        ("heute Morgen", "11-24 10:00"),
        ("lunes por la mañana", "11-30 10:00"),
        ("hoy por la mañana", "11-24 10:00"),
        ("esta mañana", "11-24 10:00"),
        ("morgen früh", "11-25 10:00"),
        ("mañana por la mañana", "11-25 10:00"),
        ("mañana", "11-25 10:00"),
    ],
)
def test_a_word_for_morning_is_no_tomorrow(text: str, then: str) -> None:
    found = call_time(text, now=TUESDAY, zone=LONDON)
    assert found is not None
    assert f"{found:%m-%d %H:%M}" == then


@pytest.mark.parametrize(
    ("text", "then"),
    [
        ("heute um halb drei", "11-24 14:30"),
        ("morgen halb 10", "11-25 09:30"),
        ("halb eins", "11-24 12:30"),
        ("half past three", "11-24 15:30"),
        ("a las tres y media", "11-24 15:30"),
        ("demain à 3h et demie", "11-25 15:30"),
        ("às 4 e meia", "11-24 16:30"),
        ("ngày mai 3 giờ rưỡi", "11-25 15:30"),
        ("明天下午三点半", "11-25 15:30"),
    ],
)
def test_half_an_hour_is_understood(text: str, then: str) -> None:
    found = call_time(text, now=TUESDAY, zone=LONDON)
    assert found is not None
    assert f"{found:%m-%d %H:%M}" == then


@pytest.mark.parametrize(
    ("text", "then"),
    [
        ("heute um drei", "11-24 15:00"),
        ("um elf Uhr", "11-24 11:00"),
        ("tomorrow at four in the afternoon", "11-25 16:00"),
        ("mañana a las cinco", "11-25 17:00"),
        ("demain à trois heures", "11-25 15:00"),
    ],
)
def test_an_hour_in_words_is_understood(text: str, then: str) -> None:
    found = call_time(text, now=TUESDAY, zone=LONDON)
    assert found is not None
    assert f"{found:%m-%d %H:%M}" == then


@pytest.mark.parametrize(
    "text",
    [
        "",
        "What documents do I need for the May intake?",
        "I have 7.5 in IELTS",
        "in 2027",
        "+91 98765 43210",
        "2026-13-01",
        "2020-01-01",
        "J'ai postulé à une université",
        "Ist das nach zwei Jahren noch gültig?",
        "Tell me about one of the courses",
        "half the fee",
    ],
)
def test_what_names_no_time_to_come_is_none(text: str) -> None:
    assert call_time(text, now=TUESDAY, zone=LONDON) is None


def test_a_time_is_told_on_the_contacts_clock() -> None:
    found = call_time("tomorrow 10am", now=TUESDAY, zone=ZoneInfo("Asia/Kolkata"))
    assert found == datetime(2026, 11, 25, 4, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "zone"),
    [
        ("11:15 Sydney time", "Australia/Sydney"),
        ("3pm new york time", "America/New_York"),
        ("15h heure de Paris", "Europe/Paris"),
        ("a las 3, hora de Madrid", "Europe/Madrid"),
    ],
)
def test_a_city_names_a_zone(text: str, zone: str) -> None:
    assert zone_in(text) == ZoneInfo(zone)


def test_an_offset_is_a_zone_and_other_words_are_none() -> None:
    zone = zone_in("10am GMT+5:30")
    assert zone is not None
    assert zone.utcoffset(None) == timedelta(hours=5, minutes=30)
    west = zone_in("10am utc -3")
    assert west is not None
    assert west.utcoffset(None) == timedelta(hours=-3)
    assert zone_in("gmt+99") is None
    assert zone_in("any time in London") is None


def test_a_number_tells_the_zone_where_its_country_has_one() -> None:
    india = zone_of_number("+919876543210")
    assert india is not None
    assert TUESDAY.astimezone(india).utcoffset() == timedelta(hours=5, minutes=30)
    assert zone_of_number("+447911123456") == LONDON
    assert zone_of_number("+61412345678") is None
    assert zone_of_number("+0") is None


@pytest.mark.parametrize(
    ("text", "zone"),
    [
        ("call me 5pm IST, my number is", "Asia/Kolkata"),
        ("5pm ist", "Asia/Kolkata"),
        ("17:00 CET tomorrow", "Europe/Berlin"),
        ("at 10 am (EST)", "America/New_York"),
        ("morgen um 15 Uhr ist gut", None),
        ("at 5 eat with me", None),
        ("5pm", None),
    ],
)
def test_a_zone_is_known_by_its_letters_behind_an_hour(
    text: str, zone: str | None
) -> None:
    found = zone_stated(text, else_known=True)
    assert found == (ZoneInfo(zone) if zone else None)


def test_a_country_tells_the_zone_where_none_is_known_or_it_is_told_to() -> None:
    vietnam = ZoneInfo("Asia/Ho_Chi_Minh")
    assert zone_stated("9am my time, I am in Vietnam", else_known=True) == vietnam
    assert zone_stated("9am, I am in Vietnam", else_known=False) == vietnam
    assert zone_stated("9am, about studying in Germany", else_known=True) is None
    assert zone_stated("9am, I am in the UK", else_known=False) == LONDON
