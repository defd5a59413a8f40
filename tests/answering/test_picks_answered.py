"""What is not sure is offered as questions, and what is picked of them is answered."""

from dataclasses import replace
from pathlib import Path

import pytest

from bot.answering.assembly import Answering
from bot.conversations.ports import Answer, Author, Outcome, Turn
from bot.phrases import phrase
from tests.support.answering import ask

CONTACT, BOT = Author.CONTACT, Author.BOT
COURSES = "any online data courses"
# Each may mean several things: at least one of them is asked back.
VAGUE = ("fees?", "the cost?", "my budget is 500 dollars", "and money", "uk papers?")
KNOWLEDGE = Path(__file__).parents[2] / "knowledge"


def after(question: str, reply: Answer) -> tuple[Turn, Turn]:
    return Turn(CONTACT, question), reply.as_turn


async def asked_back(answering: Answering) -> tuple[str, Answer]:
    """A question that is asked back, with choices, and the reply."""
    for question in VAGUE:
        reply = await ask(answering, question)
        if len(reply.choices) > 1:
            return question, reply
    raise AssertionError("none of them is asked back")


def sources(reply: Answer) -> set[str]:
    return {cited.source for cited in reply.citations}


async def test_a_question_that_could_mean_several_things_is_asked_back(
    project: Answering,
) -> None:
    _, answer = await asked_back(project)
    opening, *choices = answer.text.splitlines()
    assert answer.outcome is Outcome.CLARIFY
    assert opening == phrase("do_you_mean", "en")
    assert 2 <= len(set(choices)) == len(choices) <= 4
    assert choices == [f"{n}. {one}" for n, one in enumerate(answer.choices, start=1)]
    assert answer.citations == ()
    assert all(project.library.index().asked_by(one) for one in answer.choices)


async def test_every_question_offered_is_answered_when_tapped_or_by_its_number(
    project: Answering,
) -> None:
    question, asked = await asked_back(project)
    turns = after(question, asked)
    for place, choice in enumerate(asked.choices, start=1):
        reply = await ask(project, str(place), *turns)
        meant = project.library.index().asked_by(choice)
        assert meant is not None
        assert reply.outcome is Outcome.ANSWER, choice
        assert reply.provenance.reason == "picked"
        assert reply.provenance.sections == (meant.name,)
        assert reply == await ask(project, choice, *turns)


async def test_who_declines_what_was_offered_is_offered_something_else(
    project: Answering,
) -> None:
    question, asked = await asked_back(project)
    again = await ask(project, "none of these", *after(question, asked))
    assert again.outcome in {Outcome.CLARIFY, Outcome.NO_ANSWER}
    assert not set(again.choices) & set(asked.choices)


async def test_what_is_picked_is_told_in_the_language_that_is_spoken(
    project: Answering,
) -> None:
    question, asked = await asked_back(project)
    spanish = replace(after(question, asked)[1], language="es")
    reply = await ask(project, "la primera", Turn(CONTACT, question), spanish)
    assert reply.outcome is Outcome.ANSWER
    assert reply.provenance.language == "es"


async def test_what_is_remembered_neither_narrows_nor_completes_a_pick(
    project: Answering,
) -> None:
    question, asked = await asked_back(project)
    turns = after(question, asked)
    alone = await project.assistant.answer("1", earlier=turns, facts={})
    germany = {"destination": "Germany", "level": "master's"}
    reply = await project.assistant.answer("1", earlier=turns, facts=germany)
    assert reply.provenance.sections == alone.provenance.sections
    assert reply.understood == {}


@pytest.mark.parametrize("words", ["2", "the second one", "la segunda", "दूसरा"])
async def test_a_programme_picked_from_a_list_is_answered_from_its_page(
    words: str, project: Answering
) -> None:
    listed = await ask(project, COURSES)
    assert "\n2. Google Advanced Data Analytics" in listed.text
    reply = await ask(project, words, *after(COURSES, listed))
    assert reply.outcome is Outcome.ANSWER
    assert sources(reply) == {"programmes/google-advanced-data-analytics.md"}


async def test_every_programme_can_be_picked_by_its_title(project: Answering) -> None:
    chunks = project.library.index().chunks
    titles = {one.document: one.title for one in chunks if one.kind == "programme"}
    files = (KNOWLEDGE / "programmes").glob("*.md")
    assert set(titles) == {path.relative_to(KNOWLEDGE).as_posix() for path in files}
    for document, title in titles.items():
        offered = Turn(BOT, f"1. {title}: x\n2. Other: x", (title, "Other"))
        reply = await ask(project, "1", Turn(CONTACT, "all online courses"), offered)
        assert reply.outcome is Outcome.ANSWER, title
        assert sources(reply) == {document}


async def test_what_was_picked_is_what_the_next_message_goes_on_with(
    project: Answering,
) -> None:
    listed = await ask(project, COURSES)
    turns = after(COURSES, listed)
    picked = await ask(project, "the second one", *turns)
    since = after("the second one", picked)
    reply = await ask(project, "how long does it take?", *turns, *since)
    assert sources(reply) == {"programmes/google-advanced-data-analytics.md"}


async def test_a_subject_that_is_picked_shows_its_programmes(
    project: Answering,
) -> None:
    asked = await ask(project, "suggest me a course")
    for place, subject in enumerate(asked.choices, start=1):
        turns = after("suggest me a course", asked)
        reply = await ask(project, str(place), *turns)
        assert reply.outcome is Outcome.ANSWER, subject
        assert len(reply.choices) == len(reply.citations) > 0
        assert f"\n1. {reply.choices[0]}: " in reply.text


async def test_what_was_offered_and_is_gone_is_looked_for_like_any_question(
    project: Answering,
) -> None:
    offered = Turn(BOT, "1. Xyzzy\n2. Plugh", ("Xyzzy", "Plugh"))
    reply = await ask(project, "2", Turn(CONTACT, "?"), offered)
    assert reply.outcome is not Outcome.ANSWER
