"""Questions for programmes are answered from their data, at most five at a glance."""

import re

import pytest

from bot.answering.assembly import Answering
from bot.conversations.ports import Answer, Author, Outcome, Turn
from bot.phrases import phrase
from tests.support.answering import ask

LISTED = phrase("programmes_found", "en")
DATA = "any online data courses"
TOO_CHEAP = "any online data course under 5 dollars?"


def lines(text: str) -> list[str]:
    """The programmes of a reply, a line each."""
    return [line for line in text.splitlines() if re.match(r"\d\. ", line)]


def after(question: str, reply: Answer) -> tuple[Turn, Turn]:
    return Turn(Author.CONTACT, question), reply.as_turn


async def test_programmes_that_fit_stand_a_line_each_with_their_sources(
    project: Answering,
) -> None:
    reply = await ask(project, "any online data course under 300 dollars?")
    (line,) = lines(reply.text)
    assert reply.text.startswith(LISTED)
    assert line == (
        "1. Google Data Analytics Professional Certificate: Google (on Coursera); "
        "United States; online; under 6 months; USD 294 (as of 2026-06)"
    )
    assert reply.outcome is Outcome.ANSWER
    assert [cited.source for cited in reply.citations] == [
        "programmes/google-data-analytics.md"
    ]
    assert reply.choices == ("Google Data Analytics Professional Certificate",)
    assert reply.provenance.answerer == "programmes"
    assert reply.provenance.reason == "programmes"
    assert reply.provenance.generation == await project.check()


@pytest.mark.parametrize(
    ("question", "language"),
    [
        ("¿Hay cursos en línea de marketing digital?", "es"),
        ("有没有数字营销的在线课程？", "zh"),
        ("ऑनलाइन डिजिटल मार्केटिंग का कोई कोर्स है?", "hi"),
    ],
)
async def test_they_are_found_and_told_in_the_contacts_language(
    question: str, language: str, project: Answering
) -> None:
    reply = await ask(project, question)
    assert reply.text.startswith(phrase("programmes_found", language))
    assert any("Digital Marketing" in line for line in lines(reply.text))
    assert phrase("mode_online", language) in reply.text
    assert reply.provenance.language == language


async def test_at_most_five_are_listed_and_the_others_are_counted(
    project: Answering,
) -> None:
    reply = await ask(project, "show me all online courses")
    assert len(lines(reply.text)) == len(reply.citations) == 5
    assert "More that fit: " in reply.text
    assert reply.text.endswith(phrase("programmes_not_all", "en"))


async def test_what_the_data_does_not_say_is_said(project: Answering) -> None:
    reply = await ask(project, "any courses under 3 months with no degree needed?")
    assert lines(reply.text)
    assert "without a length we could compare: " in reply.text
    assert "no confirmed price" in reply.text


async def test_where_nothing_fits_the_nearest_are_shown_and_a_person_is_offered(
    project: Answering,
) -> None:
    reply = await ask(project, TOO_CHEAP)
    assert reply.outcome is Outcome.NO_ANSWER
    assert reply.text.startswith(phrase("programmes_none", "en"))
    assert phrase("programmes_nearest", "en") in reply.text
    assert 0 < len(lines(reply.text)) <= 3
    assert all("online" in line for line in lines(reply.text))
    assert reply.text.endswith(phrase("offer_person", "en"))


@pytest.mark.parametrize(
    ("text", "listed"),
    [
        ("list of online supply chain courses in the usa", True),
        ("list of masters in supply chain in the usa, fees below 15k", False),
    ],
)
async def test_where_a_degree_is_sought_no_micro_credential_is_said_to_fit(
    project: Answering, text: str, listed: bool
) -> None:
    reply = await ask(project, text)
    assert reply.provenance is not None
    assert (reply.provenance.answerer == "programmes") is listed


async def test_a_price_in_another_currency_is_not_converted(project: Answering) -> None:
    reply = await ask(project, "any data analytics certificate under £300?")
    assert reply.outcome is Outcome.NO_ANSWER
    assert "without a price we could compare" in reply.text


async def test_an_open_wish_gets_one_question_with_subjects_to_choose_from(
    project: Answering,
) -> None:
    reply = await ask(project, "suggest me a course")
    assert reply.outcome is Outcome.CLARIFY
    assert reply.text.startswith(phrase("clarify_suggest", "en"))
    assert 2 <= len(lines(reply.text)) == len(reply.choices) <= 5


async def test_two_programmes_are_compared_side_by_side(project: Answering) -> None:
    reply = await ask(
        project,
        "compare the google data analytics and the ibm data science certificate",
    )
    assert reply.text.startswith(phrase("side_by_side", "en"))
    told = lines(reply.text)
    assert len(told) == 2
    assert any("Google Data Analytics" in line for line in told)
    assert any("IBM Data Science" in line for line in told)
    assert {cited.source for cited in reply.citations} == {
        "programmes/google-data-analytics.md",
        "programmes/ibm-data-science.md",
    }


async def test_of_those_just_listed_the_cheapest_or_the_shortest_comes_first(
    project: Answering,
) -> None:
    turns = after(DATA, await ask(project, DATA))
    cheapest = await ask(project, "which is the cheapest?", *turns)
    assert "USD 294" in lines(cheapest.text)[0]
    shortest = await ask(project, "which one is shortest", *turns)
    assert "Business Intelligence" in lines(shortest.text)[0]
    for reply in (cheapest, shortest):
        assert reply.text.startswith(phrase("side_by_side", "en"))
        assert len(lines(reply.text)) > 1


@pytest.mark.parametrize(
    ("question", "place"),
    [("how much is the second one", 1), ("the last one", -1), ("1", 0)],
)
async def test_one_of_those_just_listed_is_named_by_its_place(
    project: Answering, question: str, place: int
) -> None:
    listed = await ask(project, DATA)
    reply = await ask(project, question, *after(DATA, listed))
    (cited,) = reply.citations
    assert reply.outcome is Outcome.ANSWER
    assert cited == listed.citations[place]


async def test_the_first_two_of_those_just_listed_are_compared(
    project: Answering,
) -> None:
    listed = await ask(project, DATA)
    reply = await ask(project, "compare the first two", *after(DATA, listed))
    assert reply.text.startswith(phrase("side_by_side", "en"))
    assert lines(reply.text) == lines(listed.text)[:2]


async def test_a_further_wish_narrows_the_list(project: Answering) -> None:
    turns = after(DATA, await ask(project, DATA))
    reply = await ask(project, "under 300 dollars", *turns)
    (line,) = lines(reply.text)
    assert "Google Data Analytics" in line


async def test_a_question_about_something_else_leaves_the_list(
    project: Answering,
) -> None:
    turns = after(DATA, await ask(project, DATA))
    question = "How much money do I need to show for a UK Student visa?"
    reply = await ask(project, question, *turns)
    assert reply.provenance.answerer != "programmes"


async def test_without_programmes_such_questions_are_looked_up(
    sample: Answering,
) -> None:
    reply = await ask(sample, "do you have any online courses with flexible pace?")
    assert reply.provenance.answerer == "sections"
    assert "Self-paced courses" in reply.text


async def test_a_country_that_is_remembered_comes_first(project: Answering) -> None:
    reply = await project.assistant.answer(
        "show me all online courses", facts={"destination": "New Zealand"}
    )
    assert "New Zealand" in lines(reply.text)[0]
