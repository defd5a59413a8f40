"""Who waits for staff is answered from evidence, and heard where it gets worse."""

import pytest
from sqlalchemy import select

from bot.conversations.desk.choosing import Choice
from bot.conversations.desk.desk import Desk
from bot.conversations.desk.inbox import inbox
from bot.conversations.handoff.handoff_words import handoff_words
from bot.conversations.models import CallBack, DeliveryState, EventKind, Reason, Status
from bot.conversations.ports import Author, Outcome
from bot.conversations.working.taking_turns import Turns
from bot.phrases import phrase
from bot.staff import StaffMember
from tests.support.assistants import ScriptedAssistant, answer
from tests.support.core import ORGANISATION, Core

WISHES = {
    "I cannot go on": Reason.DISTRESS,
    "this is a disgrace": Reason.COMPLAINT,
    "call me": Reason.ASKED_FOR_CALL,
    "no more messages": Reason.ASKED_TO_STOP,
    "a person please": Reason.ASKED_FOR_PERSON,
}
COMING = phrase("person_coming", "en")


def reply(question: str) -> object:
    wish = WISHES.get(question)
    if wish:
        return answer(f"{wish}.", outcome=Outcome.HANDOFF, reason=wish)
    if question == "Who won?":
        return answer("No idea.", outcome=Outcome.NO_ANSWER)
    return answer(f"About: {question}")


@pytest.fixture
def heeding(core: Core) -> Core:
    core.assistant = ScriptedAssistant(reply)  # type: ignore[arg-type]
    core.worker = core.new_worker()
    return core


async def emergency(core: Core, text: str = "We are closed today.") -> None:
    async with core.database.write() as session:
        member = StaffMember(name="Ana", created_at=core.clock())
        session.add(member)
        await session.flush()
        member_id = member.id
    await Desk(core.conversations).start_emergency(text, member_id=member_id)


async def test_a_question_with_an_answer_is_answered_while_a_person_is_coming(
    heeding: Core,
) -> None:
    conversation_id = await heeding.waiting(reason=Reason.ASKED_FOR_PERSON)
    await heeding.answered("How much?")
    assert heeding.sent()[-1].startswith(f"About: How much?\n\n{COMING}")
    row = await heeding.conversation(conversation_id)
    assert (row.status, row.handoff_reason) == (
        Status.WAITING,
        Reason.ASKED_FOR_PERSON,
    )
    assert (row.reply_due_at, row.lease_until) == (None, None)


@pytest.mark.parametrize("text", ["Who won?", "a person please"])
async def test_to_what_has_no_evidence_nothing_is_said(
    heeding: Core, text: str
) -> None:
    await heeding.waiting(reason=Reason.ASKED_FOR_PERSON)
    await heeding.work()
    before = heeding.sent()
    await heeding.answered(text)
    assert heeding.sent() == before


async def test_the_organisation_can_switch_it_off(heeding: Core) -> None:
    heeding.conversations.organisation = ORGANISATION.model_copy(
        update={"answer_while_waiting": False}
    )
    await heeding.waiting(reason=Reason.ASKED_FOR_PERSON)
    await heeding.work()
    before = heeding.sent()
    await heeding.answered("How much?")
    assert heeding.sent() == before
    await heeding.answered("I cannot go on")
    assert heeding.sent()[-1].startswith("distress. ")


async def test_once_somebody_has_taken_it_nothing_is_answered_any_more(
    heeding: Core,
) -> None:
    conversation_id = await heeding.waiting(reason=Reason.ASKED_FOR_PERSON)
    await heeding.work()
    await heeding.write("How much?")
    heeding.clock.advance(10)
    assert await heeding.worker.reply_once()
    await heeding.conversations.take(conversation_id, member="Alice")
    await heeding.write("And how long?")
    await heeding.work()
    assert not any("About: How much?" in text for text in heeding.sent())
    assert (await heeding.delivery_states())[-1] is DeliveryState.CANCELLED
    assert not await heeding.worker.reply_once()


async def test_in_distress_nothing_of_the_bot_stands_between(heeding: Core) -> None:
    await heeding.waiting(reason=Reason.DISTRESS)
    await heeding.work()
    before = heeding.sent()
    await heeding.answered("How much?")
    assert heeding.sent() == before


