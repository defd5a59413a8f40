"""The machine's clock is set back: nobody waits for as long as it went."""

from datetime import timedelta

import pytest

from bot.conversations.models import DeliveryState
from bot.conversations.outbox.deliveries import LEASE, claim_delivery
from bot.conversations.working.replies import Replies
from bot.conversations.working.taking_turns import Turns
from tests.support.core import Core, hours

BACK = [120.0, hours(1), hours(24 * 365)]


@pytest.mark.parametrize("back", BACK)
async def test_a_reply_that_is_owed_is_given(core: Core, back: float) -> None:
    await core.write("How long?")
    core.clock.advance(-back)
    await core.worker.drain()
    (reply,) = core.sent()
    assert "About: How long?" in reply


@pytest.mark.parametrize("back", BACK)
async def test_the_worker_sees_at_once_that_a_reply_is_owed(
    core: Core, back: float
) -> None:
    await core.write("How long?")
    core.clock.advance(-back)
    await core.worker._look()
    assert not core.worker._reply_due.locked()


@pytest.mark.parametrize("back", BACK)
async def test_what_was_to_leave_leaves(core: Core, back: float) -> None:
    await core.staff_say("One.", "Two.")
    core.clock.advance(-back)
    await core.worker.drain()
    assert core.sent() == ["One.", "Two."]


async def test_what_a_worker_held_that_vanished_is_taken_over(core: Core) -> None:
    await core.write("How long?")
    core.clock.advance(10)
    assert await Replies(core.conversations).claim(Turns(share=2)) is not None
    core.clock.advance(-hours(1))
    await core.worker.drain()
    assert "About: How long?" in core.sent()[0]


async def test_what_was_being_sent_is_looked_up(core: Core) -> None:
    await core.staff_say("One.")
    async with core.conversations.transaction() as transaction:
        assert await claim_delivery(transaction) is not None
    core.clock.advance(-hours(1))
    await core.worker.drain()
    assert core.sent() == ["One."]
    assert await core.delivery_states() == [DeliveryState.SENT]


async def test_what_is_held_by_a_worker_of_a_clock_a_little_ahead_is_left_alone(
    core: Core,
) -> None:
    await core.write("How long?")
    core.clock.advance(10)
    assert await Replies(core.conversations).claim(Turns(share=2)) is not None
    await core.staff_say("One.", sender="whatsapp:+447700900999")
    async with core.conversations.transaction() as transaction:
        assert await claim_delivery(transaction) is not None
    core.clock.advance(-2)
    await core.worker.drain()
    assert core.sent() == []
    assert timedelta(seconds=2) < LEASE
