"""What is picked is answered, from the passages of what was picked."""

from pathlib import Path

import pytest

from bot.answering.assembly import Answering
from bot.phrases import phrase
from bot.conversations.ports import Answer, Author, Outcome, Turn
from tests.support.answering import ask

CONTACT, BOT = Author.CONTACT, Author.BOT
COURSES = "any online data courses"
KNOWLEDGE = Path(__file__).parents[2] / "knowledge"
PROGRAMMES = [
    file.relative_to(KNOWLEDGE).as_posix()
    for file in (KNOWLEDGE / "programmes").glob("*.md")
]


def after(question: str, reply: Answer) -> tuple[Turn, Turn]:
    return Turn(CONTACT, question), Turn(BOT, reply.text, reply.choices)


def sources(reply: Answer) -> set[str]:
    return {cited.source for cited in reply.citations}


@pytest.mark.parametrize("question", ["fees?", "visa", "price", "canada"])
async def test_every_question_offered_is_answered_once_its_number_is_said(
    question: str, project: Answering
) -> None:
    asked = await ask(project, question)
    for place, choice in enumerate(asked.choices, start=1):
        turns = after(question, asked)
        reply = await ask(project, str(place), *turns)
        assert reply.outcome is Outcome.ANSWER, choice
        assert reply == await ask(project, choice, *turns)


async def test_what_is_remembered_neither_narrows_nor_completes_a_pick(
    project: Answering,
) -> None:
    asked = await ask(project, "fees?")
    place = asked.choices.index("Will fees in the UK rise?") + 1
    reply = await project.assistant.answer(
        f"{place}.",
        earlier=after("fees?", asked),
        facts={"destination": "Germany", "level": "master's"},
    )
    assert reply.outcome is Outcome.ANSWER
    assert "Germany" not in reply.text
    assert reply.understood == {}


async def test_a_pick_is_answered_in_the_language_that_is_spoken(
    project: Answering,
) -> None:
    asked = await ask(project, "visa", language="es")
    assert asked.text.startswith(phrase("clarify", "es"))
    for words in ("la segunda", asked.choices[1]):
        reply = await ask(project, words, *after("visa", asked), language="es")
        assert reply.outcome is Outcome.ANSWER
        assert reply.provenance.language == "es"


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("the second one", "Business Intelligence Professional Certificate is"),
        ("tell me more about number 2", "Business Intelligence Professional"),
        ("how much is the second one", "Take the price from the course page"),
        ("the 2nd one, how long?", "76 hours"),
        ("cuánto cuesta la segunda", "Take the price from the course page"),
        ("dusre wali ki fees kitni hai", "Take the price from the course page"),
    ],
)
async def test_a_programme_picked_from_a_list_is_answered_from_its_page(
    words: str, told: str, project: Answering
) -> None:
    listed = await ask(project, COURSES)
    assert "\n2. Google Business Intelligence" in listed.text
    reply = await ask(project, words, *after(COURSES, listed))
    assert reply.outcome is Outcome.ANSWER
    assert told in reply.text
    assert sources(reply) == {"programmes/google-business-intelligence.md"}


async def test_every_programme_can_be_picked_by_its_title(project: Answering) -> None:
    chunks = project._library.index().chunks
    titles = {one.document: one.title for one in chunks if one.kind == "programme"}
    assert set(titles) == set(PROGRAMMES)
    for document, title in titles.items():
        offered = Turn(BOT, f"1. {title}: x\n2. Other: x", (title, "Other"))
        for words in ("1", "how long is the first one"):
            turns = (Turn(CONTACT, "show me all online courses"), offered)
            reply = await ask(project, words, *turns)
            assert reply.outcome is Outcome.ANSWER, (title, words)
            assert sources(reply) == {document}


async def test_what_was_picked_is_what_the_next_message_goes_on_with(
    project: Answering,
) -> None:
    listed = await ask(project, COURSES)
    turns = after(COURSES, listed)
    picked = await ask(project, "the second one", *turns)
    turns_since = (*turns, *after("the second one", picked))
    reply = await ask(project, "how much does it cost?", *turns_since)
    assert reply.citations[0].source == "programmes/google-business-intelligence.md"


