"""What is not kept for ever: raw webhooks, who took tokens, silent contacts."""

import asyncio
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import delete, update

from bot.conversations.contacts.erasing import Erasing
from bot.conversations.models import Message, ModelSpend
from bot.conversations.service import Conversations
from bot.conversations.states import PURPOSES
from bot.logs import get_logger

EVERY_SECONDS = 3600.0
# When the database is written anew, where the organisation is: few are awake.
NIGHT = time(4)
# This month and the last one: whose tokens they were is of no use after that.
TAKERS_KEPT = timedelta(days=62)

log = get_logger()


class Retention:
    """Erases once an hour what has been kept for long enough.

    ``contact_days`` is how long a contact may be silent; 0 keeps them.
    """

    def __init__(
        self, conversations: Conversations, *, raw_days: int, contact_days: int = 0
    ) -> None:
        self._conversations = conversations
        self._raw = timedelta(days=raw_days)
        self._contacts = timedelta(days=contact_days)
        self._erasing = Erasing(conversations)
        self._zone = ZoneInfo(conversations.organisation.time_zone)
        self._next_night = self._night_after(conversations.clock())

    async def run(self) -> None:
        """Work until cancelled."""
        while True:
            try:
                await self.enforce()
            except Exception:
                log.exception("erasing_failed")
            await asyncio.sleep(EVERY_SECONDS)

    async def enforce(self) -> None:
        """Erase everything that is due at this moment.

        After contacts, and once a night, the database is written anew.
        """
        await self._erase_raw()
        await self._erase_takers()
        count = await self._erase_silent() if self._contacts else 0
        if count:
            log.info("contacts_erased", count=count)
        database = self._conversations.events.database
        if count or self._night_has_come():
            if not await database.rewrite():
                log.warning("database_not_rewritten")
        elif not await database.forget():
            log.warning("log_not_truncated")

    def _night_has_come(self) -> bool:
        now = self._conversations.clock()
        if now < self._next_night:
            return False
        self._next_night = self._night_after(now)
        return True

    def _night_after(self, now: datetime) -> datetime:
        here = now.astimezone(self._zone)
        return datetime.combine(
            here.date() + timedelta(days=here.time() >= NIGHT), NIGHT, self._zone
        )

    async def _erase_raw(self) -> None:
        async with self._conversations.transaction() as transaction:
            await transaction.session.execute(
                update(Message)
                .where(
                    Message.raw.is_not(None),
                    Message.created_at < transaction.now - self._raw,
                )
                .values(raw=None)
            )

    async def _erase_takers(self) -> None:
        """What a day's tokens were for is kept; for whom they were is not."""
        async with self._conversations.transaction() as transaction:
            oldest = (transaction.now - TAKERS_KEPT).date()
            await transaction.session.execute(
                delete(ModelSpend).where(
                    ModelSpend.kind.not_in(PURPOSES), ModelSpend.day < oldest
                )
            )

    async def _erase_silent(self) -> int:
        count = 0
        while found := await self._erasing.erase_silent(self._contacts):
            count += found
        return count
