"""What a message says of its contact's plans: by names and formats, never guessed."""

import pytest

from bot.answering.understanding.countries import country_shown
from bot.answering.understanding.money import money_in, number_in
from bot.answering.understanding.plans import (
    countries_in,
    facets_of,
    known_with,
    shown,
    understood_in,
    with_countries_of,
)


@pytest.mark.parametrize(
    "text",
    [
        "I want to study in Germany", "GERMANY?", "quiero estudiar en Alemania",
        "je veux étudier en Allemagne", "nach Deutschland bitte", "quero ir à Alemanha",
        "tôi muốn học ở Đức", "我想去德国", "मुझे जर्मनी में पढ़ना है",
        "আমি জার্মানিতে পড়তে চাই", "أريد الدراسة في ألمانيا", "میں جرمنی جانا چاہتا ہوں",
        "main germany jana chahta hun",
    ],
)  # fmt: skip
def test_a_country_is_known_in_every_language(text: str) -> None:
    assert understood_in(text)["destination"] == "Germany"


@pytest.mark.parametrize(
    ("text", "countries"),
    [
        ("from India to Canada", {"India", "Canada"}),
        ("the UK or the USA", {"United Kingdom", "United States"}),
        ("a visa for the US", {"United States"}),
        ("tell us more", set()),
        ("New Zealand", {"New Zealand"}),
        ("how much is it?", set()),
    ],
)
def test_every_country_that_is_named_is_known(text: str, countries: set[str]) -> None:
    assert set(countries_in(text)) == countries


def test_of_several_destinations_none_is_kept() -> None:
    assert understood_in("Canada or Germany?") == {}


def test_people_also_go_to_countries_that_no_document_is_about() -> None:
    plans = understood_in("I am from Ghana, how do I work in Ireland after a master's")
    assert plans["destination"] == "Ireland"
    moved = with_countries_of("What is the visa fee for Ireland?", "and for Canada?")
    assert moved == "what is the visa fee for canada?"


def test_a_country_that_nobody_goes_to_is_where_somebody_is_from() -> None:
    plans = understood_in("I am from Bangladesh and want to go to Australia")
    assert plans == {"destination": "Australia", "from": "Bangladesh"}


@pytest.mark.parametrize(
    ("text", "budget"),
    [
        ("my budget is 15 lakh", "1,500,000"),
        ("budget ₹12 lakhs", "INR 1,200,000"),
        ("我预算20万人民币去德国", "CNY 200,000"),
        ("3万美元够吗", "USD 30,000"),
        ("बजट 20 लाख रुपये", "INR 2,000,000"),
        ("আমার বাজেট ২০ লাখ টাকা", "BDT 2,000,000"),
        ("میرا بجٹ 20 لاکھ", "2,000,000"),
        ("I have 500 dollars", "USD 500"),
        ("at most $1,500 a year", "USD 1,500"),
        ("€ 900", "EUR 900"),
        ("1.500 euros", "EUR 1,500"),
        ("ngân sách 500 triệu", "VND 500,000,000"),
        ("20k usd", "USD 20,000"),
    ],
)
def test_a_budget_is_a_figure_with_a_currency_or_counted_in_lakh(
    text: str, budget: str
) -> None:
    assert understood_in(text)["budget"] == budget


@pytest.mark.parametrize(
    "text", ["I have 2 sisters", "5 dollars", "in 2027", "600 hours of work"]
)
def test_other_figures_are_no_budget(text: str) -> None:
    assert "budget" not in understood_in(text)


@pytest.mark.parametrize(
    ("text", "score"),
    [
        ("my IELTS is 6.5", "IELTS 6.5"),
        ("ielts score is 7.", "IELTS 7"),
        ("TOEFL 95", "TOEFL 95"),
    ],
)
def test_the_score_of_a_test_is_known(text: str, score: str) -> None:
    assert understood_in(text)["score"] == score


