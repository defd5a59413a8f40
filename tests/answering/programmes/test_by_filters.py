"""Programmes by filters that a model sets: read as a contact's words are."""

from datetime import date

import pytest

from bot.answering.programmes.by_filters import sources_by_filters, wishes_of
from bot.answering.programmes.wishes import Wishes
from bot.answering.writing.models.reply import Filters
from bot.phrases import phrase
from tests.support.sections import chunk

TODAY = date(2026, 11, 30)
CHUNKS = [
    chunk(
        f"What {title} teaches.",
        document=f"programmes/{title}.md",
        title=title,
        kind="programme",
        facets={"subject": ["data analytics"], "mode": "online", **fields},
    )
    for title, fields in {
        "Cheap": {"fee": 100.0, "currency": "USD", "duration": "6 weeks"},
        "Dear": {"fee": 900.0, "currency": "USD", "duration": "6 months"},
        "Silent": {},
    }.items()
]


@pytest.mark.parametrize(
    ("filters", "wishes"),
    [
        ({"subject": "Data analysis"}, Wishes(subjects=frozenset({"data analytics"}))),
        ({"subject": "Falconry"}, Wishes(subjects=frozenset({"falconry"}))),
        ({"country": "UK"}, Wishes(countries=frozenset({"United Kingdom"}))),
        ({"mode": "online", "sort": "fee"}, Wishes(mode="online", sort="fee")),
        ({"level": "beginner"}, Wishes(level="beginner")),
        ({"language": "German"}, Wishes(language="german")),
        ({"most_weeks": 12, "most_hours": 40}, Wishes(weeks=12, hours=40)),
        (
            {"most_fee": 300, "currency": "usd"},
            Wishes(fee=300, currency="USD"),
        ),
        ({"currency": "USD"}, Wishes()),
        (
            {"free": True, "credit": True, "no_degree": True},
            Wishes(free=True, credit=True, no_degree=True),
        ),
        ({"sort": "prestige"}, Wishes()),
    ],
)
def test_filters_are_wishes(filters: dict[str, object], wishes: Wishes) -> None:
    assert wishes_of(Filters.model_validate(filters)) == wishes


def test_each_programme_comes_with_its_document_and_what_is_not_known_is_said() -> None:
    filters = Filters(subject="data analytics", most_fee=300, currency="USD")
    about, *found = sources_by_filters(filters, CHUNKS, today=TODAY)
    assert [one.sections[0].title for one in found] == ["Cheap"]
    assert "USD 100" in found[0].text
    assert "What Cheap teaches." in found[0].text
    assert about.sections == ()
    assert about.text.splitlines() == [
        "Programmes found: 1",
        phrase("programmes_unpriced", "en", number="1"),
        phrase("programmes_not_all", "en"),
    ]


def test_where_none_fits_that_is_what_the_model_hears() -> None:
    (about,) = sources_by_filters(Filters(subject="falconry"), CHUNKS, today=TODAY)
    assert about.text.startswith("Programmes found: 0")
