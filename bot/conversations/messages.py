"""Messages to contacts: stored with their ways out, cancelled while they wait."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, and_, or_, select, update

from bot.conversations.channel_port import Content
from bot.conversations.live.events import Transaction
from bot.conversations.models import (
    Conversation,
    Delivery,
    DeliveryKind,
    DeliveryState,
    EventKind,
    Message,
    Status,
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
    """No notice for a time leaves if it still waits to.

    Once staff hold it, or nobody does, nothing of the bot's leaves either; before that
    what it answered goes out first.
    """
    untrue: ColumnElement[bool] = Message.said_while.is_not(None)
    if conversation.status in {Status.STAFF, Status.RESOLVED}:
        untrue = or_(untrue, Message.author == Author.BOT)
    await _cancel(
        transaction,
        Message.conversation_id == conversation.id,
        and_(untrue, Message.despite_stop.is_not(True)),
    )


async def cancel_everything(
    transaction: Transaction, conversation: Conversation
) -> None:
    """Nothing that still waits to leaves to the contact's address, whoever said it."""
    await _cancel(transaction, Message.address_id == conversation.address_id)


async def cancel_rest(transaction: Transaction, message: Message) -> None:
    """Where one part of a message is lost, those after it do not leave."""
    await _cancel(transaction, Message.id == message.id)


async def _cancel(transaction: Transaction, *which: ColumnElement[bool]) -> None:
    cancelled = await transaction.session.execute(
        update(Delivery)
        .where(
            Delivery.message_id.in_(select(Message.id).where(*which)),
            Delivery.state == DeliveryState.PENDING,
        )
        .values(state=DeliveryState.CANCELLED)
        .returning(Delivery.id, Delivery.conversation_id)
    )
    for delivery_id, conversation_id in cancelled.all():
        transaction.record(
            EventKind.DELIVERY_UPDATED, conversation_id, delivery=delivery_id
        )
