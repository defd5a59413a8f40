"""Whether the sessions behind open pages still hold: one look for all of them."""

import asyncio
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import monotonic

from bot.staff.sessions import Sessions

LOOK_EVERY_SECONDS = 1.0


class SessionWatch:
    """Knows of the sessions that it watches over, a second late at most."""

    def __init__(
        self, sessions: Sessions, *, seconds: Callable[[], float] = monotonic
    ) -> None:
        self._sessions = sessions
        self._seconds = seconds
        self._watched: Counter[str] = Counter()
        self._holding: set[str] = set()
        self._looked = seconds()
        self._looking = asyncio.Lock()

    @contextmanager
    def over(self, token: str) -> Iterator[None]:
        """Watch over a session that holds at this moment, while the context lasts."""
        self._watched[token] += 1
        self._holding.add(token)
        try:
            yield
        finally:
            self._watched[token] -= 1
            if not self._watched[token]:
                del self._watched[token]
                self._holding.discard(token)

    async def holds(self, token: str) -> bool:
        """Whether a session that is watched over still holds."""
        async with self._looking:
            now = self._seconds()
            if now - self._looked >= LOOK_EVERY_SECONDS:
                self._looked = now
                await self._look()
        return token in self._holding

    async def _look(self) -> None:
        asked = set(self._watched)
        holding = await self._sessions.holding(asked)
        # Who came while the database was asked had just been let in.
        self._holding = holding | (set(self._watched) - asked)