async def test_distress_of_who_waits_is_heard_told_and_seen_first(
    heeding: Core,
) -> None:
    first = await heeding.waiting(reason=Reason.ASKED_FOR_PERSON)
    other = "whatsapp:+447700900777"
    second = await heeding.waiting(sender=other, reason=Reason.ASKED_FOR_PERSON)
    third = await heeding.waiting(sender="whatsapp:+447700900778", reason="complaint")
    await heeding.answered("I cannot go on", sender=other)
    assert heeding.sent(other)[-1].startswith("distress. ")
    page = await inbox(heeding.database, Choice(), member_id=1, now=heeding.clock())
    assert [row.id for row in page.rows] == [second, third, first]
    log = await heeding.event_log()
    told = [e for e in log if e.kind is EventKind.CONVERSATION_STATUS_CHANGED]
    assert told[-1].status is Status.WAITING


async def test_a_call_and_an_end_to_messages_are_heard_too(heeding: Core) -> None:
    conversation_id = await heeding.waiting(reason=Reason.ASKED_FOR_PERSON)
    await heeding.answered("call me")
    assert heeding.sent()[-1].startswith(phrase("handoff_call", "en"))
    assert len(await heeding.rows(select(CallBack))) == 1
    row = await heeding.conversation(conversation_id)
    assert row.handoff_reason == Reason.ASKED_FOR_CALL
    await heeding.answered("no more messages")
    assert heeding.sent()[-1] == phrase("stopped", "en")
    await heeding.answered("How much?")
    assert heeding.sent()[-1] == phrase("stopped", "en")


async def test_an_assistant_that_fails_meanwhile_changes_nothing(core: Core) -> None:
    def fail(question: str) -> object:
        raise RuntimeError(question)

    conversation_id = await core.waiting(reason=Reason.ASKED_FOR_PERSON)
    await core.work()
    before = core.sent()
    core.worker = core.new_worker(ScriptedAssistant(fail))  # type: ignore[arg-type]
    await core.write("How much?")
    for _ in range(4):
        await core.work()
    row = await core.conversation(conversation_id)
    assert (row.status, row.handoff_reason) == (
        Status.WAITING,
        Reason.ASKED_FOR_PERSON,
    )
    assert row.reply_due_at is None
    assert core.sent() == before


@pytest.mark.parametrize("text", ["I cannot go on", "call me", "a person please"])
async def test_in_an_emergency_a_person_is_still_reached(
    heeding: Core, text: str
) -> None:
    await emergency(heeding)
    conversation_id = await heeding.answered(text)
    assert (await heeding.conversation(conversation_id)).status is Status.WAITING
    assert handoff_words(WISHES[text], "en") in heeding.sent()[-1]


async def test_in_an_emergency_everything_else_gets_the_fixed_reply(
    heeding: Core,
) -> None:
    await emergency(heeding)
    await heeding.answered("How much?")
    await heeding.answered("no more messages")
    assert heeding.sent()[-2] == "We are closed today."


async def test_a_handoff_that_an_emergency_overtakes_keeps_only_its_words(
    heeding: Core,
) -> None:
    claim_text = "I cannot go on"
    await heeding.write(claim_text)
    heeding.clock.advance(10)
    claim = await heeding.worker._replies.claim(Turns(share=2))
    assert claim is not None
    await emergency(heeding)
    found = await heeding.assistant.answer(claim_text)
    assert await heeding.worker._replies.finish(claim, found)
    await heeding.work()
    assert phrase("handoff_distress", "en") in heeding.sent()[-1]
    assert (await heeding.messages())[-1].author is Author.BOT


async def test_the_word_that_brings_the_bot_back_is_no_part_of_what_is_searched(
    heeding: Core,
) -> None:
    await heeding.waiting(reason=Reason.ASKED_FOR_PERSON)
    await heeding.write("bot")
    await heeding.answered("How much?")
    listener = heeding.assistant
    assert isinstance(listener, ScriptedAssistant)
    question, earlier = listener.asked[-1]
    assert question == "How much?"
    assert "bot" not in [turn.text for turn in earlier]
