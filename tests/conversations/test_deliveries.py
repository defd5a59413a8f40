"""Deliveries: in order, tried again, looked up, and never sent twice."""

import asyncio

import pytest

from bot.conversations.models import DeliveryState
from bot.conversations.outbox.deliveries import (
    LEASE,
    LONGEST_PAUSE,
    claim_delivery,
)
from bot.conversations.outbox.delivery_results import (
    ATTEMPTS,
    GIVE_UP_AFTER,
    UNKNOWN_FOR_GOOD,
)
from bot.conversations.ports import Author
from tests.support.core import PHONE, Core

OTHER_PHONE = "whatsapp:+447700900456"
LONG = "\n\n".join(f"Part {number}. " + "word " * 200 for number in range(5))


async def test_a_delivery_that_left_is_sent_and_knows_twilios_id(core: Core) -> None:
    await core.staff_say("Hello.")
    await core.work()
    (delivery,) = await core.deliveries()
    assert delivery.state is DeliveryState.SENT
    assert delivery.external_id == core.simulator.messages[-1].sid


async def test_parts_and_messages_leave_in_order(core: Core) -> None:
    await core.staff_say(LONG, "Second.", "Third.")
    workers = [core.new_worker() for _ in range(4)]
    core.clock.advance(1)
    await asyncio.gather(*(worker.drain() for worker in workers))
    await core.work()
    expected = [delivery.text for delivery in await core.deliveries()]
    assert len(expected) > 4
    assert core.sent() == expected


async def test_a_delivery_that_must_wait_holds_up_only_its_own_conversation(
    core: Core,
) -> None:
    await core.staff_say("One.", "Two.")
    core.simulator.faults.codes.append(20429)
    assert await core.worker.send_once() is True
    await core.staff_say("Three.", sender=OTHER_PHONE)
    await core.worker.drain()
    assert core.sent() == []
    assert core.sent(OTHER_PHONE) == ["Three."]
    await core.work()
    assert core.sent() == ["One.", "Two."]


async def test_what_twilio_asks_to_wait_for_is_waited_for(core: Core) -> None:
    await core.staff_say("One.")
    core.simulator.faults.codes.append(20429)
    assert await core.worker.send_once() is True
    core.clock.advance(0.9)
    assert await core.worker.send_once() is False
    core.clock.advance(3.1)
    assert await core.worker.send_once() is True
    assert core.sent() == ["One."]


async def test_a_delivery_that_is_always_put_off_fails_in_the_end(core: Core) -> None:
    await core.staff_say("One.", "Two.")
    core.simulator.faults.codes.extend([20429] * ATTEMPTS)
    for _ in range(ATTEMPTS):
        await core.work(after=GIVE_UP_AFTER.total_seconds() / ATTEMPTS)
    one, two = await core.deliveries()
    assert (one.state, one.error_code) == (DeliveryState.FAILED, "20429")
    assert two.state is DeliveryState.SENT
    assert core.sent() == ["Two."]


async def test_a_delivery_that_twilio_will_never_take_fails_at_once(
    core: Core,
) -> None:
    await core.staff_say("One.", "Two.")
    core.simulator.faults.codes.append(63016)
    await core.work()
    one, two = await core.deliveries()
    assert (one.state, one.error_code, one.attempts) == (
        DeliveryState.FAILED,
        "63016",
        1,
    )
    assert two.state is DeliveryState.SENT


async def test_a_sending_whose_answer_was_lost_is_looked_up_and_not_repeated(
    core: Core,
) -> None:
    await core.staff_say("One.", "Two.")
    core.simulator.faults.lose_answers = 1
    await core.work()
    assert await core.delivery_states() == [
        DeliveryState.UNKNOWN,
        DeliveryState.PENDING,
    ]
    await core.work()
    assert await core.delivery_states() == [DeliveryState.SENT, DeliveryState.SENT]
    assert core.sent() == ["One.", "Two."]


async def test_a_sending_that_turns_out_not_to_have_left_is_repeated(
    core: Core,
) -> None:
    await core.staff_say("One.")
    async with core.events.transaction(core.clock()) as transaction:
        assert await claim_delivery(transaction) is not None
    await core.work(after=LEASE.total_seconds() + 1)
    for _ in range(2):  # within a minute it may still be listed
        await core.work(after=60)
    assert core.sent() == ["One."]
    assert await core.delivery_states() == [DeliveryState.SENT]


