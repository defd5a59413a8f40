"""What is remembered of a bot's message, so that nothing has to be guessed from it."""

from dataclasses import replace

import pytest

from bot.conversations.models import Message
from bot.conversations.ports import Answer, Author, Outcome, Turn
from bot.conversations.turns import turns_of
from tests.support.assistants import ScriptedAssistant, answer
from tests.support.core import Core

SECTIONS = ("guidance/fees.md#What does it cost?", "guidance/fees.md#Who pays?")


def told(outcome: Outcome = Outcome.ANSWER, *, language: str = "de") -> Answer:
    """An answer in German that tells two sections."""
    plain = answer("Sechs Wochen.", outcome=outcome, language=language)
    provenance = replace(plain.provenance, reason="sure", sections=SECTIONS)
    return replace(plain, provenance=provenance, choices=("Wer zahlt?",))


async def second_question(core: Core, first: Answer) -> tuple[Turn, ...]:
    """The turns that the assistant sees at the second of two questions."""
    assistant = ScriptedAssistant(lambda _: first)
    core.worker = core.new_worker(assistant)
    await core.answered("Was kostet es?")
    await core.answered("Und in Kanada?")
    return assistant.asked[-1][1]


@pytest.mark.parametrize("outcome", [Outcome.ANSWER, Outcome.CLARIFY])
async def test_the_assistant_sees_what_came_of_a_question_and_what_it_told(
    core: Core, outcome: Outcome
) -> None:
    asked, replied = await second_question(core, told(outcome))

    assert asked == Turn(Author.CONTACT, "Was kostet es?")
    assert replied.text.endswith("Sechs Wochen.")
    assert replied.choices == ("Wer zahlt?",)
    assert replied.outcome is outcome
    assert replied.sections == SECTIONS
    assert replied.language == "de"


async def test_a_stored_turn_is_the_turn_that_its_answer_was(core: Core) -> None:
    first = told()

    _, replied = await second_question(core, first)

    # On WhatsApp the first reply greets as well.
    assert replace(replied, text=first.text) == first.as_turn


async def test_why_it_was_decided_so_is_kept_with_the_message(core: Core) -> None:
    core.worker = core.new_worker(ScriptedAssistant(lambda _: told()))
    await core.answered("Was kostet es?")

    *_, reply = await core.messages()

    assert reply.provenance is not None
    assert reply.provenance["reason"] == "sure"
    assert reply.provenance["sections"] == list(SECTIONS)
    assert reply.provenance["language"] == "de"
    assert (reply.sections, reply.language) == (SECTIONS, "de")


@pytest.mark.parametrize("provenance", [None, {}, {"answerer": "fixed", "sections": 1}])
def test_a_message_from_before_anything_was_kept_tells_nothing(
    provenance: dict[str, object] | None,
) -> None:
    old = Message(author=Author.BOT, text="Six weeks.", provenance=provenance)

    assert turns_of([old]) == (Turn(Author.BOT, "Six weeks."),)
