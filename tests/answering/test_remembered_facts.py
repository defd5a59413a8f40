"""Answers go on with what the contact has told of their plans, and say so."""

from bot.answering.assistant import Answering
from bot.conversations.ports import Author, Outcome, Turn
from tests.support.answering import ask

GERMANY = {"destination": "Germany"}


async def test_a_short_question_is_completed_by_what_is_remembered(
    project: Answering,
) -> None:
    reply = await project.assistant.answer("blocked account?", facts=GERMANY)
    assert reply.outcome is Outcome.ANSWER
    assert reply.text.startswith("Going by what you told me: Germany.\n\n")
    assert any("germany" in cited.source for cited in reply.citations)


async def test_what_the_message_says_itself_comes_first(project: Answering) -> None:
    reply = await project.assistant.answer("canada fees", facts=GERMANY)
    assert "Germany" not in reply.text
    assert reply.understood == {"destination": "Canada"}


async def test_a_question_that_says_enough_is_left_as_it_is(project: Answering) -> None:
    asked = "How many hours a week may students work in New Zealand?"
    reply = await project.assistant.answer(asked, facts=GERMANY)
    assert "Going by" not in reply.text


async def test_without_a_memory_the_conversation_itself_is_read(
    project: Answering,
) -> None:
    said = Turn(Author.CONTACT, "I want to study in Germany")
    reply = await ask(project, "blocked account?", said)
    assert "Going by what you told me: Germany." in reply.text


async def test_what_was_forgotten_is_not_read_again_from_the_conversation(
    project: Answering,
) -> None:
    said = (Turn(Author.CONTACT, "I want to study in Germany"),)
    reply = await project.assistant.answer("blocked account?", earlier=said, facts={})
    assert "Going by" not in reply.text


async def test_the_answer_carries_what_was_understood(project: Answering) -> None:
    reply = await ask(project, "Is a bachelor in Germany taught in English?")
    assert reply.understood == {"destination": "Germany", "level": "bachelor's"}
