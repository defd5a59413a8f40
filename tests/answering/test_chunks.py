"""Chunks know what is searched in them and when they may be used."""

from datetime import date

import pytest

from bot.answering.chunks import citations
from tests.support.sections import chunk

DAY = date(2026, 11, 24)


def test_the_title_and_headings_are_searched_along_with_the_text() -> None:
    found = chunk("Pay now.", title="Fees", headings=("Refunds", "Deadlines"))

    assert found.searchable == "Fees > Refunds > Deadlines\nPay now."


@pytest.mark.parametrize(
    ("valid_from", "valid_until", "usable"),
    [
        (None, None, True),
        (DAY, DAY, True),
        (date(2026, 11, 25), None, False),
        (None, date(2026, 11, 23), False),
        (date(2026, 1, 1), date(2027, 1, 1), True),
    ],
)
def test_a_document_is_used_within_its_dates_only(
    valid_from: date | None, valid_until: date | None, usable: bool
) -> None:
    found = chunk(valid_from=valid_from, valid_until=valid_until)

    assert found.valid_on(DAY) is usable


def test_each_document_is_cited_once_in_the_order_of_the_text() -> None:
    chunks = [
        chunk(document="b.md", title="B"),
        chunk(document="a.md", title="A", as_of=None),
        chunk(document="b.md", title="B"),
    ]

    assert [(c.source, c.title, c.as_of) for c in citations(chunks)] == [
        ("b.md", "B", date(2026, 6, 1)),
        ("a.md", "A", None),
    ]


def test_each_page_of_a_document_is_cited_once() -> None:
    pages = [3, 5, 3]
    chunks = [chunk(document="Fees.pdf", page=page) for page in pages]
    assert [(c.source, c.page) for c in citations(chunks)] == [
        ("Fees.pdf", 3),
        ("Fees.pdf", 5),
    ]
