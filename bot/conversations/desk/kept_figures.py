"""Figures that were counted just now are not counted again for the next who asks."""

from asyncio import Lock
from datetime import datetime, timedelta

from bot.clock import Clock
from bot.conversations.desk.figures import Figures, Period, figures
from bot.database import Database

KEPT = timedelta(minutes=1)


class KeptFigures:
    """Counts one period at a time, however many ask, and keeps it for a minute."""

    def __init__(self, database: Database, *, clock: Clock) -> None:
        self._database = database
        self._clock = clock
        self._kept: dict[Period, tuple[datetime, Figures]] = {}
        self._counting = Lock()

    async def of(self, period: Period) -> Figures:
        """The figures of a period, at most a minute old."""
        async with self._counting:
            now = self._clock()
            self._kept = {
                one: (at, found)
                for one, (at, found) in self._kept.items()
                if timedelta() <= now - at < KEPT
            }
            if period not in self._kept:
                found = await figures(self._database, period, now=now)
                self._kept[period] = now, found
            return self._kept[period][1]
