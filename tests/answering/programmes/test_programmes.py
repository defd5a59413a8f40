"""Programmes are data: filtered and ranked by their fields, and nothing is guessed."""

from datetime import date

import pytest

from bot.answering.chunks import Chunk
from bot.answering.programmes.naming import named_in
from bot.answering.programmes.programmes import (
    Programme,
    programmes_of,
    select,
    weeks_in,
)
from bot.answering.programmes.wishes import Wishes
from tests.support.sections import chunk

TODAY = date(2026, 11, 24)


def programme(title: str, **fields: object) -> Chunk:
    """The first piece of a programme's document."""
    valid_until = fields.pop("valid_until", None)
    assert valid_until is None or isinstance(valid_until, date)
    facets = {"mode": "online", "subject": ["data analytics"], **fields}
    return chunk(
        "What it is.",
        document=f"programmes/{title}.md",
        title=title,
        kind="programme",
        facets=facets,
        valid_until=valid_until,
    )


CHUNKS = [
    programme("Cheap", fee=100.0, currency="USD", duration="6 weeks", country=["uk"]),
    programme("Dear", fee=900.0, currency="USD", duration="4-6 months"),
    programme("Pounds", fee=50.0, currency="GBP", duration="a semester"),
    programme("Silent", level="beginner", country=["new-zealand"]),
    programme("Free", fee=0.0, currency="USD", duration="10 days", mode="campus"),
    programme("Over", valid_until=date(2026, 1, 1)),
]


def titles(wishes: Wishes) -> list[str]:
    """What fits, in order."""
    found = programmes_of(CHUNKS, today=TODAY)
    return [one.title for one in select(found, wishes).fitting]


def test_programmes_are_read_once_a_document_and_only_while_they_are_valid() -> None:
    found = programmes_of([*CHUNKS, CHUNKS[0], chunk("Guidance.")], today=TODAY)
    assert [one.title for one in found] == ["Cheap", "Dear", "Free", "Pounds", "Silent"]


@pytest.mark.parametrize(
    ("text", "weeks"),
    [
        ("6 weeks", 6.0),
        ("under 2 years", 104.28),
        ("4-6 weeks", 6.0),
        ("6 to 11 weeks", 11.0),
        ("five courses of 13 weeks, and an exam", None),
        ("a few days to one semester", None),
        ("self-paced", None),
    ],
)
def test_a_length_is_known_only_where_it_is_that_of_the_whole(
    text: str, weeks: float | None
) -> None:
    assert weeks_in(text) == (weeks and pytest.approx(weeks))


def test_filters_leave_what_fits() -> None:
    assert titles(Wishes(mode="campus")) == ["Free"]
    assert titles(Wishes(countries=frozenset({"United Kingdom"}))) == ["Cheap"]
    assert titles(Wishes(countries=frozenset({"New Zealand"}))) == ["Silent"]
    assert titles(Wishes(level="beginner")) == ["Silent"]
    assert titles(Wishes(free=True)) == ["Free"]
    assert titles(Wishes(weeks=6.0)) == ["Cheap", "Free"]
    assert titles(Wishes(subjects=frozenset({"welding"}))) == []
    assert titles(Wishes(subjects=frozenset({"data analytics"}), free=True)) == ["Free"]


def test_a_fee_in_another_currency_is_counted_and_not_converted() -> None:
    found = programmes_of(CHUNKS, today=TODAY)
    selection = select(found, Wishes(fee=500.0, currency="USD"))
    assert [one.title for one in selection.fitting] == ["Cheap", "Free"]
    assert selection.unpriced == 2  # one in pounds, one without a fee


def test_the_cheapest_and_the_shortest_come_first_and_the_unknown_are_counted() -> None:
    found = programmes_of(CHUNKS, today=TODAY)
    shortest = select(found, Wishes(sort="weeks"))
    assert [one.title for one in shortest.fitting] == ["Free", "Cheap", "Dear"]
    assert shortest.unmeasured == 2
    in_dollars = Wishes(sort="fee", fee=1000.0, currency="USD")
    assert titles(in_dollars) == ["Free", "Cheap", "Dear"]


def test_where_no_price_is_known_the_cheapest_are_all_that_fit() -> None:
    found = programmes_of([CHUNKS[3]], today=TODAY)
    selection = select(found, Wishes(sort="fee"))
    assert [one.title for one in selection.fitting] == ["Silent"]
    assert selection.unpriced == 0


def test_a_country_that_is_remembered_comes_first() -> None:
    wishes = Wishes(mode="online", nearby=frozenset({"New Zealand"}))
    assert titles(wishes)[0] == "Silent"


def test_fees_keep_the_day_on_which_they_were_so() -> None:
    (found,) = programmes_of(
        [programme("Dated", fee=5.0, currency="EUR", fee_as_of="2026-05-01")],
        today=TODAY,
    )
    assert isinstance(found, Programme)
    assert found.fee_as_of == date(2026, 5, 1)


def test_where_none_says_that_it_is_online_those_come_that_say_nothing() -> None:
    chunks = [
        programme("Unsaid", mode=None),
        programme("Campus", mode="campus"),
        programme("Online", mode="online", country=["uk"]),
    ]
    found = programmes_of(chunks, today=TODAY)
    online = select(found, Wishes(mode="online"))
    assert [one.title for one in online.fitting] == ["Online"]
    assert not online.mode_unsaid
    unsaid = select(found[:1] + found[2:], Wishes(mode="online"))
    assert [one.title for one in unsaid.fitting] == ["Unsaid"]
    assert unsaid.mode_unsaid


def test_those_that_say_that_no_degree_is_needed_come_first() -> None:
    chunks = [
        programme("Closed", entry_requirements="a bachelor's degree"),
        programme("Open", entry_requirements="none; made for beginners"),
        programme("Unsaid"),
    ]
    found = programmes_of(chunks, today=TODAY)
    selection = select(found, Wishes(no_degree=True))
    assert [one.title for one in selection.fitting] == ["Open", "Closed", "Unsaid"]
    assert [one.needs_no_degree for one in selection.fitting] == [True, False, False]


def test_the_shortest_is_told_by_hours_where_more_of_them_tell_hours() -> None:
    chunks = [
        programme("Long", effort="about 200 hours in all", duration="6 months"),
        programme("Short", effort="70-76 hours in all"),
        programme("Weekly", effort="10 hours a week", duration="2 weeks"),
        programme("Middle", effort="under 9 hours a week, about 90 hours in all"),
    ]
    selection = select(programmes_of(chunks, today=TODAY), Wishes(sort="weeks"))
    assert [one.title for one in selection.fitting] == ["Short", "Middle", "Long"]
    assert selection.unmeasured == 1


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("what is Google Data Analytics?", ["Google Data Analytics"]),
        ("google data analytics or ibm data science", ["Google Data Analytics",
                                                       "IBM Data Science"]),
        ("any data course from google", []),
        ("how much does it cost", []),
    ],
)  # fmt: skip
def test_a_programme_is_named_by_most_of_its_title(text: str, named: list[str]) -> None:
    chunks = [
        programme("Google Data Analytics"),
        programme("IBM Data Science"),
        programme("Online Teaching"),
        programme("Google Project Management"),
    ]
    found = named_in(text, programmes_of(chunks, today=TODAY))
    assert sorted(one.title for one in found) == named
