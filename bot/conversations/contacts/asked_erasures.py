"""Forgets the contacts who confirmed in their chat that they want to be forgotten."""

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from datetime import timedelta

from sqlalchemy import exists, or_, select

from bot.conversations.contacts.erasing import Erasing
from bot.conversations.models import (
    OPEN_DELIVERIES,
    Address,
    Contact,
    Conversation,
    Delivery,
)
from bot.conversations.service import Conversations
from bot.errors import ConversationError
from bot.logs import get_logger

EVERY_SECONDS = 15.0
# The last word has so long to be read where the page is open, and to leave elsewhere.
READ_WITHIN, LEFT_WITHIN = timedelta(seconds=30), timedelta(minutes=15)
AT_ONCE = 20

log = get_logger()


class AskedErasures:
    """Erases them once the last word to them has left."""

    def __init__(self, conversations: Conversations) -> None:
        self._conversations = conversations
        self._erasing = Erasing(conversations)

    async def run(self) -> None:
        """Work until cancelled."""
        while True:
            try:
                await self.enforce()
            except Exception:
                log.exception("asked_erasures_failed")
            await asyncio.sleep(EVERY_SECONDS)

    async def enforce(self) -> None:
        """Erase everybody whose turn it is."""
        for contact_id in await self._due():
            with suppress(ConversationError):  # met at its next turn
                await self._erasing.erase(contact_id)
                log.info("contact_erased_as_asked")

    async def _due(self) -> Sequence[str]:
        now = self._conversations.clock()
        on_its_way = exists().where(
            Delivery.conversation_id == Conversation.id,
            Conversation.address_id == Address.id,
            Address.contact_id == Contact.id,
            Delivery.state.in_(OPEN_DELIVERIES),
        )
        async with self._conversations.events.database.read() as session:
            found = await session.scalars(
                select(Contact.public_id)
                .where(
                    Contact.erasure_asked_at <= now - READ_WITHIN,
                    Contact.erased_at.is_(None),
                    or_(~on_its_way, Contact.erasure_asked_at <= now - LEFT_WITHIN),
                )
                .order_by(Contact.erasure_asked_at)
                .limit(AT_ONCE)
            )
            return found.all()
