"""Asks channels what became of what they took, where no report of it has come."""

from dataclasses import dataclass

from sqlalchemy import select

from bot.conversations.models import Address, Conversation, Delivery, DeliveryState
from bot.conversations.outbox.delivery_results import ASK_AFTER, STOP_ASKING_AFTER
from bot.conversations.service import Conversations
from bot.errors import ChannelError
from bot.logs import get_logger

log = get_logger()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Question:
    """A delivery that a channel took, and has said nothing of since."""

    delivery_id: str
    channel: str
    external_id: str


class Reports:
    """Looks for deliveries whose reports may have been lost."""

    def __init__(self, conversations: Conversations) -> None:
        self._conversations = conversations

    async def step(self) -> bool:
        """Ask for one delivery; False if none is due."""
        question = await self._claim()
        if question is None:
            return False
        channel = self._conversations.channels[question.channel]
        try:
            report = await channel.report_of(question.external_id)
        except ChannelError as error:
            log.warning("report_not_had", code=error.code)
            return True
        if report is not None:
            await self._conversations.delivery_reached(
                question.delivery_id,
                external_id=question.external_id,
                state=report.state,
                error_code=report.error_code,
                passes=report.passes,
            )
        return True

    async def _claim(self) -> _Question | None:
        """The one that is due first; it is asked for again later, and more seldom."""
        channels = tuple(self._conversations.channels)
        async with self._conversations.transaction() as transaction:
            now = transaction.now
            row = (
                await transaction.session.execute(
                    select(Delivery, Address.channel)
                    .join(Conversation, Conversation.id == Delivery.conversation_id)
                    .join(Address, Address.id == Conversation.address_id)
                    .where(
                        Delivery.state == DeliveryState.SENT,
                        Delivery.next_attempt_at <= now,
                        Delivery.created_at > now - STOP_ASKING_AFTER,
                        Delivery.external_id.is_not(None),
                        Address.channel.in_(channels),
                    )
                    .order_by(Delivery.next_attempt_at, Delivery.id)
                    .limit(1)
                    .with_for_update(of=Delivery, key_share=True, skip_locked=True)
                )
            ).one_or_none()
            if row is None:
                return None
            delivery, channel = row
            delivery.next_attempt_at = now + max(ASK_AFTER, now - delivery.created_at)
            return _Question(
                delivery_id=delivery.public_id,
                channel=channel,
                external_id=delivery.external_id or "",
            )
