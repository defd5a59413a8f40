"""How long work stays with who claimed it: renewed while it lasts, taken back at start.

A process that was killed renews nothing, so that others have its work soon; where one
process is alone with its database, it need not even wait for that.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from datetime import timedelta

from sqlalchemy import update

from bot.conversations.models import Conversation, Delivery, DeliveryState
from bot.conversations.service import Conversations
from bot.logs import get_logger

RENEW_SECONDS = 3.0

log = get_logger()


@asynccontextmanager
async def renewed(
    renew: Callable[[], Awaitable[object]], *, every: float = RENEW_SECONDS
) -> AsyncIterator[None]:
    """Renew a claim while the context lasts."""
    over = asyncio.Event()
    beating = asyncio.create_task(_beat(renew, over, every))
    try:
        yield
    finally:
        # A renewal under way is not cut off: it would leave a connection in the middle.
        over.set()
        await asyncio.wait([beating])


async def _beat(
    renew: Callable[[], Awaitable[object]], over: asyncio.Event, every: float
) -> None:
    while not await _happens(over, within=every):
        try:
            await renew()
        except Exception:
            log.exception("lease_not_renewed")


async def _happens(event: asyncio.Event, *, within: float) -> bool:
    with suppress(TimeoutError):
        async with asyncio.timeout(within):
            await event.wait()
    return event.is_set()


async def take_back(conversations: Conversations) -> None:
    """What was claimed before this start is free again: nobody else is at work."""
    now = conversations.clock()
    over = now - timedelta(seconds=1)
    async with conversations.events.database.write() as session:
        await session.execute(
            update(Conversation)
            .where(Conversation.lease_until > over)
            .values(lease_until=over)
        )
        await session.execute(
            update(Delivery)
            .where(Delivery.lease_until > over, Delivery.state == DeliveryState.SENDING)
            .values(lease_until=over)
        )
        await session.execute(
            update(Delivery)
            .where(Delivery.lease_until > over, Delivery.state == DeliveryState.UNKNOWN)
            .values(lease_until=over, next_attempt_at=now)
        )
