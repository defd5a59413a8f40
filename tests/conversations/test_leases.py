"""Work that somebody claimed: kept while it lasts, and soon free after a kill."""

import asyncio
from datetime import timedelta

from bot.conversations.models import DeliveryState
from bot.conversations.outbox.deliveries import LEASE, claim_delivery
from bot.conversations.working.leases import renewed, take_back
from bot.conversations.working.replies import Replies
from bot.conversations.working.taking_turns import Turns
from tests.support.core import Core


async def claim_one(core: Core) -> None:
    async with core.events.transaction(core.clock()) as transaction:
        assert await claim_delivery(transaction) is not None


async def test_a_claim_is_renewed_while_it_is_worked_on(core: Core) -> None:
    conversation_id = (await core.write("How long?")).conversation_id
    core.clock.advance(2)
    replies = Replies(core.conversations)
    claim = await replies.claim(Turns(share=2))
    assert claim is not None
    core.clock.advance(LEASE.total_seconds() - 1)
    beaten = asyncio.Event()

    async def renew() -> None:
        await replies.renew(claim)
        beaten.set()

    async with renewed(renew, every=0):
        await beaten.wait()
    core.clock.advance(LEASE.total_seconds() - 1)
    assert await core.worker.reply_once() is False
    row = await core.conversation(conversation_id)
    assert row.lease_until == core.clock() + timedelta(seconds=1)


async def test_a_claim_that_somebody_else_has_by_now_is_not_renewed(
    core: Core,
) -> None:
    conversation_id = (await core.write("How long?")).conversation_id
    core.clock.advance(2)
    replies = Replies(core.conversations)
    claim = await replies.claim(Turns(share=2))
    assert claim is not None
    await core.conversations.take(conversation_id, member="Alice")
    await replies.renew(claim)
    assert (await core.conversation(conversation_id)).lease_until is None


async def test_a_renewal_that_fails_is_tried_again(core: Core) -> None:
    tries: list[int] = []
    enough = asyncio.Event()

    async def renew() -> None:
        tries.append(1)
        if len(tries) > 1:
            enough.set()
        raise OSError("the database is away")

    async with renewed(renew, every=0):
        await enough.wait()


async def test_a_delivery_stays_with_who_sends_it_or_looks_it_up(core: Core) -> None:
    await core.staff_say("One.")
    for state in (DeliveryState.SENDING, DeliveryState.UNKNOWN):
        async with core.events.transaction(core.clock()) as transaction:
            claim = await claim_delivery(transaction)
        assert claim is not None
        core.clock.advance(LEASE.total_seconds() - 1)
        await core.worker._sender._renew(claim)
        core.clock.advance(LEASE.total_seconds() - 1)
        assert await core.worker.send_once() is False
        assert await core.delivery_states() == [state]
        core.clock.advance(2)


async def test_a_process_that_is_alone_takes_its_own_work_back_at_once(
    core: Core,
) -> None:
    conversation_id = (await core.write("How long?")).conversation_id
    core.clock.advance(2)
    assert await Replies(core.conversations).claim(Turns(share=2)) is not None
    await core.staff_say("One.", sender="whatsapp:+447700900456")
    await claim_one(core)
    assert not await core.worker.reply_once()
    await take_back(core.conversations)
    await core.worker.drain()
    # What may have left is looked up at once, and believed lost after a minute.
    for _ in range(2):
        await core.work(after=60)
    assert len(core.sent()) == 1
    assert core.sent("whatsapp:+447700900456") == ["One."]
    assert (await core.conversation(conversation_id)).reply_due_at is None


async def test_a_lookup_that_was_under_way_is_taken_back_too(core: Core) -> None:
    await core.staff_say("One.")
    await claim_one(core)
    core.clock.advance(LEASE.total_seconds() + 1)
    await claim_one(core)
    assert not await core.worker.send_once()
    await take_back(core.conversations)
    assert await core.worker.send_once()
    for _ in range(2):
        await core.work(after=60)
    assert core.sent() == ["One."]
