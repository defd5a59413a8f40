"""What contacts wish of programmes is understood from their words."""

import pytest

from bot.answering.retrieval.lexical import terms
from bot.answering.programmes.wishes import (
    Wishes,
    asks_for_programmes,
    asks_for_suggestion,
    remembered_wishes,
    wishes_in,
)

KNOWN = frozenset(terms("data analytics cyber security marketing google harbour"))


def understood(text: str, **facts: str) -> Wishes:
    """The wishes in a message; there are some."""
    assert asks_for_programmes(text), text
    found = wishes_in(text, vocabulary=KNOWN, facts=facts)
    assert found is not None, text
    return found


@pytest.mark.parametrize(
    "text",
    [
        "any online course in marketing?",
        "which certificates are free",
        "show me short courses in data analytics under 300 dollars",
        "cheapest micro-credential",
        "I am looking for a cyber security certificate in the UK",
        "list all programmes in Australia",
        "online data courses",
        "which micro credential helps me get a job in data",
        "tell me about google",
    ],
)
def test_asking_for_a_choice_is_recognised(text: str) -> None:
    assert asks_for_programmes(text)


@pytest.mark.parametrize(
    "text",
    [
        "what is a micro-credential",
        "how long does the course take",
        "how much does the data certificate cost",
        "is the certificate recognised in Germany?",
        "which course gives a visa",
        "can i get a refund for any course",
        "what is the difference between a course and a certificate",
        "do I need to renew my licence",
        "Do I need an APS certificate for Germany?",
    ],
)
def test_a_question_about_programmes_is_not_one_for_a_choice(text: str) -> None:
    assert not asks_for_programmes(text)


@pytest.mark.parametrize(
    ("text", "wish", "value"),
    [
        ("any course in the UK", "countries", {"United Kingdom"}),
        ("any data analytics course", "words", set(terms("data analytics"))),
        ("any online course", "mode", "online"),
        ("any course on campus", "mode", "campus"),
        ("any course under 3 months", "weeks", pytest.approx(13.035)),
        ("any course of six weeks or less", "weeks", 6.0),
        ("any course below $500", "fee", 500.0),
        ("any course under 1,200 euros", "currency", "EUR"),
        ("any free course", "free", True),
        ("any course for beginners", "level", "beginner"),
        ("any course in German", "language", "german"),
        ("any course with credit", "credit", True),
        ("the cheapest course", "sort", "fee"),
        ("the shortest course", "sort", "weeks"),
        ("any online course with no degree needed", "no_degree", "no degree needed"),
    ],
)
def test_each_wish_is_understood(text: str, wish: str, value: object) -> None:
    assert getattr(understood(text), wish) == value


def test_a_subject_that_no_programme_has_is_named_as_unknown() -> None:
    assert understood("any tourism course in Canada").unknown == ("tourism",)
    assert understood("any course in welding").unknown == ("welding",)


def test_what_cannot_be_checked_is_kept_beside_other_wishes() -> None:
    found = understood("online marketing course that includes placement")
    assert "placement" in found.unchecked


def test_with_one_wish_and_words_that_are_not_known_it_is_an_ordinary_question() -> (
    None
):
    text = "which course can settle my parking ticket in Canada"
    assert wishes_in(text, vocabulary=KNOWN, facts={}) is None
    assert wishes_in("any courses?", vocabulary=KNOWN, facts={}) is None


def test_a_remembered_budget_is_a_soft_limit_and_is_shown() -> None:
    found = understood("any data analytics course", budget="USD 500")
    assert (found.fee, found.currency, found.strict) == (500.0, "USD", False)
    assert found.remembered == {"budget": "USD 500"}


def test_a_budget_in_the_message_wins_over_the_remembered_one() -> None:
    found = understood("any data course under $200", budget="USD 500")
    assert (found.fee, found.strict) == (200.0, True)


def test_a_remembered_budget_without_a_currency_filters_nothing() -> None:
    assert understood("any data course", budget="40 lakh").fee is None


def test_a_remembered_country_only_comes_first() -> None:
    found = understood("any data course", destination="Canada")
    assert (found.countries, found.nearby) == (frozenset(), frozenset({"Canada"}))


@pytest.mark.parametrize(
    "text",
    [
        "suggest something",
        "please recommend me a course",
        "which course is best for me? I finished school",
        "what is the best micro-credential",
        "what do you suggest",
    ],
)
def test_leaving_it_all_to_us_is_recognised(text: str) -> None:
    assert asks_for_suggestion(text)


def test_a_remembered_subject_is_enough_for_a_suggestion() -> None:
    found = remembered_wishes({"subject": "digital marketing"}, vocabulary=KNOWN)
    assert found is not None
    assert found.words == {"market"}
    assert remembered_wishes({"destination": "Canada"}, vocabulary=KNOWN) is None


def test_micro_credentials_in_a_country_are_a_topic_until_more_is_wished() -> None:
    def wished(text: str) -> Wishes | None:
        return wishes_in(text, vocabulary=frozenset({"data"}), facts={})

    assert wished("micro credentials in usa") is None
    assert wished("free micro credentials in usa") is not None
    assert wished("micro credentials in data in the usa") is not None
    assert wished("courses in usa") is not None


def test_telling_about_a_country_or_something_else_is_no_choice() -> None:
    for text in ("tell me about Canada", "can you tell me more about the visa"):
        assert wishes_in(text, vocabulary=KNOWN, facts={}) is None
    assert understood("tell me about google").words == {"googl"}
