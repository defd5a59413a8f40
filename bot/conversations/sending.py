"""Sends what has to leave: claimed by one sender, looked up where it is unknown."""

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager

from bot.conversations.deliveries import DeliveryClaim, claim_delivery
from bot.conversations.delivery_results import (
    delivery_failed,
    delivery_postponed,
    delivery_sent,
    delivery_unknown,
)
from bot.conversations.events import Transaction
from bot.conversations.ports import Channel
from bot.conversations.service import Conversations
from bot.errors import ChannelError, OutcomeUnknownError
from bot.logs import get_logger

FIRST_PAUSE_SECONDS = 2.0

log = get_logger()


class Sender:
    """Claims deliveries and carries them to their channels."""

    def __init__(self, conversations: Conversations) -> None:
        self._conversations = conversations

    async def send_once(self, *, claimed: Callable[[], None]) -> bool:
        """Send or look up one delivery; False if none is due.

        ``claimed`` hears of it before the sending begins.
        """
        async with self._transaction() as transaction:
            claim = await claim_delivery(transaction)
        if claim is None:
            return False
        claimed()
        await self._send(claim)
        return True

    async def _send(self, claim: DeliveryClaim) -> None:
        try:
            channel = self._channel(claim)
            external_id = await channel.find(claim.outgoing) if claim.unknown else None
            if claim.unknown and external_id is None:
                # It is known now that it did not leave: it may, if it still should.
                await self._postpone(claim, pause=0.0, code=None)
                return
            external_id = external_id or await channel.send(claim.outgoing)
        except OutcomeUnknownError as error:
            self._log_failure("delivery_outcome_unknown", claim, error)
            async with self._transaction() as transaction:
                await delivery_unknown(transaction, claim)
        except ChannelError as error:
            await self._sending_failed(claim, error)
        else:
            async with self._transaction() as transaction:
                await delivery_sent(transaction, claim, external_id=external_id)

    def _channel(self, claim: DeliveryClaim) -> Channel:
        found = self._conversations.channels.get(claim.channel)
        if found is None:
            words = f"the channel {claim.channel} is not configured any more"
            raise ChannelError(words, code="channel_missing")
        return found

    async def _sending_failed(self, claim: DeliveryClaim, error: ChannelError) -> None:
        self._log_failure("delivery_failed", claim, error)
        if claim.unknown:
            async with self._transaction() as transaction:
                await delivery_unknown(transaction, claim)
        elif error.permanent:
            async with self._transaction() as transaction:
                await delivery_failed(transaction, claim, code=error.code)
        else:
            pause = error.retry_after or FIRST_PAUSE_SECONDS * 2**claim.attempts
            await self._postpone(claim, pause=pause, code=error.code)

    async def _postpone(
        self, claim: DeliveryClaim, *, pause: float, code: str | None
    ) -> None:
        async with self._transaction() as transaction:
            await delivery_postponed(transaction, claim, pause=pause, code=code)

    @staticmethod
    def _log_failure(event: str, claim: DeliveryClaim, error: ChannelError) -> None:
        log.warning(event, delivery=claim.id, code=error.code, attempts=claim.attempts)

    def _transaction(self) -> AbstractAsyncContextManager[Transaction]:
        now = self._conversations.clock()
        return self._conversations.events.transaction(now)
