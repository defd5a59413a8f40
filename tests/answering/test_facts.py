"""What contacts say of their plans is understood from their own words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.answering.fact_rules import fact_rules
from bot.answering.facts import (
    destinations_in,
    known_after,
    shown,
    understood_in,
)
from bot.phrases import languages


@pytest.mark.parametrize(
    ("text", "understood"),
    [
        ("I'd like to do a bachelor in Germany", {"destination", "level"}),
        ("masters in data science, canada", {"destination", "level", "subject"}),
        ("what is there for fall 2027 in the US", {"destination", "intake"}),
        ("my budget is around $500", {"budget"}),
        ("Quiero hacer una maestría en Alemania", {"destination", "level"}),
        ("أريد دراسة الماجستير في كندا", {"destination", "level"}),
        ("میں جرمنی میں پڑھنا چاہتی ہوں", {"destination"}),
        ("我想去加拿大读硕士", {"destination", "level"}),
        ("i got admit from a college in ontario", {"destination"}),
        ("cheap rooms in munich for a master", {"destination", "level"}),
        ("a master in new south wales", {"destination", "level"}),
        ("Where do I renew my licence?", set()),
        ("What is the law on parking there?", set()),
        ("Tell us more about it", set()),
    ],
)
def test_plans_are_understood_in_the_contacts_words(
    text: str, understood: set[str]
) -> None:
    assert set(understood_in(text)) == understood


@pytest.mark.parametrize(
    "text",
    [
        "My uncle in Germany could pay for it",
        "I'm from Canada",
        "Anywhere but not Germany",
        "Germany or Canada, which is cheaper?",
        "I studied in Berlin",
        "University of Ottawa",
        "my degree from Edinburgh",
        "transit in Hamburg",
    ],
)
def test_a_country_that_is_nobodys_destination_is_not_taken_for_one(text: str) -> None:
    assert "destination" not in understood_in(text)


@pytest.mark.parametrize(
    ("text", "country"),
    [
        ("can a short course get me a job visa in ireland?", "Ireland"),
        ("student visa netherlands how much money", "Netherlands"),
        ("masters in Italy fees", "Italy"),
        ("what about south korea", "South Korea"),
        ("Irish student visa cost", "Ireland"),
        ("i am from nepal, want to study in japan", "Japan"),
        ("from nigeria to ireland", "Ireland"),
        ("nigeria to ireland", "Ireland"),
        ("i want to study in france to get a good job", "France"),
        ("¿en Irlanda se necesita visado?", "Ireland"),
        ("Can I work in Ireland?", "Ireland"),
        ("how do i get a data job in new mexico or georgia", "United States"),
        ("học phí thạc sĩ ở Đức", "Germany"),
        ("i want to do my masters in japan", "Japan"),
        ("i have 20 lakh to study in ireland", "Ireland"),
        ("i have completed bba, can i go to malta", "Malta"),
        ("Quiero estudiar en Irlanda", "Ireland"),
        ("je veux étudier aux Pays-Bas", "Netherlands"),
        ("quero estudar na Irlanda", "Ireland"),
        ("tôi muốn đi du học Nhật Bản", "Japan"),
        ("फ्रांस में पढ़ाई का खर्च", "France"),
        ("আয়ারল্যান্ডে পড়তে কত টাকা লাগে", "Ireland"),
        ("أريد الدراسة في أيرلندا", "Ireland"),
        ("میں آئرلینڈ میں پڑھنا چاہتا ہوں", "Ireland"),
        ("我想去爱尔兰读书", "Ireland"),
        ("i am from nepal, how much for the uk", "United Kingdom"),
    ],
)
def test_any_country_of_the_world_can_be_a_destination(text: str, country: str) -> None:
    assert understood_in(text)["destination"] == country


@pytest.mark.parametrize(
    "text",
    [
        "i am from nepal, how much bank balance",
        "I did my bachelor in Bangladesh, can I get a scholarship?",
        "my degree from Pakistan is 2 years, is it enough",
        "nigeria student, need ielts?",
        "I live in Ghana, how do I apply",
        "main nepal se hu",
        "I have a bachelor's degree in commerce from India",
        "i finished my bba at a college in nepal",
        "is my indian passport ok",
        "soy de México, ¿qué necesito?",
        "মূলত বাংলাদেশ থেকে আবেদন",
        "मैं भारत से हूँ",
        "میں پاکستان سے ہوں",
        "أنا من مصر",
        "我来自印度",
        "دعم مالي للطلاب",
        "quien gana la beca",
        "phương pháp học tập",
        "France or Italy?",
    ],
)
def test_where_somebody_comes_from_is_no_destination(text: str) -> None:
    assert "destination" not in understood_in(text)


def test_a_country_is_shown_in_the_contacts_language() -> None:
    assert shown({"destination": "Ireland"}, "es") == "Irlanda"
    assert shown({"destination": "Hong Kong"}, "en") == "Hong Kong"
    assert shown({"destination": "Anywhere"}, "es") == "Anywhere"


def test_a_degree_that_somebody_has_is_not_the_level_they_look_for() -> None:
    assert understood_in("I completed my bachelor last year") == {}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("budget 40L only", "40 lakh"),
        ("My budget: 300 euros", "EUR 300"),
        ("i can spend £1,200", "GBP 1,200"),
        ("I have 20k inr", "INR 20 thousand"),
        ("500 usd budget", "USD 500"),
    ],
)
def test_a_budget_keeps_its_currency_or_stays_as_it_was_said(
    text: str, value: str
) -> None:
    assert understood_in(text)["budget"] == value


def test_what_is_said_later_corrects_what_was_said_before() -> None:
    said = ["Masters in Germany", "Sorry, not Germany, Canada"]
    assert known_after(said) == {"destination": "Canada", "level": "master's"}


def test_what_is_taken_back_is_forgotten() -> None:
    known = {"destination": "Germany", "budget": "USD 500"}
    assert known_after(["there is no budget limit"], known) == {
        "destination": "Germany"
    }
    assert known_after(["Please forget what I told you"], known) == {}


def test_facts_are_shown_in_the_contacts_language_and_always_in_one_order() -> None:
    known = {"budget": "USD 500", "level": "master's", "destination": "Germany"}
    assert shown(known, "en") == "Germany, master's, USD 500"
    assert shown(known, "es") == "Alemania, maestría, USD 500"


@pytest.mark.parametrize("language", [one for one in languages() if one != "en"])
def test_every_destination_has_a_name_in_scripts_that_english_is_not_read_in(
    language: str,
) -> None:
    latin = language in {"es", "fr", "pt", "vi"}
    for value in fact_rules().values["destination"]:
        assert latin or language in value.shown


@given(st.text())
def test_no_message_breaks_the_rules(text: str) -> None:
    assert known_after([text]).keys() <= {*fact_rules().values, *fact_rules().said}


def test_the_university_that_somebody_comes_from_is_no_destination() -> None:
    assert destinations_in("moi letter from my uni in Nigeria, accepted in uk?") == (
        "United Kingdom",
    )


def test_a_city_tells_the_country() -> None:
    said = "im going to manchester not london"
    assert understood_in(said) == {"destination": "United Kingdom"}


def test_a_nationality_is_no_destination() -> None:
    assert destinations_in("do uk unis take a nz citizen without a test") == (
        "United Kingdom",
    )
