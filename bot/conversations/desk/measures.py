"""How much is owed and for how long, and what became of it: figures for watching."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from bot.conversations.models import (
    OPEN_DELIVERIES,
    Conversation,
    Delivery,
    DeliveryState,
    Message,
    ModelSpend,
    Status,
)
from bot.conversations.ports import Author, Outcome, Tokens
from bot.conversations.states import PURPOSES, SpentOn
from bot.database import Database

AT_ONCE = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """How many there are, and for how many seconds the first of them has been due."""

    count: int
    seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Measures:
    """What is owed now; deliveries and tokens of models are counted since ever."""

    replies: Waiting
    handoffs: Waiting
    sends: Waiting
    deliveries: Mapping[DeliveryState, int]
    tokens: Mapping[SpentOn, Tokens]


@dataclass(frozen=True, slots=True, kw_only=True)
class Replied:
    """A reply of the bot's; ``seconds`` are from the message that it answers."""

    message_id: int
    outcome: Outcome | None
    seconds: float


async def measures(database: Database, *, now: datetime) -> Measures:
    """What is owed, of one moment."""
    due, handed_off = Conversation.reply_due_at, Conversation.handed_off_at
    async with database.read() as session:
        states = await session.execute(
            select(Delivery.state, func.count()).group_by(Delivery.state)
        )
        tokens = await session.execute(
            select(
                ModelSpend.kind,
                func.sum(ModelSpend.tokens_read),
                func.sum(ModelSpend.tokens_written),
            )
            .where(ModelSpend.kind.in_(PURPOSES))
            .group_by(ModelSpend.kind)
        )
        return Measures(
            replies=await _waiting(
                session,
                select(func.count(), func.min(due)).where(
                    Conversation.status == Status.BOT, due.is_not(None)
                ),
                now,
            ),
            handoffs=await _waiting(
                session,
                select(func.count(), func.min(handed_off)).where(
                    Conversation.status == Status.WAITING
                ),
                now,
            ),
            sends=await _waiting(
                session,
                select(func.count(), func.min(Delivery.created_at)).where(
                    Delivery.state.in_(OPEN_DELIVERIES)
                ),
                now,
            ),
            deliveries={row[0]: row[1] for row in states},
            tokens={row[0]: Tokens(read=row[1], written=row[2]) for row in tokens},
        )


async def newest_message(database: Database) -> int:
    """The id from which on replies are counted."""
    async with database.read() as session:
        return await session.scalar(select(func.max(Message.id))) or 0


async def replies_after(database: Database, message_id: int) -> Sequence[Replied]:
    """The bot's replies after a message, the oldest first, some at once."""
    asked = aliased(Message)
    query = (
        select(Message.id, Message.outcome, Message.created_at, asked.created_at)
        .join(asked, asked.id == Message.in_reply_to)
        .where(Message.id > message_id, Message.author == Author.BOT)
        .order_by(Message.id)
        .limit(AT_ONCE)
    )
    async with database.read() as session:
        rows = (await session.execute(query)).all()
    return [
        Replied(
            message_id=number,
            outcome=outcome,
            seconds=max(0.0, (replied - written).total_seconds()),
        )
        for number, outcome, replied, written in rows
    ]


async def _waiting(
    session: AsyncSession, query: Select[int, Any], now: datetime
) -> Waiting:
    count, since = (await session.execute(query)).one()
    late = (now - since).total_seconds() if since else 0.0
    return Waiting(count=count, seconds=max(0.0, late))
