"""Twilio is away for a while or for good: words arrive, or staff hear of it."""

from collections.abc import Callable
from datetime import timedelta

import httpx
import pytest
from sqlalchemy import select

from bot.channels.simulated_api import SimulatedMessage
from bot.channels.twilio_client import HttpxClient
from bot.channels.whatsapp import WhatsApp
from bot.conversations.models import Conversation, DeliveryState, Status
from bot.conversations.outbox.deliveries import claim_delivery
from bot.conversations.outbox.delivery_results import (
    ATTEMPTS,
    GIVE_UP_AFTER,
    UNKNOWN_FOR_GOOD,
)
from bot.conversations.ports import Author, Outcome
from tests.support.assistants import ScriptedAssistant, answer
from tests.support.core import BASE_URL, PHONE, Core, hours, told_when_closed
from tests.support.twilio import SID

MINUTE = 60.0
LONG = "\n\n".join(f"Part {number}. " + "word " * 200 for number in range(3))


def unreachable(request: httpx.Request) -> httpx.Response:
    raise httpx.ConnectError("away", request=request)


def silent(request: httpx.Request) -> httpx.Response:
    raise httpx.ReadTimeout("no answer", request=request)


def busy(_: httpx.Request) -> httpx.Response:
    wanted = {"Retry-After": "60"}
    return httpx.Response(429, json={"code": 20429, "message": ""}, headers=wanted)


def becomes(core: Core, twilio: Callable[[httpx.Request], httpx.Response]) -> None:
    """From now on this is what Twilio does."""
    channel = WhatsApp(
        account_sid=core.simulator.account_sid,
        token=core.simulator.token,
        sender=core.simulator.sender,
        base_url=BASE_URL,
        http=HttpxClient(httpx.MockTransport(twilio)),
    )
    core.conversations.channels = {"whatsapp": channel}


def comes_back(core: Core) -> None:
    core.conversations.channels = {"whatsapp": core.whatsapp}


async def handed_over(core: Core, conversation_id: str) -> bool:
    row = await core.conversation(conversation_id)
    reason = "reply_not_delivered"
    return (row.status, row.handoff_reason) == (Status.WAITING, reason)


@pytest.mark.parametrize("away", [unreachable, busy])
async def test_what_could_not_leave_for_hours_leaves_afterwards(
    core: Core, away: Callable[[httpx.Request], httpx.Response]
) -> None:
    becomes(core, away)
    conversation_id = await core.answered("How long?")
    for _ in range(12):
        await core.work(after=25 * MINUTE)
    (delivery,) = await core.deliveries()
    assert delivery.state is DeliveryState.PENDING
    assert delivery.attempts > ATTEMPTS
    comes_back(core)
    await core.work(after=5 * MINUTE)
    (reply,) = core.sent()
    assert "About: How long?" in reply
    assert (await core.conversation(conversation_id)).status is Status.BOT


async def test_twilio_is_asked_less_and_less_often(core: Core) -> None:
    becomes(core, unreachable)
    await core.staff_say("One.")
    for _ in range(120):
        await core.work(after=1)
    (delivery,) = await core.deliveries()
    assert delivery.attempts == 5


async def test_what_twilio_asks_to_wait_for_is_longer_than_our_own_pause(
    core: Core,
) -> None:
    becomes(core, busy)
    await core.staff_say("One.")
    await core.worker.drain()
    await core.work(after=59)
    (delivery,) = await core.deliveries()
    assert delivery.attempts == 1
    await core.work(after=1)
    (delivery,) = await core.deliveries()
    assert delivery.attempts == 2


async def test_lookups_are_no_attempts_to_send(core: Core) -> None:
    await core.staff_say("One.")
    becomes(core, silent)
    await core.worker.drain()
    becomes(core, unreachable)
    for _ in range(120):
        await core.work(after=1)
    (delivery,) = await core.deliveries()
    assert (delivery.state, delivery.attempts) == (DeliveryState.UNKNOWN, 1)
    comes_back(core)
    await core.work(after=5 * MINUTE)
    assert core.sent() == ["One."]
    (delivery,) = await core.deliveries()
    assert (delivery.state, delivery.attempts) == (DeliveryState.SENT, 2)