def test_a_test_without_a_figure_is_no_score() -> None:
    assert understood_in("do I need IELTS?") == {}


@pytest.mark.parametrize(
    ("text", "marks"),
    [
        ("I have 70% in my exams", "70%"),
        ("CGPA 7.8", "7.8 cgpa"),
        ("got 65 percent", "65 percent"),
        ("70 प्रतिशत", "70 प्रतिशत"),
    ],
)
def test_marks_are_known(text: str, marks: str) -> None:
    assert understood_in(text)["marks"] == marks


def test_a_hundred_percent_is_no_mark() -> None:
    assert "marks" not in understood_in("he says visa 100% guarantee, is it real")


@pytest.mark.parametrize(
    ("text", "intake"),
    [
        ("for September 2026", "september 2026"),
        ("fall 2027", "fall 2027"),
        ("the january intake", "january"),
        ("सितंबर 2026", "सितंबर 2026"),
        ("für das Wintersemester 2026", "wintersemester 2026"),
    ],
)
def test_an_intake_is_a_month_or_a_season_with_a_year(text: str, intake: str) -> None:
    assert understood_in(text)["intake"] == intake


def test_may_alone_is_no_intake() -> None:
    assert understood_in("may I ask something?") == {}


@pytest.mark.parametrize(
    ("text", "level"),
    [
        ("a master's, please", "master's"),
        ("I want to do a bachelor", "bachelor's"),
        ("PhD", "PhD"),
        ("我想读硕士", "master's"),
        ("मास्टर्स करना है", "master's"),
        ("a micro-credential", "micro-credential"),
    ],
)
def test_a_level_is_known(text: str, level: str) -> None:
    assert understood_in(text)["level"] == level


@pytest.mark.parametrize("text", ["I finished my bachelor", "after bachelor"])
def test_a_level_that_somebody_has_is_not_the_one_they_want(text: str) -> None:
    assert "level" not in understood_in(text)


def test_what_is_new_takes_the_place_of_what_was_known() -> None:
    known = {"destination": "Germany", "budget": "USD 500"}
    assert known_with(known, {"destination": "Canada"}) == {
        "destination": "Canada",
        "budget": "USD 500",
    }
    assert known_with(known, {"destination": None}) == {"budget": "USD 500"}


@pytest.mark.parametrize(
    ("text", "sum_"),
    [
        ("under 300 dollars", (300.0, "USD")),
        ("unter 1.000 Euro", (1000.0, "EUR")),
        ("2 lakh se kam", (200_000.0, None)),
        ("under 3 months", None),
    ],
)
def test_the_first_sum_of_a_message_is_read(
    text: str, sum_: tuple[float, str | None] | None
) -> None:
    assert money_in(text) == sum_


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("1,500", 1500), ("1.500", 1500), ("1,50,000", 150_000), ("6.5", 6.5),
        ("6,5", 6.5), ("12.", 12), ("२०", 20), ("1.2.3", None),
    ],
)  # fmt: skip
def test_a_figure_is_read_as_it_is_written_anywhere(
    text: str, number: float | None
) -> None:
    assert number_in(text) == number


def test_a_question_is_moved_to_another_country() -> None:
    moved = with_countries_of("What is the visa fee for the UK?", "and for Germany?")
    assert moved == "what is the visa fee for the germany?"
    assert with_countries_of("What is the fee?", "and for Germany?") is None
    assert with_countries_of("the fee in Germany?", "Germany!") is None
    assert with_countries_of("Germany or Canada?", "and the UK?") is None


def test_countries_are_named_as_documents_name_them() -> None:
    assert facets_of(["United Kingdom", "New Zealand", "South Korea"]) == {
        "uk",
        "new-zealand",
        "south-korea",
    }


def test_plans_are_shown_in_the_contacts_language() -> None:
    assert shown({"destination": "Germany", "budget": "USD 500"}, "es") == (
        "Alemania, USD 500"
    )
    assert country_shown("Atlantis", "es") == "Atlantis"