async def test_a_lookup_that_fails_is_repeated_and_nothing_is_sent(
    core: Core,
) -> None:
    await core.staff_say("One.")
    core.simulator.faults.lose_answers = 1
    await core.work()
    token, core.simulator.token = core.simulator.token, "another"
    await core.work()
    assert await core.delivery_states() == [DeliveryState.UNKNOWN]
    core.simulator.token = token
    await core.work()
    assert await core.delivery_states() == [DeliveryState.SENT]
    assert core.sent() == ["One."]


async def test_a_sending_that_nobody_can_look_up_gives_way_in_the_end(
    core: Core,
) -> None:
    await core.staff_say("One.", "Two.")
    core.simulator.faults.lose_answers = 1
    await core.work()
    token, core.simulator.token = core.simulator.token, "another"
    await core.work(after=GIVE_UP_AFTER.total_seconds())
    core.simulator.token = token
    await core.work(after=LONGEST_PAUSE.total_seconds())
    one, two = await core.deliveries()
    assert (one.state, one.error_code) == (DeliveryState.FAILED, UNKNOWN_FOR_GOOD)
    assert two.state is DeliveryState.SENT
    assert core.sent() == ["One.", "Two."]


async def test_a_channel_that_is_gone_fails_its_deliveries(core: Core) -> None:
    await core.staff_say("One.")
    core.conversations.channels = {}
    for _ in range(ATTEMPTS):
        await core.work(after=GIVE_UP_AFTER.total_seconds())
    (delivery,) = await core.deliveries()
    assert delivery.state is DeliveryState.FAILED
    assert delivery.error_code == "channel_missing"


async def test_while_one_worker_sends_no_other_does(core: Core) -> None:
    await core.staff_say("One.", "Two.")
    async with core.events.transaction(core.clock()) as transaction:
        claim = await claim_delivery(transaction)
    assert claim is not None
    assert claim.outgoing.text == "One."
    assert claim.unknown is False
    core.clock.advance(LEASE.total_seconds() - 1)
    assert await core.worker.send_once() is False


async def test_a_delivery_whose_worker_vanished_is_looked_up_by_another(
    core: Core,
) -> None:
    await core.staff_say("One.")
    async with core.events.transaction(core.clock()) as transaction:
        claim = await claim_delivery(transaction)
    assert claim is not None
    await core.whatsapp.send(claim.outgoing)
    await core.work(after=LEASE.total_seconds() + 1)
    assert core.sent() == ["One."]
    assert await core.delivery_states() == [DeliveryState.SENT]


async def test_a_claim_says_where_the_words_go(core: Core) -> None:
    await core.staff_say("One.")
    async with core.events.transaction(core.clock()) as transaction:
        claim = await claim_delivery(transaction)
    (delivery,) = await core.deliveries()
    assert claim is not None
    assert claim.channel == "whatsapp"
    assert claim.outgoing.recipient == PHONE
    assert claim.outgoing.public_id == delivery.public_id
    assert delivery.state is DeliveryState.SENDING
    assert delivery.lease_until == core.clock() + LEASE


@pytest.mark.parametrize("lost", [True, False])
async def test_after_a_takeover_an_unfinished_sending_of_the_bot_is_not_repeated(
    core: Core, lost: bool
) -> None:
    conversation_id = (await core.write("How long?")).conversation_id
    core.clock.advance(2)
    await core.worker.reply_once()
    if lost:
        core.simulator.faults.lose_answers = 1
        await core.worker.send_once()
    else:
        async with core.events.transaction(core.clock()) as transaction:
            assert await claim_delivery(transaction) is not None
    await core.conversations.take(conversation_id, member="Alice")
    await core.work(after=LEASE.total_seconds() + 1)
    for _ in range(2):  # within a minute it may still be listed
        await core.work(after=60)
    wanted = DeliveryState.SENT if lost else DeliveryState.CANCELLED
    assert await core.delivery_states() == [wanted]
    assert len(core.sent()) == (1 if lost else 0)
    assert len(await core.said(conversation_id, Author.BOT)) == 1


async def test_on_the_web_nothing_needs_a_delivery(core: Core) -> None:
    await core.conversations.receive(
        core.inbound("How long?", channel="web", sender="visitor-1")
    )
    await core.work()
    assert await core.deliveries() == []
