"""What has to leave through a channel, claimed for sending."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache

from sqlalchemy import Select, and_, bindparam, exists, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from bot.clock import SKEW
from bot.conversations.channel_port import Content, Outgoing
from bot.conversations.live.events import Transaction
from bot.conversations.models import (
    OPEN_DELIVERIES,
    Address,
    Conversation,
    Delivery,
    DeliveryState,
    Message,
    Status,
)
from bot.conversations.ports import Author
from bot.database import UtcDateTime

# Whoever claims something has it so long, or longer if the claim is renewed.
LEASE = timedelta(seconds=12)
LONGEST_PAUSE = timedelta(seconds=300)
EARLIER_IDS = 100

# What may still leave: the bot's words until staff hold the conversation; notices that
# are true only for a time, while they are; to who wants no messages, only that.
MAY_LEAVE = and_(
    or_(
        Message.author != Author.BOT,
        Conversation.status.in_((Status.BOT, Status.WAITING)),
    ),
    or_(Message.said_while.is_(None), Message.said_while == Conversation.status),
    or_(Address.stopped_at.is_(None), Message.despite_stop.is_(True)),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryClaim:
    """A delivery that this worker sends, or only looks up if ``unknown``.

    ``attempts`` counts how often it was sent, with this time.
    """

    id: int
    conversation_id: int
    channel: str
    outgoing: Outgoing
    attempts: int
    unknown: bool


async def claim_delivery(transaction: Transaction) -> DeliveryClaim | None:
    """The next delivery that may leave, marked as being sent by one worker only.

    One that was being sent when its worker vanished comes back as ``unknown``.
    """
    session = transaction.session
    delivery_id = await session.scalar(
        due_deliveries(claimed=True), due_at(transaction.now)
    )
    if delivery_id is None:
        return None
    delivery = await locked_delivery(session, delivery_id)
    return await _claim(transaction, delivery)


async def renew_delivery(
    session: AsyncSession, claim: DeliveryClaim, *, until: datetime
) -> None:
    """It is still being sent, or looked up."""
    state = DeliveryState.UNKNOWN if claim.unknown else DeliveryState.SENDING
    values = {"next_attempt_at": until} if claim.unknown else {}
    await session.execute(
        update(Delivery)
        .where(Delivery.id == claim.id, Delivery.state == state)
        .values(lease_until=until, **values)
    )


@cache
def due_deliveries(*, claimed: bool = False) -> Select[int]:
    """The delivery that may leave first, by its id; wants what ``due_at`` gives.

    Asked often and large, so it is made once. ``claimed``: nobody else gets it.
    """
    earlier = aliased(Delivery)
    now, soon, far = (
        bindparam(name, type_=UtcDateTime()) for name in ("now", "soon", "far")
    )
    put_off = Delivery.next_attempt_at
    # Times further ahead than anything is put off are from before the clock was set
    # back; what was never tried was put off by nobody.
    come = or_(
        put_off <= now, put_off > far, and_(put_off > soon, Delivery.attempts == 0)
    )
    due = (
        select(Delivery.id)
        .join(Message, Message.id == Delivery.message_id)
        .join(Conversation, Conversation.id == Delivery.conversation_id)
        .join(Address, Address.id == Conversation.address_id)
        .where(
            or_(
                and_(Delivery.state == DeliveryState.PENDING, come, MAY_LEAVE),
                and_(Delivery.state == DeliveryState.UNKNOWN, come),
                and_(
                    Delivery.state == DeliveryState.SENDING,
                    or_(Delivery.lease_until < now, Delivery.lease_until > far),
                ),
            ),
            ~exists().where(
                earlier.conversation_id == Delivery.conversation_id,
                earlier.id < Delivery.id,
                earlier.state.in_(OPEN_DELIVERIES),
            ),
        )
        .order_by(Delivery.next_attempt_at, Delivery.id)
        .limit(1)
    )
    if claimed:
        due = due.with_for_update(skip_locked=True, key_share=True, of=Delivery)
    return due


def due_at(now: datetime) -> Mapping[str, datetime]:
    """The times that ``due_deliveries`` compares with."""
    return {"now": now, "soon": now + SKEW, "far": now + LONGEST_PAUSE + SKEW}


async def locked_delivery(session: AsyncSession, delivery_id: int) -> Delivery:
    """A delivery as it stands, locked until the transaction ends."""
    return (
        await session.scalars(
            select(Delivery)
            .where(Delivery.id == delivery_id)
            .with_for_update(key_share=True)
            .execution_options(populate_existing=True)
        )
    ).one()


async def _claim(transaction: Transaction, delivery: Delivery) -> DeliveryClaim:
    unknown = delivery.state is not DeliveryState.PENDING
    delivery.state = DeliveryState.UNKNOWN if unknown else DeliveryState.SENDING
    delivery.lease_until = transaction.now + LEASE
    if unknown:
        delivery.next_attempt_at = transaction.now + LEASE
    else:
        delivery.attempts += 1
    address = (
        await transaction.session.scalars(
            select(Address)
            .join(Conversation, Conversation.address_id == Address.id)
            .where(Conversation.id == delivery.conversation_id)
        )
    ).one()
    return DeliveryClaim(
        id=delivery.id,
        conversation_id=delivery.conversation_id,
        channel=address.channel,
        attempts=delivery.attempts,
        unknown=unknown,
        outgoing=Outgoing(
            public_id=delivery.public_id,
            recipient=address.sender,
            text=delivery.text,
            created_at=delivery.created_at,
            earlier_ids=(
                await _sent_before(transaction.session, delivery, address)
                if unknown
                else frozenset()
            ),
            content=_content(delivery),
        ),
    )


def _content(delivery: Delivery) -> Content | None:
    if delivery.content_sid is None:
        return None
    return Content(sid=delivery.content_sid, variables=delivery.content_variables or {})


async def _sent_before(
    session: AsyncSession, delivery: Delivery, address: Address
) -> frozenset[str]:
    rows = await session.scalars(
        select(Delivery.external_id)
        .join(Conversation, Conversation.id == Delivery.conversation_id)
        .where(
            Conversation.address_id == address.id,
            Delivery.id < delivery.id,
            Delivery.external_id.is_not(None),
        )
        .order_by(Delivery.id.desc())
        .limit(EARLIER_IDS)
    )
    return frozenset(row for row in rows if row)
