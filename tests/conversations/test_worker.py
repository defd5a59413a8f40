"""Workers: several at once, one that vanished, and the loops that never stop."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import pytest

from bot.conversations.models import Status
from bot.conversations.outbox.deliveries import LEASE
from bot.conversations.ports import Author
from bot.conversations.working.worker import STALE_AFTER_SECONDS, Worker
from tests.support.assistants import HeldAssistant, ScriptedAssistant
from tests.support.core import Core
from tests.support.patience import until

PHONES = [f"whatsapp:+4477009001{number:02d}" for number in range(8)]


@asynccontextmanager
async def at_work(worker: Worker) -> AsyncIterator[None]:
    """A worker's loops, for as long as the context lasts."""
    task = asyncio.create_task(worker.run())
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def said_by_bot(core: Core, conversation_id: str) -> list[str]:
    """What the bot has said, as soon as it has said something."""
    await until(lambda: core.said(conversation_id, Author.BOT))
    return await core.said(conversation_id, Author.BOT)


async def test_several_workers_answer_everything_once(core: Core) -> None:
    for number, phone in enumerate(PHONES):
        await core.write(f"Question {number}", sender=phone)
    assistants = [ScriptedAssistant() for _ in range(5)]
    workers = [core.new_worker(assistant) for assistant in assistants]
    core.clock.advance(2)
    await asyncio.gather(*(worker.drain() for worker in workers))
    await core.work()
    asked = [question for each in assistants for question, _ in each.asked]
    assert sorted(asked) == [f"Question {number}" for number in range(len(PHONES))]
    assert [len(core.sent(phone)) for phone in PHONES] == [1] * len(PHONES)


async def test_the_work_of_a_worker_that_vanished_is_taken_over(core: Core) -> None:
    lost = HeldAssistant()
    receipt = await core.write("How long?")
    core.clock.advance(2)
    thinking = asyncio.create_task(core.new_worker(lost).reply_once())
    await lost.thinking.wait()
    core.clock.advance(LEASE.total_seconds() - 1)
    assert await core.worker.reply_once() is False
    core.clock.advance(2)
    assert await core.worker.reply_once() is True
    lost.reply = ScriptedAssistant().reply
    lost.released.set()
    await thinking
    await core.work()
    (reply,) = await core.said(receipt.conversation_id, Author.BOT)
    assert reply.endswith("About: How long?")
    assert len(core.sent()) == 1


async def test_a_worker_at_work_answers_without_being_asked_to(core: Core) -> None:
    async with at_work(core.worker):
        receipt = await core.conversations.receive(
            core.inbound("How long?", channel="web", sender="visitor-1")
        )
        said = await said_by_bot(core, receipt.conversation_id)
    assert said[0].endswith("About: How long?")


async def test_a_worker_survives_a_step_that_breaks(core: Core) -> None:
    conversation_id = await core.answered()
    core.conversations.channels = {}
    await core.conversations.reply_as_staff(conversation_id, "Hello.", member="Alice")
    async with at_work(core.worker):
        receipt = await core.conversations.receive(
            core.inbound("How long?", channel="web", sender="visitor-1")
        )
        await said_by_bot(core, receipt.conversation_id)
    core.conversations.channels = {"whatsapp": core.whatsapp}
    await core.work(after=LEASE.total_seconds() + 1)
    assert core.sent()[1:] == ["Hello."]


async def test_a_worker_that_has_not_looked_for_long_is_not_alive(core: Core) -> None:
    worker = core.new_worker()

    async def alive() -> bool:
        return worker.alive

    assert await alive()
    worker._last_look -= STALE_AFTER_SECONDS + 1
    assert not await alive()
    async with at_work(worker):
        await until(alive)


@pytest.mark.parametrize("workers", [1, 3])
async def test_staff_words_leave_though_the_bot_is_silent(
    core: Core, workers: int
) -> None:
    conversation_id = await core.waiting()
    await core.conversations.reply_as_staff(conversation_id, "Hello.", member="Alice")
    await asyncio.gather(*(core.new_worker().drain() for _ in range(workers)))
    await core.work()
    assert core.sent()[-1] == "Hello."
    assert core.sent().count("Hello.") == 1
    assert (await core.conversation(conversation_id)).status is Status.STAFF
