"""What a message wishes of programmes: names of facets in any language, and limits."""

from pathlib import Path

import pytest
import yaml

from bot.answering.programmes.wishes import (
    FACETS,
    Wishes,
    names_programmes,
    number_of_weeks,
    wishes_in,
)

PROJECT = Path(__file__).parents[3]


def wished(text: str) -> Wishes:
    return wishes_in(text, facts={})


@pytest.mark.parametrize(
    ("text", "subject"),
    [
        ("any course in cyber security?", "cyber security"),
        ("cursos de ciencia de datos", "data science"),
        ("有没有数据科学的课程", "data science"),
        ("कोई डेटा साइंस कोर्स", "data science"),
        ("machine learning short course", "machine learning"),
        ("digital marketing certificate", "digital marketing"),
    ],
)
def test_a_subject_is_known_in_any_language(text: str, subject: str) -> None:
    assert subject in wished(text).subjects


def test_a_subject_within_the_name_of_another_is_not_meant() -> None:
    assert wished("digital marketing").subjects == {"digital marketing"}
    assert wished("data science").subjects == {"data science"}
    assert wished("marketing and data science").subjects == {
        "marketing",
        "data science",
    }


@pytest.mark.parametrize(
    "text", ["online courses", "cursos en línea", "ऑनलाइन कोर्स", "在线课程",
             "cours en ligne", "khóa học trực tuyến"],
)  # fmt: skip
def test_a_way_of_teaching_is_known_in_any_language(text: str) -> None:
    assert wished(text).mode == "online"


@pytest.mark.parametrize(
    ("text", "weeks", "hours"),
    [
        ("under 3 months", pytest.approx(3 * 4.345), None),
        ("6 weeks", 6.0, None),
        ("menos de 3 meses", pytest.approx(3 * 4.345), None),
        ("3 महीने से कम", pytest.approx(3 * 4.345), None),
        ("三个月", None, None),
        ("100 hours", None, 100.0),
        ("under 300 dollars", None, None),
    ],
)
def test_a_length_is_a_figure_with_a_unit(
    text: str, weeks: float | None, hours: float | None
) -> None:
    wishes = wished(text)
    assert (wishes.weeks, wishes.hours) == (weeks, hours)


@pytest.mark.parametrize(
    ("text", "fee", "currency"),
    [
        ("under 300 dollars", 300.0, "USD"),
        ("menos de 200 euros", 200.0, "EUR"),
        ("20000 रुपये से कम", 20_000.0, "INR"),
        ("in 3 weeks", None, None),
    ],
)
def test_a_fee_is_a_figure_with_a_currency(
    text: str, fee: float | None, currency: str | None
) -> None:
    wishes = wished(text)
    assert (wishes.fee, wishes.currency) == (fee, currency)


def test_the_remembered_country_is_near_and_a_named_one_is_wished() -> None:
    wishes = wishes_in("courses in New Zealand", facts={"destination": "Canada"})
    assert wishes.countries == {"New Zealand"}
    assert wishes.nearby == {"Canada"}
    assert wishes_in("courses", facts={"destination": "Canada"}).filters == 0


@pytest.mark.parametrize(
    ("text", "sort"),
    [("which is the cheapest?", "fee"), ("the shortest one", "weeks"),
     ("la más barata", "fee"), ("data courses", None)],
)  # fmt: skip
def test_the_cheapest_or_the_shortest_may_be_wished(
    text: str, sort: str | None
) -> None:
    assert wished(text).sort == sort


def test_every_wish_is_counted_once() -> None:
    text = "free online data science course for beginners with credit under 3 months"
    assert wished(text).filters == 6
    assert wished("hello").filters == 0


@pytest.mark.parametrize(
    "text", ["a course", "any certificate?", "cursos", "课程", "कोर्स"]
)
def test_the_word_for_a_course_is_known(text: str) -> None:
    assert names_programmes(text)
    assert not names_programmes("the visa fee")


@pytest.mark.parametrize(
    ("number", "unit", "weeks"),
    [
        ("10", "day", 10 / 7),
        ("2", "Weeks", None),
        ("2", "week", 2.0),
        ("x", "week", None),
    ],
)
def test_a_length_of_a_document_is_counted_in_weeks(
    number: str, unit: str, weeks: float | None
) -> None:
    assert number_of_weeks(number, unit) == (weeks and pytest.approx(weeks))


def test_nearly_every_programme_of_ours_can_be_found_by_a_subject_it_names() -> None:
    names = yaml.load(FACETS.read_text("utf-8"), Loader=yaml.CSafeLoader)["subjects"]
    files = (PROJECT / "knowledge" / "programmes").glob("*.md")
    subjects = {path.name: found for path in files if (found := _subjects(path))}
    unknown = [name for name, found in subjects.items() if not found & names.keys()]
    assert subjects
    assert len(unknown) <= 0.05 * len(subjects), unknown


def _subjects(path: Path) -> set[str]:
    front = yaml.safe_load(path.read_text("utf-8").split("---")[1])
    found = front.get("subject", [])
    return {one.casefold() for one in (found if isinstance(found, list) else [found])}
