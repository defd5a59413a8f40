"""A question of one word: asked back where it could be about several things."""

import pytest

from bot.answering.assembly import Answering
from bot.phrases import phrase
from bot.conversations.ports import Author, Outcome, Turn
from tests.support.answering import ask

CONTACT, BOT = Author.CONTACT, Author.BOT


@pytest.mark.parametrize(
    "question", ["fees?", "visa", "germany", "price", "Visa please", "the cost?"]
)
async def test_one_word_that_fits_several_things_is_asked_back(
    question: str, project: Answering
) -> None:
    answer = await ask(project, question)
    opening, *choices = answer.text.splitlines()
    assert answer.outcome is Outcome.CLARIFY
    assert opening == phrase("clarify", "en")
    assert 2 <= len(set(choices)) == len(choices) <= 4
    assert choices == [f"{n}. {one}" for n, one in enumerate(answer.choices, start=1)]
    assert set(answer.choices) <= names(project)
    assert answer.citations == ()


@pytest.mark.parametrize("question", ["fees?", "visa", "germany", "price"])
async def test_every_choice_that_is_offered_gets_an_answer(
    question: str, project: Answering
) -> None:
    asked = await ask(project, question)
    for choice in asked.choices:
        answer = await ask(
            project, choice, Turn(CONTACT, question), Turn(BOT, asked.text)
        )
        assert answer.outcome is Outcome.ANSWER, choice


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("fees?", "450 euros"),
        ("refunds", "14 days"),
    ],
)
async def test_one_word_that_one_passage_clearly_answers_is_answered(
    question: str, words: str, sample: Answering
) -> None:
    answer = await ask(sample, question)
    assert answer.outcome is Outcome.ANSWER
    assert words in answer.text


@pytest.mark.parametrize(
    ("question", "choices"),
    [
        ("what about canada?", ["Student visas and short courses: Canada"]),
        ("certificate", ["Do I get a certificate?", "Can employers verify it?"]),
    ],
)
async def test_a_choice_says_what_it_is_about(
    question: str, choices: list[str], sample: Answering
) -> None:
    answer = await ask(sample, question)
    assert answer.outcome is Outcome.CLARIFY
    assert list(answer.choices) == choices


@pytest.mark.parametrize("question", ["pizza", "xyzzy", "bitcoin?"])
async def test_one_word_that_no_document_holds_is_not_asked_back(
    question: str, project: Answering
) -> None:
    assert (await ask(project, question)).outcome is Outcome.NO_ANSWER


async def test_nobody_is_asked_back_twice(project: Answering) -> None:
    asked = await ask(project, "fees?")
    again = await ask(project, "fees", Turn(CONTACT, "fees?"), Turn(BOT, asked.text))
    assert asked.outcome is Outcome.CLARIFY
    assert again.outcome is Outcome.ANSWER


def names(answering: Answering) -> set[str]:
    """Every title and heading there is, as a choice may show it."""
    found: set[str] = set()
    for chunk in answering._library.index().chunks:
        heading = chunk.headings[-1:]
        found |= {chunk.title, *heading, ": ".join((chunk.title, *heading))}
    return found
