"""What channels report of deliveries, in whatever order reports come."""

import asyncio
from datetime import timedelta

from bot.conversations.models import Conversation, DeliveryState, EventKind
from bot.conversations.outbox.deliveries import claim_delivery
from bot.conversations.threads import locked
from tests.support.core import Core
from tests.support.patience import PATIENCE_SECONDS


async def test_a_report_that_overtakes_the_answer_is_not_undone(core: Core) -> None:
    await core.staff_say("One.")
    (delivery,) = await core.deliveries()
    core.simulator.faults.lose_answers = 1
    await core.work()
    known = await core.conversations.delivery_reached(
        delivery.public_id, external_id="SM9", state=DeliveryState.DELIVERED
    )
    assert known is True
    await core.work()
    (delivery,) = await core.deliveries()
    assert (delivery.state, delivery.external_id) == (DeliveryState.DELIVERED, "SM9")
    assert core.sent() == ["One."]


async def test_a_report_does_not_wait_for_who_holds_the_conversation(
    postgresql_core: Core,
) -> None:
    """Each would wait for the other's event for ever: a deadlock."""
    core = postgresql_core
    await core.staff_say("One.")
    await core.work()
    (delivery,) = await core.deliveries()
    async with core.database.write() as session:
        assert await session.scalar(locked(Conversation.id == 1)) is not None
        async with asyncio.timeout(PATIENCE_SECONDS):
            await core.conversations.delivery_reached(
                delivery.public_id, external_id=None, state=DeliveryState.READ
            )
    assert await core.delivery_states() == [DeliveryState.READ]


async def test_a_late_loss_of_an_answer_does_not_undo_a_report(core: Core) -> None:
    await core.staff_say("One.")
    (delivery,) = await core.deliveries()
    async with core.events.transaction(core.clock()) as transaction:
        claim = await claim_delivery(transaction)
    await core.conversations.delivery_reached(
        delivery.public_id, external_id="SM9", state=DeliveryState.READ
    )
    assert claim is not None
    async with core.events.transaction(core.clock()) as transaction:
        await core.conversations.delivery_results.postponed(
            transaction, claim, pause=timedelta(seconds=1), code=None
        )
    assert await core.delivery_states() == [DeliveryState.READ]


async def test_a_failure_that_is_reported_keeps_its_reason(core: Core) -> None:
    await core.staff_say("One.")
    await core.work()
    (delivery,) = await core.deliveries()
    await core.conversations.delivery_reached(
        delivery.public_id,
        external_id=None,
        state=DeliveryState.FAILED,
        error_code="63024",
    )
    (delivery,) = await core.deliveries()
    assert (delivery.state, delivery.error_code) == (DeliveryState.FAILED, "63024")


async def test_every_step_of_a_delivery_that_others_care_about_is_an_event(
    core: Core,
) -> None:
    await core.staff_say("One.")
    await core.work()
    (delivery,) = await core.deliveries()
    for state in (DeliveryState.READ, DeliveryState.DELIVERED, DeliveryState.READ):
        await core.conversations.delivery_reached(
            delivery.public_id, external_id=None, state=state
        )
    told = [
        event.delivery_id
        for event in await core.event_log()
        if event.kind is EventKind.DELIVERY_UPDATED
    ]
    assert told == [delivery.id] * 2  # sent, then read
