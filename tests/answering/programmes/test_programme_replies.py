"""Questions for programmes are answered from their data, at most five at a glance."""

import re

import pytest

from bot.answering.assembly import Answering
from bot.phrases import phrase
from bot.conversations.ports import Author, Outcome, Turn
from tests.support.answering import ask

LISTED = phrase("programmes_found", "en")


def lines(text: str) -> list[str]:
    """The programmes of a reply, a line each."""
    return [line for line in text.splitlines() if re.match(r"\d\. ", line)]


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
    assert reply.provenance.answerer == "programmes"
    assert reply.provenance.generation == await project.check()


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
    assert "I could not check this in our list: no degree needed." in reply.text
    assert "no confirmed price" in reply.text


async def test_where_nothing_fits_the_nearest_are_shown_and_a_person_is_offered(
    project: Answering,
) -> None:
    reply = await ask(project, "any tourism micro-credential in New Zealand?")
    assert reply.outcome is Outcome.NO_ANSWER
    assert "“tourism”" in reply.text
    assert 0 < len(lines(reply.text)) <= 3
    assert all("New Zealand" in line for line in lines(reply.text))
    assert reply.text.endswith(phrase("no_answer", "en"))


async def test_a_price_in_another_currency_is_not_converted(project: Answering) -> None:
    reply = await ask(project, "any data analytics certificate under £300?")
    assert reply.outcome is Outcome.NO_ANSWER
    assert "without a price we could compare" in reply.text


async def test_the_yes_to_the_offer_after_a_list_brings_a_person(
    project: Answering,
) -> None:
    asked = "any tourism micro-credential in New Zealand?"
    reply = await ask(project, asked)
    turns = (Turn(Author.CONTACT, asked), Turn(Author.BOT, reply.text))
    assert (await ask(project, "yes", *turns)).outcome is Outcome.HANDOFF


@pytest.mark.parametrize("text", ["suggest something", "which course is best for me?"])
async def test_an_open_wish_gets_one_question_with_choices(
    text: str, project: Answering
) -> None:
    reply = await ask(project, text)
    assert reply.outcome is Outcome.CLARIFY
    assert reply.text.startswith(phrase("clarify_suggest", "en"))
    assert 2 <= len(lines(reply.text)) <= 5


async def test_the_question_back_shows_what_is_known(project: Answering) -> None:
    facts = {"destination": "Germany", "level": "master's"}
    reply = await project.assistant.answer("suggest something", facts=facts)
    assert reply.text.startswith("Going by what you told me: Germany, master's.")


async def test_with_a_known_subject_and_budget_an_open_wish_is_answered(
    project: Answering,
) -> None:
    facts = {"subject": "data analytics", "budget": "USD 250"}
    reply = await project.assistant.answer("suggest something", facts=facts)
    assert reply.outcome is Outcome.ANSWER
    assert "Going by what you told me: data analytics, USD 250." in reply.text
    assert "USD 294" not in reply.text


async def test_every_choice_that_is_offered_finds_programmes(
    project: Answering,
) -> None:
    asked = await ask(project, "suggest something")
    for choice in asked.choices:
        reply = await ask(project, f"any course in {choice}")
        assert lines(reply.text), choice


async def test_without_programmes_such_questions_are_looked_up(
    sample: Answering,
) -> None:
    reply = await ask(sample, "do you have any online courses with flexible pace?")
    assert reply.provenance.answerer != "programmes"
    assert (await ask(sample, "suggest something")).outcome is Outcome.CLARIFY


async def test_one_wish_that_the_data_cannot_tell_is_looked_up_in_the_texts(
    project: Answering,
) -> None:
    reply = await ask(project, "any free courses?")
    assert reply.provenance.answerer == "extractive"
    assert "free" in reply.text


async def test_a_provider_is_asked_whether_it_has_anything_on_a_subject(
    project: Answering,
) -> None:
    reply = await ask(project, "does ubc have anything about climate")
    assert reply.outcome is Outcome.NO_ANSWER
    assert "“climate”" in reply.text
    (line,) = lines(reply.text)
    assert line.startswith("1. UBC Extended Learning")


async def test_where_there_is_no_answer_a_named_provider_has_its_programmes_shown(
    project: Answering,
) -> None:
    reply = await ask(project, "pls tell fees of RMIT cyber security")
    assert reply.outcome is Outcome.NO_ANSWER
    (line,) = lines(reply.text)
    assert line.startswith("1. RMIT Future Skills")
    assert [cited.source for cited in reply.citations] == [
        "programmes/rmit-short-courses.md"
    ]
    # What many providers are called names none.
    assert not lines((await ask(project, "is the university open on sunday")).text)


async def test_a_mistyped_wish_is_understood(project: Answering) -> None:
    reply = await ask(project, "any course in marketing for begginers")
    assert reply.text.startswith(LISTED)
    assert "Digital Marketing" in reply.text


async def test_what_the_list_cannot_tell_is_said_and_not_held_against_it(
    project: Answering,
) -> None:
    asked = Turn(Author.CONTACT, "which micro credentials are in canada")
    reply = await ask(project, "is it online", asked)
    assert reply.text.startswith(LISTED)
    assert "I could not check this in our list: online." in reply.text


async def test_a_question_about_something_else_leaves_the_choice(
    project: Answering,
) -> None:
    asked = Turn(Author.CONTACT, "free course with certificate in AI")
    reply = await ask(project, "what about financial aid", asked)
    assert reply.outcome is Outcome.ANSWER
    assert "Coursera has financial aid" in reply.text


async def test_the_nearest_fit_all_but_the_limits(project: Answering) -> None:
    reply = await ask(
        project, "cheap online data course under 200 dollars no degree needed"
    )
    assert reply.outcome is Outcome.NO_ANSWER
    (line,) = lines(reply.text)
    assert "Google Data Analytics" in line


async def test_a_city_names_no_provider(project: Answering) -> None:
    reply = await ask(project, "weather melbourne in july what clothes")
    assert not lines(reply.text)
