"""Sends what has to leave: claimed by one sender, looked up where it is unknown."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial

from bot.conversations.channel_port import Channel
from bot.conversations.outbox.deliveries import (
    LEASE,
    LONGEST_PAUSE,
    DeliveryClaim,
    claim_delivery,
    renew_delivery,
)
from bot.conversations.outbox.delivery_results import growing
from bot.conversations.service import Conversations
from bot.conversations.working.leases import renewed
from bot.errors import ChannelError, OutcomeUnknownError
from bot.logs import get_logger

FIRST_PAUSE = timedelta(seconds=4)

log = get_logger()


class Sender:
    """Claims deliveries and carries them to their channels."""

    def __init__(self, conversations: Conversations) -> None:
        self._conversations = conversations
        self._results = conversations.delivery_results

    async def send_once(self, *, claimed: Callable[[], None]) -> bool:
        """Send or look up one delivery; False if none is due.

        ``claimed`` hears of it before the sending begins.
        """
        async with self._conversations.transaction() as transaction:
            claim = await claim_delivery(transaction)
        if claim is None:
            return False
        claimed()
        await self._send(claim)
        return True

    async def _send(self, claim: DeliveryClaim) -> None:
        try:
            async with renewed(partial(self._renew, claim)):
                external_id = await self._carry(claim)
        except ChannelError as error:
            await self._went_wrong(claim, error)
            return
        async with self._conversations.transaction() as transaction:
            if external_id is None:
                await self._results.not_found(transaction, claim)
            else:
                await self._results.sent(transaction, claim, external_id=external_id)

    async def _renew(self, claim: DeliveryClaim) -> None:
        until = self._conversations.clock() + LEASE
        async with self._conversations.events.database.write() as session:
            await renew_delivery(session, claim, until=until)

    async def _carry(self, claim: DeliveryClaim) -> str | None:
        """The channel's id of it; None if it was looked up, and had not left."""
        channel = self._channel(claim)
        if claim.unknown:
            return await channel.find(claim.outgoing)
        return await channel.send(claim.outgoing)

    def _channel(self, claim: DeliveryClaim) -> Channel:
        found = self._conversations.channels.get(claim.channel)
        if found is None:
            words = f"the channel {claim.channel} is not configured any more"
            raise ChannelError(words, code="channel_missing")
        return found

    async def _went_wrong(self, claim: DeliveryClaim, error: ChannelError) -> None:
        unknown = claim.unknown or isinstance(error, OutcomeUnknownError)
        log.warning(
            "delivery_outcome_unknown" if unknown else "delivery_failed",
            delivery=claim.id,
            code=error.code,
            attempts=claim.attempts,
        )
        async with self._conversations.transaction() as transaction:
            if unknown:
                await self._results.unknown(transaction, claim)
            elif error.permanent:
                await self._results.failed(transaction, claim, code=error.code)
            else:
                await self._results.postponed(
                    transaction, claim, pause=_pause(claim, error), code=error.code
                )


def _pause(claim: DeliveryClaim, error: ChannelError) -> timedelta:
    """As long as the channel asks for, and longer every time."""
    wanted = min(error.retry_after or 0.0, LONGEST_PAUSE.total_seconds())
    return max(timedelta(seconds=wanted), growing(FIRST_PAUSE, claim.attempts))
