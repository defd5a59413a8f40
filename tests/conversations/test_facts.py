"""What contacts say of their plans: remembered with them, and theirs to correct."""

from dataclasses import replace

from sqlalchemy import select

from bot.conversations.models import Contact
from bot.conversations.ports import Outcome
from tests.support.assistants import ScriptedAssistant, answer
from tests.support.core import Core

UNDERSTOOD: dict[str, dict[str, str | None]] = {
    "I want to study in Germany": {"destination": "Germany", "level": "bachelor's"},
    "No, in Canada": {"destination": "Canada"},
    "I don't know the level yet": {"level": None},
}


def listening(core: Core) -> ScriptedAssistant:
    """An assistant that understands a few sentences."""
    core.assistant = assistant = ScriptedAssistant(
        lambda question: replace(answer(), understood=UNDERSTOOD.get(question, {}))
    )
    core.worker = core.new_worker()
    return assistant


async def facts(core: Core) -> list[dict[str, str]]:
    """What is remembered of every contact."""
    return [dict(row.facts) for row in await core.rows(select(Contact))]


async def test_what_was_understood_is_remembered_for_the_next_message(
    core: Core,
) -> None:
    assistant = listening(core)
    await core.answered("I want to study in Germany")
    await core.answered("How much?")
    known = {"destination": "Germany", "level": "bachelor's"}
    assert assistant.facts == [{}, known]
    assert await facts(core) == [known]


async def test_a_correction_replaces_and_a_withdrawal_forgets(core: Core) -> None:
    listening(core)
    await core.answered("I want to study in Germany")
    await core.answered("No, in Canada")
    await core.answered("I don't know the level yet")
    assert await facts(core) == [{"destination": "Canada"}]


async def test_a_later_conversation_knows_them_too(core: Core) -> None:
    assistant = listening(core)
    conversation_id = await core.answered("I want to study in Germany")
    await core.conversations.resolve(conversation_id)
    assert await core.answered("How much?") != conversation_id
    assert assistant.facts[-1] == {"destination": "Germany", "level": "bachelor's"}


async def test_they_are_remembered_of_one_contact_alone(core: Core) -> None:
    assistant = listening(core)
    await core.answered("I want to study in Germany")
    await core.answered("How much?", sender="whatsapp:+447700900999")
    assert assistant.facts[-1] == {}


async def test_a_handoff_does_not_lose_them(core: Core) -> None:
    said = {"destination": "Germany"}
    handoff = replace(answer(outcome=Outcome.HANDOFF, reason="asked"), understood=said)
    core.worker = core.new_worker(ScriptedAssistant(lambda _: handoff))
    await core.answered("A person please, about Germany")
    assert await facts(core) == [said]
