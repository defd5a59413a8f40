"""What channels report of deliveries, in whatever order reports come."""

import asyncio
from datetime import timedelta

from bot.conversations.models import (
    Conversation,
    DeliveryState,
    EventKind,
    Reason,
    Status,
)
from bot.conversations.outbox.deliveries import claim_delivery
from bot.conversations.threads import locked
from tests.support.core import PHONE, Core
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


def twilio_says(core: Core, status: str, code: int | None = None) -> None:
    for message in core.simulator.messages:
        if message.recipient == PHONE:
            message.status, message.error_code = status, code


async def test_a_report_that_was_lost_is_asked_for(core: Core) -> None:
    await core.staff_say("One.")
    await core.work()
    twilio_says(core, "read")
    await core.work(after=60)
    assert await core.delivery_states() == [DeliveryState.SENT]
    await core.work(after=300)
    assert await core.delivery_states() == [DeliveryState.READ]


async def test_an_answer_that_never_arrived_brings_a_person_without_a_report(
    core: Core,
) -> None:
    conversation_id = await core.answered()
    twilio_says(core, "undelivered", 63024)
    await core.work(after=310)
    delivery = (await core.deliveries())[0]
    assert (delivery.state, delivery.error_code) == (DeliveryState.FAILED, "63024")
    row = await core.conversation(conversation_id)
    assert (row.status, row.handoff_reason) == (Status.WAITING, Reason.NOT_DELIVERED)


async def test_without_news_it_is_asked_ever_more_seldom_and_not_for_ever(
    core: Core,
) -> None:
    await core.staff_say("One.")
    await core.work()
    asked = 0
    for _ in range(60):
        core.clock.advance(1800)
        while await core.worker._reports.step():
            asked += 1
    assert 5 <= asked <= 12


async def test_who_cannot_be_asked_is_asked_later(core: Core) -> None:
    await core.staff_say("One.")
    await core.work()
    twilio_says(core, "delivered")
    token, core.simulator.token = core.simulator.token, "wrong"
    await core.work(after=310)
    core.simulator.token = token
    assert await core.delivery_states() == [DeliveryState.SENT]
    await core.work(after=3600)
    assert await core.delivery_states() == [DeliveryState.DELIVERED]


async def test_what_failed_for_a_time_is_sent_again_and_for_good_is_not(
    core: Core,
) -> None:
    conversation_id = await core.answered()
    (first,) = await core.deliveries()

    async def report(external_id: str | None, *, passes: bool) -> None:
        await core.conversations.delivery_reached(
            first.public_id,
            external_id=external_id,
            state=DeliveryState.FAILED,
            error_code="63018",
            passes=passes,
        )

    await report(first.external_id, passes=True)
    assert await core.delivery_states() == [DeliveryState.PENDING]
    await core.work(after=310)
    (again,) = await core.deliveries()
    assert again.state is DeliveryState.SENT
    assert len(core.sent()) == 2
    await report(again.external_id, passes=False)
    assert (await core.delivery_states())[0] is DeliveryState.FAILED
    assert (await core.conversation(conversation_id)).status is Status.WAITING
