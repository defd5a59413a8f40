"""Which conversation's reply falls due next, and the claim of one."""

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, case, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.clock import SKEW, has_come
from bot.conversations.live.events import Transaction
from bot.conversations.models import Address, Conversation, Status
from bot.conversations.outbox.deliveries import LEASE
from bot.conversations.working.taking_turns import Turns

# No channel waits longer than this for a contact to stop writing.
LONGEST_PUT_OFF = timedelta(seconds=5)


async def next_reply_due(
    session: AsyncSession, now: datetime, turns: Turns
) -> datetime | None:
    """When the first of the replies falls due that may be claimed."""
    due: datetime | None = await session.scalar(
        select(func.min(Conversation.reply_due_at)).where(*_unclaimed(now, turns))
    )
    return now if due and due > now + LONGEST_PUT_OFF + SKEW else due


def _unclaimed(now: datetime, turns: Turns) -> tuple[ColumnElement[bool], ...]:
    return (
        Conversation.status.in_((Status.BOT, Status.WAITING)),
        Conversation.lease_until.is_(None)
        | has_come(Conversation.lease_until, now, longest=LEASE),
        ~turns.has_its_share(),
    )


async def claim_row(transaction: Transaction, turns: Turns) -> int | None:
    """Claim one; whoever let a lease run out over it has failed without a word."""
    now = transaction.now
    attempts = Conversation.attempts
    vanished = Conversation.lease_until.is_not(None)
    due = (
        select(Conversation.id)
        .join(Address, Address.id == Conversation.address_id)
        .where(
            *_unclaimed(now, turns),
            has_come(Conversation.reply_due_at, now, longest=LONGEST_PUT_OFF),
        )
        .order_by(turns.order(), Conversation.reply_due_at, Conversation.id)
        .limit(1)
        .with_for_update(of=Conversation, skip_locked=True, key_share=True)
    )
    return await transaction.session.scalar(
        update(Conversation)
        .where(Conversation.id == due.scalar_subquery())
        .values(
            lease_until=now + LEASE,
            epoch=Conversation.epoch + 1,
            attempts=case((vanished, attempts + 1), else_=attempts),
        )
        .returning(Conversation.id)
    )
