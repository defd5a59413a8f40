"""Replies that nobody wants any more by the time they are ready."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from bot.conversations.models import Status
from bot.conversations.ports import Answer, Author, Outcome
from tests.support.assistants import HeldAssistant, answer
from tests.support.core import Core


async def taken(core: Core, conversation_id: str) -> None:
    await core.conversations.take(conversation_id, member="Alice")


async def resolved(core: Core, conversation_id: str) -> None:
    await core.conversations.resolve(conversation_id)


async def handed_off(core: Core, conversation_id: str) -> None:
    await core.conversations.hand_off(conversation_id, "asked")


async def handed_back(core: Core, conversation_id: str) -> None:
    await taken(core, conversation_id)
    await core.conversations.hand_back(conversation_id)


@pytest.mark.parametrize(
    ("meanwhile", "status"),
    [
        (taken, Status.STAFF),
        (resolved, Status.RESOLVED),
        (handed_off, Status.WAITING),
        (handed_back, Status.BOT),
    ],
)
@pytest.mark.parametrize("outcome", [Outcome.ANSWER, Outcome.HANDOFF])
async def test_an_answer_is_thrown_away_when_things_changed_meanwhile(
    core: Core,
    meanwhile: Callable[[Core, str], Awaitable[None]],
    status: Status,
    outcome: Outcome,
) -> None:
    held = HeldAssistant()
    held.reply = lambda _: answer("Too late.", outcome=outcome, reason="complaint")
    core.worker = core.new_worker(held)
    receipt = await core.write("How long?")
    core.clock.advance(2)
    thinking = asyncio.create_task(core.worker.reply_once())
    await held.thinking.wait()
    await meanwhile(core, receipt.conversation_id)
    held.released.set()
    await thinking
    await core.work(after=120)
    assert await core.said(receipt.conversation_id, Author.BOT) == []
    assert not any("Too late." in text for text in core.sent())
    row = await core.conversation(receipt.conversation_id)
    assert row.status is status
    assert row.handoff_reason != "complaint"


async def test_a_failure_after_a_takeover_hands_nothing_over(core: Core) -> None:
    held = HeldAssistant()

    def fail(_: str) -> Answer:
        raise RuntimeError

    held.reply = fail
    core.worker = core.new_worker(held)
    receipt = await core.write("How long?")
    core.clock.advance(2)
    thinking = asyncio.create_task(core.worker.reply_once())
    await held.thinking.wait()
    await taken(core, receipt.conversation_id)
    held.released.set()
    await thinking
    row = await core.conversation(receipt.conversation_id)
    assert (row.status, row.attempts) == (Status.STAFF, 0)
