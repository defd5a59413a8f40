"""What a copy must not do: send what the original may have sent since."""

from datetime import datetime

from sqlalchemy import delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.conversations.models import (
    OPEN_DELIVERIES,
    Conversation,
    Delivery,
    DeliveryState,
    Event,
    HeldReply,
    Note,
    Reason,
)
from bot.integrations.cursors import EventCursor
from bot.integrations.webhook_models import (
    WebhookDelivery,
    WebhookEndpoint,
    WebhookState,
)
from bot.staff.session_rows import StaffSession

RESTORED = "restored"


async def silence(session: AsyncSession, *, now: datetime) -> None:
    """Leave nothing that is owed to anybody but to staff, who see what it was.

    Replies that were owed become conversations that wait for staff, words that were to
    leave are cancelled, held replies become notes, and nobody is signed in.
    """
    await _hand_over_owed(session, now)
    await session.execute(
        update(Delivery)
        .where(Delivery.state.in_(OPEN_DELIVERIES))
        .values(state=DeliveryState.CANCELLED, error_code=RESTORED, lease_until=None)
    )
    await _keep_held_replies(session, now)
    # Contacts are not told a second time that nobody has reacted.
    await session.execute(
        update(Conversation)
        .where(
            Conversation.remind_at.is_not(None), Conversation.overdue_since.is_(None)
        )
        .values(overdue_since=now)
    )
    await session.execute(update(Conversation).values(offer_bot_at=None))
    await _tell_no_programs(session)
    await session.execute(delete(StaffSession))


async def _hand_over_owed(session: AsyncSession, now: datetime) -> None:
    owed = await session.scalars(
        select(Conversation).where(Conversation.reply_due_at.is_not(None))
    )
    for conversation in owed:
        conversation.hand_off(Reason.RESTORED, now=now)
        conversation.remind_at = conversation.overdue_since = now


async def _keep_held_replies(session: AsyncSession, now: datetime) -> None:
    for held in await session.scalars(select(HeldReply)):
        session.add(
            Note(
                conversation_id=held.conversation_id,
                staff_member_id=held.staff_member_id,
                text=f"Held when the backup was made, maybe sent since: {held.text}",
                created_at=now,
            )
        )
        await session.delete(held)


async def _tell_no_programs(session: AsyncSession) -> None:
    await session.execute(
        update(WebhookDelivery)
        .where(WebhookDelivery.state == WebhookState.PENDING)
        .values(state=WebhookState.FAILED, problem=RESTORED)
    )
    await session.execute(update(WebhookEndpoint).values(lease_until=None))
    newest = await session.scalar(select(func.max(Event.id))) or 0
    await session.execute(update(EventCursor).values(event_id=newest, lease_until=None))