async def test_two_that_are_picked_at_once_are_both_looked_for(
    project: Answering,
) -> None:
    listed = await ask(project, COURSES)
    words = "compare the first one and the second one"
    reply = await ask(project, words, *after(COURSES, listed))
    assert sources(reply) == {
        "programmes/google-advanced-data-analytics.md",
        "programmes/google-business-intelligence.md",
    }


async def test_a_subject_that_is_picked_shows_its_programmes(
    project: Answering,
) -> None:
    asked = await ask(project, "suggest something")
    reply = await ask(project, "the third one", *after("suggest something", asked))
    assert reply.outcome is Outcome.ANSWER
    assert len(reply.choices) == len(reply.citations) > 0
    assert f"\n1. {reply.choices[0]}: " in reply.text


async def test_a_question_after_a_single_programme_is_about_it(
    project: Answering,
) -> None:
    question = "any online data course under 300 dollars?"
    listed = await ask(project, question)
    assert listed.choices == ("Google Data Analytics Professional Certificate",)
    for words, told in (("how much it cost", "US$294"), ("do i get credits", "ECTS")):
        reply = await ask(project, words, *after(question, listed))
        assert told in reply.text
        assert sources(reply) == {"programmes/google-data-analytics.md"}


async def test_what_a_picked_programme_does_not_tell_is_refused_by_its_name(
    project: Answering,
) -> None:
    listed = await ask(project, COURSES)
    words = "is the 3rd one good for pr in canada"
    reply = await ask(project, words, *after(COURSES, listed))
    assert reply.outcome is Outcome.NO_ANSWER
    assert f"is {listed.choices[2]} good for pr in canada" in reply.text
    assert reply.choices[0] in reply.text


async def test_what_was_offered_and_is_gone_is_looked_for_like_any_question(
    project: Answering,
) -> None:
    offered = Turn(BOT, "1. Xyzzy\n2. Plugh", ("Xyzzy", "Plugh"))
    reply = await ask(project, "2", Turn(CONTACT, "?"), offered)
    assert reply.outcome is Outcome.NO_ANSWER
    assert "“Plugh”" in reply.text


async def test_what_can_also_be_asked_and_the_nearest_are_offered(
    project: Answering,
) -> None:
    answered = await ask(project, "How much money do I need to show for Canada?")
    assert answered.choices
    assert answered.text.endswith(" · ".join(answered.choices))
    question = "How much money do I need to show for Canada?"
    reply = await ask(project, answered.choices[0], *after(question, answered))
    assert reply.outcome is Outcome.ANSWER


async def test_of_several_answers_in_one_message_nothing_is_offered(
    project: Answering,
) -> None:
    reply = await ask(
        project, "1. can i work in germany 2. how long does a micro-credential take"
    )
    assert "\n\n2. " in reply.text
    assert reply.choices == ()


async def test_a_question_of_ours_tells_no_plans(project: Answering) -> None:
    first = await ask(project, "fees?")
    place = next(
        place
        for place, choice in enumerate(first.choices, start=1)
        if "Australia" in choice
    )
    turns = (
        Turn(Author.CONTACT, "fees?"),
        Turn(Author.BOT, first.text, first.choices),
    )
    picked = await ask(project, str(place), *turns)
    assert picked.outcome is Outcome.ANSWER
    assert picked.understood == {}
    then = await ask(
        project,
        "am i too old",
        *turns,
        Turn(Author.CONTACT, str(place)),
        Turn(Author.BOT, picked.text, picked.choices),
    )
    assert "Australia" not in then.text


async def test_a_subject_that_is_picked_is_remembered(project: Answering) -> None:
    first = await ask(project, "suggest a course")
    subject = next(one for one in first.choices if one == "data science")
    turns = (
        Turn(Author.CONTACT, "suggest a course"),
        Turn(Author.BOT, first.text, first.choices),
    )
    picked = await ask(project, subject, *turns)
    assert picked.understood == {"subject": "data science"}
