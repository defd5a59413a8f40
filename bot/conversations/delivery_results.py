"""What became of a delivery: sent, failed, unknown, put off, or reported later."""

from datetime import timedelta

from sqlalchemy import select

from bot.conversations.deliveries import MAY_LEAVE, DeliveryClaim, locked_delivery
from bot.conversations.events import Transaction
from bot.conversations.models import (
    Conversation,
    Delivery,
    DeliveryState,
    EventKind,
    Message,
)
from bot.conversations.threads import locked

ATTEMPTS = 6
LOOKUPS = 12
LOOKUP_AFTER = timedelta(seconds=5)
LONGEST_PAUSE = timedelta(seconds=300)
UNKNOWN_FOR_GOOD = "outcome_unknown"


async def delivery_sent(
    transaction: Transaction, claim: DeliveryClaim, *, external_id: str
) -> None:
    """The channel has it."""
    delivery = await locked_delivery(transaction.session, claim.id)
    delivery.external_id = delivery.external_id or external_id
    _move(transaction, delivery, DeliveryState.SENT)


async def delivery_failed(
    transaction: Transaction, claim: DeliveryClaim, *, code: str | None
) -> None:
    """The channel will never take it."""
    delivery = await locked_delivery(transaction.session, claim.id)
    delivery.error_code = code
    _move(transaction, delivery, DeliveryState.FAILED)


async def delivery_unknown(transaction: Transaction, claim: DeliveryClaim) -> None:
    """Nobody knows whether the channel has it: look it up soon, but not for ever.

    While it is open it holds back what comes after it in the conversation.
    """
    delivery = await locked_delivery(transaction.session, claim.id)
    if claim.unknown and claim.attempts >= LOOKUPS:
        delivery.error_code = UNKNOWN_FOR_GOOD
        _move(transaction, delivery, DeliveryState.FAILED)
    elif delivery.state.open:
        delivery.state = DeliveryState.UNKNOWN
        delivery.lease_until = None
        pause = LOOKUP_AFTER * 2 ** (claim.attempts - 1)
        delivery.next_attempt_at = transaction.now + min(pause, LONGEST_PAUSE)


async def delivery_postponed(
    transaction: Transaction, claim: DeliveryClaim, *, pause: float, code: str | None
) -> None:
    """It surely did not leave: try again later, unless it should leave no more."""
    session = transaction.session
    await session.scalar(locked(Conversation.id == claim.conversation_id))
    delivery = await locked_delivery(session, claim.id)
    if not delivery.state.open:
        return
    may_speak = await session.scalar(
        select(Message.id)
        .join(Conversation, Conversation.id == Message.conversation_id)
        .where(Message.id == delivery.message_id, MAY_LEAVE)
    )
    delivery.lease_until = None
    if not may_speak:
        delivery.state = DeliveryState.CANCELLED
        transaction.record(
            EventKind.DELIVERY_UPDATED, delivery.conversation_id, delivery=delivery.id
        )
        return
    if claim.attempts >= ATTEMPTS:
        delivery.error_code = code
        _move(transaction, delivery, DeliveryState.FAILED)
        return
    delivery.state = DeliveryState.PENDING
    delivery.next_attempt_at = transaction.now + min(
        timedelta(seconds=pause), LONGEST_PAUSE
    )


async def delivery_reached(
    transaction: Transaction,
    delivery_id: str,
    *,
    external_id: str | None,
    state: DeliveryState,
    error_code: str | None,
) -> bool:
    """What a status callback says, in whatever order callbacks come."""
    delivery = await transaction.session.scalar(
        select(Delivery)
        .where(Delivery.public_id == delivery_id)
        .with_for_update(key_share=True)
    )
    if delivery is None:
        return False
    delivery.external_id = delivery.external_id or external_id
    if _move(transaction, delivery, state):
        delivery.error_code = error_code if state is DeliveryState.FAILED else None
    return True


def _move(transaction: Transaction, delivery: Delivery, state: DeliveryState) -> bool:
    moved = delivery.reached(state)
    if moved:
        transaction.record(
            EventKind.DELIVERY_UPDATED, delivery.conversation_id, delivery=delivery.id
        )
    return moved
