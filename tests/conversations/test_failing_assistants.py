"""An assistant that fails is asked again, and then a person has to do it."""

from bot.conversations.desk import queries
from bot.conversations.models import Status
from bot.conversations.outbox.deliveries import LEASE
from bot.conversations.ports import Answer, Author
from bot.conversations.working.replies import Replies
from bot.conversations.working.reply_claims import ATTEMPTS
from bot.conversations.working.taking_turns import Turns
from bot.conversations.working.worker import Worker
from tests.support.assistants import HeldAssistant, ScriptedAssistant, answer
from tests.support.core import Core, told_when_closed


async def test_a_failing_assistant_is_tried_again(core: Core) -> None:
    def fail_twice(question: str) -> Answer:
        if len(flaky.asked) < 3:
            raise RuntimeError("no")
        return answer(f"About: {question}")

    flaky = ScriptedAssistant(fail_twice)
    core.worker = core.new_worker(flaky)
    conversation_id = await core.answered("How long?")
    for _ in range(3):
        await core.work(after=2)
    row = await core.conversation(conversation_id)
    assert (row.status, row.attempts) == (Status.BOT, 0)
    (reply,) = await core.said(conversation_id, Author.BOT)
    assert reply.endswith("About: How long?")


async def test_an_assistant_that_keeps_failing_makes_way_for_a_person(
    core: Core,
) -> None:
    def fail(_: str) -> Answer:
        raise RuntimeError("no")

    failing = ScriptedAssistant(fail)
    core.worker = core.new_worker(failing)
    conversation_id = await core.answered("How long?")
    for _ in range(10):
        await core.work()
    assert len(failing.asked) == 3
    assert core.sent() == [told_when_closed(core, "handoff_failed")]
    (row,) = await queries.waiting(core.database)
    assert (row.id, row.status, row.handoff_reason) == (
        conversation_id,
        Status.WAITING,
        "assistant_failed",
    )


async def test_between_two_attempts_there_is_a_pause(core: Core) -> None:
    def fail(_: str) -> Answer:
        raise RuntimeError("no")

    core.worker = core.new_worker(ScriptedAssistant(fail))
    await core.write("How long?")
    core.clock.advance(2)
    assert await core.worker.reply_once() is True
    core.clock.advance(1.9)
    assert await core.worker.reply_once() is False
    core.clock.advance(0.1)
    assert await core.worker.reply_once() is True


async def test_an_assistant_that_never_answers_makes_way_for_a_person(
    core: Core,
) -> None:
    core.worker = Worker(core.conversations, HeldAssistant(), answer_within=0.0)
    conversation_id = await core.answered("How long?")
    for _ in range(10):
        await core.work()
    row = await core.conversation(conversation_id)
    assert (row.status, row.handoff_reason) == (Status.WAITING, "assistant_failed")
    assert core.sent() == [told_when_closed(core, "handoff_failed")]


async def test_workers_that_vanish_make_way_for_a_person(core: Core) -> None:
    conversation_id = (await core.write("How long?")).conversation_id
    core.clock.advance(2)
    replies = Replies(core.conversations)
    for _ in range(ATTEMPTS):
        assert await replies.claim(Turns(share=1)) is not None
        core.clock.advance(LEASE.total_seconds() + 1)
    await core.worker.drain()
    row = await core.conversation(conversation_id)
    assert (row.status, row.handoff_reason) == (Status.WAITING, "assistant_failed")
    assert core.sent() == [told_when_closed(core, "handoff_failed")]


async def test_an_answer_that_cannot_be_stored_makes_way_for_a_person(
    core: Core,
) -> None:
    broken = answer("Half a letter: \ud800")
    core.worker = core.new_worker(ScriptedAssistant(lambda _: broken))
    conversation_id = await core.answered("How long?")
    for _ in range(10):
        await core.work()
    row = await core.conversation(conversation_id)
    assert (row.status, row.handoff_reason) == (Status.WAITING, "assistant_failed")
