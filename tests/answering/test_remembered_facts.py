"""What contacts have told of their plans is a prior: it helps, and never locks."""

from bot.answering.assembly import Answering
from bot.conversations.ports import Author, Outcome, Turn
from tests.support.answering import ask

GERMANY = {"destination": "Germany"}


async def test_a_short_question_is_about_the_country_that_is_remembered(
    project: Answering,
) -> None:
    reply = await project.assistant.answer("blocked account?", facts=GERMANY)
    assert reply.outcome is Outcome.ANSWER
    assert any("germany" in cited.source for cited in reply.citations)


async def test_of_several_countries_the_remembered_one_is_told(
    project: Answering,
) -> None:
    asked = "How much is the application fee for the student visa there?"
    reply = await project.assistant.answer(asked, facts={"destination": "Australia"})
    assert "A$" in reply.text
    assert "NZ$" not in reply.text
    assert "£" not in reply.text


async def test_what_the_message_says_itself_comes_first(project: Answering) -> None:
    reply = await project.assistant.answer("canada fees", facts=GERMANY)
    assert "Germany" not in reply.text
    assert reply.understood == {"destination": "Canada"}


async def test_a_question_that_says_enough_is_answered_as_it_is(
    project: Answering,
) -> None:
    asked = "How many hours a week may students work in New Zealand?"
    reply = await project.assistant.answer(asked, facts=GERMANY)
    alone = await project.assistant.answer(asked, facts={})
    assert reply.provenance.sections == alone.provenance.sections
    assert "New Zealand" in reply.text


async def test_without_a_memory_the_conversation_itself_is_read(
    project: Answering,
) -> None:
    said = Turn(Author.CONTACT, "I want to study in Germany")
    enquiry = await project.read("blocked account?", earlier=(said,))
    assert enquiry.facts == GERMANY
    assert enquiry.queries[0].remembered == {"germany"}


async def test_the_answer_carries_what_was_understood(project: Answering) -> None:
    reply = await ask(project, "Is a bachelor in Germany taught in English?")
    assert reply.understood == {"destination": "Germany", "level": "bachelor's"}


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
    word = Turn(Author.CONTACT, "living costs")
    reply = await ask(project, "germany", word)
    assert reply.outcome in {Outcome.ANSWER, Outcome.CLARIFY}
    assert "German" in reply.text
