"""Messages to contacts: stored with their ways out, cancelled while they wait."""

from collections.abc import Sequence

from sqlalchemy import select, update

from bot.conversations.channel_port import Content
from bot.conversations.live.events import Transaction
from bot.conversations.models import (
    Conversation,
    Delivery,
    DeliveryKind,
    DeliveryState,
    EventKind,
    Message,
)
from bot.conversations.ports import Author


async def queue_message(
    transaction: Transaction,
    message: Message,
    *,
    parts: Sequence[str] = (),
    content: Content | None = None,
) -> None:
    """Store a message, its event, and a delivery for each part that has to leave.

    With ``content`` the one part leaves as a template.
    """
    session = transaction.session
    session.add(message)
    await session.flush()
    session.add_all(
        Delivery(
            conversation_id=message.conversation_id,
            message_id=message.id,
            part=part,
            text=text,
            next_attempt_at=transaction.now,
            created_at=transaction.now,
            kind=DeliveryKind.TEMPLATE if content else DeliveryKind.TEXT,
            content_sid=content and content.sid,
            content_variables=content and dict(content.variables),
        )
        for part, text in enumerate(parts, start=1)
    )
    transaction.record(
        EventKind.MESSAGE_CREATED, message.conversation_id, message=message.id
    )


async def cancel_unsent(transaction: Transaction, conversation: Conversation) -> None:
    """Nothing of the bot's, and no notice for a time, leaves if it still waits to."""
    of_bot = select(Message.id).where(
        Message.conversation_id == conversation.id,
        (Message.author == Author.BOT) | Message.said_while.is_not(None),
    )
    cancelled = await transaction.session.scalars(
        update(Delivery)
        .where(Delivery.message_id.in_(of_bot), Delivery.state == DeliveryState.PENDING)
        .values(state=DeliveryState.CANCELLED)
        .returning(Delivery.id)
    )
    for delivery_id in cancelled.all():
        transaction.record(
            EventKind.DELIVERY_UPDATED, conversation.id, delivery=delivery_id
        )