@pytest.mark.parametrize("held_up", [0.0, 14.0, 40.0, 600.0])
async def test_a_send_that_twilio_takes_late_goes_out_once(
    core: Core, held_up: float
) -> None:
    await core.staff_say("One.")
    core.clock.advance(held_up)
    becomes(core, silent)
    await core.worker.drain()
    comes_back(core)
    await core.work(after=9)
    assert core.sent() == []
    core.simulator.messages.append(
        SimulatedMessage(
            sid=SID,
            sender=core.simulator.sender,
            recipient=PHONE,
            body="One.",
            direction="outbound-api",
            status="sent",
            created_at=core.clock(),
        )
    )
    for _ in range(24):
        await core.work(after=5)
    assert core.sent() == ["One."]
    assert await core.delivery_states() == [DeliveryState.SENT]


@pytest.mark.parametrize(
    ("twilio", "code"), [(unreachable, "connect"), (silent, UNKNOWN_FOR_GOOD)]
)
async def test_a_reply_that_is_given_up_brings_a_person(
    core: Core, twilio: Callable[[httpx.Request], httpx.Response], code: str
) -> None:
    becomes(core, twilio)
    conversation_id = await core.answered("How long?")
    while not await handed_over(core, conversation_id):
        await core.work(after=GIVE_UP_AFTER.total_seconds() / ATTEMPTS)
    reply, notice = await core.deliveries()
    assert (reply.state, reply.error_code) == (DeliveryState.FAILED, code)
    assert await handed_over(core, conversation_id)
    comes_back(core)
    await core.work(after=5 * MINUTE)
    assert core.sent() == [notice.text]
    assert core.clock() - reply.created_at < timedelta(hours=8)


async def test_a_reply_that_twilio_refuses_brings_a_person(core: Core) -> None:
    core.worker = core.new_worker(ScriptedAssistant(lambda _: answer(LONG)))
    core.simulator.faults.codes.append(63024)
    conversation_id = await core.answered("How long?")
    await core.work()
    first, *others, notice = await core.delivery_states()
    assert first is DeliveryState.FAILED
    assert set(others) == {DeliveryState.CANCELLED}
    assert notice is DeliveryState.SENT
    assert await handed_over(core, conversation_id)
    assert core.sent() == [told_when_closed(core, "handoff_failed")]


async def test_a_reply_that_is_reported_lost_brings_a_person(core: Core) -> None:
    conversation_id = await core.answered("How long?")
    await report_failed(core)
    await report_failed(core)
    assert await handed_over(core, conversation_id)
    assert len(await core.said(conversation_id, Author.SYSTEM)) == 1


async def test_words_of_staff_that_are_lost_hand_nothing_over(core: Core) -> None:
    await core.staff_say("One.")
    core.simulator.faults.codes.append(63024)
    await core.work()
    assert await core.delivery_states() == [DeliveryState.FAILED]
    (row,) = await core.rows(select(Conversation))
    assert row.status is Status.STAFF


async def test_a_lost_handoff_keeps_its_reason(core: Core) -> None:
    leave = answer("Somebody comes.", outcome=Outcome.HANDOFF, reason="complaint")
    core.worker = core.new_worker(ScriptedAssistant(lambda _: leave))
    conversation_id = await core.answered("How long?")
    await report_failed(core)
    row = await core.conversation(conversation_id)
    assert (row.status, row.handoff_reason) == (Status.WAITING, "complaint")


async def test_who_has_taken_over_is_not_taken_from(core: Core) -> None:
    conversation_id = await core.answered("How long?")
    await core.conversations.take(conversation_id, member="Alice")
    await report_failed(core)
    row = await core.conversation(conversation_id)
    assert (row.status, row.handoff_reason) == (Status.STAFF, "stepped_in")


async def test_an_old_delivery_is_not_given_up_at_its_first_mishap(core: Core) -> None:
    await core.staff_say("One.")
    core.clock.advance(hours(12))
    becomes(core, unreachable)
    await core.worker.drain()
    assert await core.delivery_states() == [DeliveryState.PENDING]
    comes_back(core)
    await core.work()
    assert core.sent() == ["One."]


async def test_a_vanished_sender_counts_as_one_attempt(core: Core) -> None:
    await core.staff_say("One.")
    async with core.conversations.transaction() as transaction:
        assert await claim_delivery(transaction) is not None
    core.clock.advance(timedelta(minutes=2).total_seconds())
    async with core.conversations.transaction() as transaction:
        claim = await claim_delivery(transaction)
    assert claim is not None
    assert (claim.unknown, claim.attempts) == (True, 1)


async def report_failed(core: Core) -> None:
    """Twilio says that the first delivery did not arrive."""
    (delivery, *_) = await core.deliveries()
    await core.conversations.delivery_reached(
        delivery.public_id,
        external_id=SID,
        state=DeliveryState.FAILED,
        error_code="63024",
    )
