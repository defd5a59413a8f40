"""A resolve that is taken back: nothing is lost, and nothing leaves twice."""

import pytest

from bot.conversations.desk.reopening import reopen
from bot.conversations.models import DeliveryState, Status
from bot.errors import ConversationError
from tests.support.core import Core, hours


async def test_who_held_it_holds_it_again_and_who_waited_waits(core: Core) -> None:
    waiting = await core.waiting()
    since = (await core.conversation(waiting)).handed_off_at
    held = await core.waiting(sender="whatsapp:+4915112345678")
    await core.conversations.take(held, member="Alice")
    for one in (waiting, held):
        await core.conversations.resolve(one)
        await reopen(core.conversations, one, member="Bob")
    row = await core.conversation(waiting)
    assert (row.status, row.handed_off_at, row.resolved_at) == (
        Status.WAITING,
        since,
        None,
    )
    assert row.remind_at is not None
    assert await core.held_by(held) == "Alice"
    with pytest.raises(ConversationError, match="it is open already"):
        await reopen(core.conversations, held, member="Bob")


async def test_what_the_bot_had_not_sent_leaves_once_when_it_is_taken_back(
    core: Core,
) -> None:
    conversation_id = (await core.write("How long?")).conversation_id
    core.clock.advance(10)
    await core.worker.reply_once()
    assert core.sent() == []
    await core.conversations.resolve(conversation_id)
    assert await core.delivery_states() == [DeliveryState.CANCELLED]
    await core.work(after=5)
    assert core.sent() == []
    await reopen(core.conversations, conversation_id, member="Alice")
    await core.work(after=1)
    assert len(core.sent()) == 1
    assert len(await core.messages()) == 2


async def test_a_question_that_was_resolved_unanswered_is_answered_after_all(
    core: Core,
) -> None:
    conversation_id = (await core.write("How long?")).conversation_id
    await core.conversations.resolve(conversation_id)
    await reopen(core.conversations, conversation_id, member="Alice")
    await core.work()
    assert len(core.sent()) == 1


async def test_what_was_held_back_long_ago_stays_held_back(core: Core) -> None:
    conversation_id = (await core.write("How long?")).conversation_id
    await core.conversations.resolve(conversation_id)
    core.clock.advance(hours(2))
    await reopen(core.conversations, conversation_id, member="Alice")
    await core.work()
    assert core.sent() == []
    assert (await core.conversation(conversation_id)).status is Status.BOT


async def test_nothing_is_reopened_beside_a_newer_conversation(core: Core) -> None:
    conversation_id = await core.answered()
    await core.conversations.resolve(conversation_id)
    await core.write("One more thing")
    with pytest.raises(ConversationError, match="has written since"):
        await reopen(core.conversations, conversation_id, member="Alice")
    assert (await core.conversation(conversation_id)).status is Status.RESOLVED
