"""Answers go on with what the contact has told of their plans, and say so."""

from bot.answering.assembly import Answering
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


async def test_where_a_destination_is_known_others_are_left_out(
    project: Answering,
) -> None:
    asked = "How much is the application fee for the student visa there?"
    reply = await project.assistant.answer(asked, facts={"destination": "Australia"})
    assert reply.text.startswith("Going by what you told me: Australia.\n\n")
    assert "A$" in reply.text
    assert "NZ$" not in reply.text
    assert "£" not in reply.text


async def test_that_a_known_destination_is_not_held_is_said(project: Answering) -> None:
    asked = "How much is the application fee for the student visa there?"
    reply = await project.assistant.answer(asked, facts={"destination": "Ireland"})
    assert reply.text.startswith("I found nothing on this for Ireland")


async def test_a_question_about_countries_is_about_all_of_them(
    project: Answering,
) -> None:
    canada = {"destination": "Canada"}
    reply = await project.assistant.answer("which country is cheapest", facts=canada)
    assert "Going by" not in reply.text
    assert reply.citations[0].title == "Six countries side by side"


async def test_programmes_are_for_everybody_wherever_they_mean_to_go(
    project: Answering,
) -> None:
    reply = await project.assistant.answer(
        "What does the TU Delft railway engineering certificate teach?",
        facts={"destination": "Canada"},
    )
    assert reply.outcome is Outcome.ANSWER
    assert "programmes/tu-delft-railway-engineering.md" in {
        cited.source for cited in reply.citations
    }


async def test_a_few_words_complete_the_word_before_them(project: Answering) -> None:
    word = Turn(Author.CONTACT, "tuition")
    reply = await ask(project, "germany", word)
    assert reply.citations[0].source == "guidance/germany-cost-of-studying.md"
