"""What the bot offered is kept with its message, and given to the assistant."""

from dataclasses import replace

from bot.conversations.desk import queries
from bot.conversations.ports import Author, Outcome, Turn
from tests.support.assistants import ScriptedAssistant, answer
from tests.support.core import Core

OFFERED = ("Fees", "Visas")


async def test_what_was_offered_is_kept_and_seen_by_the_assistant(core: Core) -> None:
    asked = replace(
        answer("1. Fees\n2. Visas", outcome=Outcome.CLARIFY), choices=OFFERED
    )
    assistant = ScriptedAssistant(lambda _: asked)
    core.worker = core.new_worker(assistant)
    conversation_id = await core.answered("Hi there")
    await core.answered("2")
    (_, nothing), (question, earlier) = assistant.asked
    assert nothing == ()
    assert question == "2"
    assert [turn.choices for turn in earlier] == [(), OFFERED]
    assert earlier[0] == Turn(Author.CONTACT, "Hi there")
    _, shown = await queries.conversation(core.database, conversation_id)
    assert [one.choices for one in shown] == [(), OFFERED, (), OFFERED]
    assert [one.text for one in shown if one.author is Author.CONTACT][-1] == "2"


async def test_messages_from_before_choices_were_kept_offer_nothing(
    core: Core,
) -> None:
    await core.answered("Hi there")
    *_, reply = await core.messages()
    reply.provenance = {"answerer": "fixed"}
    assert reply.choices == ()
    reply.provenance = None
    assert reply.choices == ()
