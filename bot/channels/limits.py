"""How often somebody may write."""

import math
import time

from limits import RateLimitItem, parse
from limits.aio.storage import MemoryStorage
from limits.aio.strategies import MovingWindowRateLimiter


class Limit:
    """A number of hits in a moving window, for each key by itself."""

    def __init__(self, text: str) -> None:
        self._limit: RateLimitItem = parse(text)
        self._hits = MovingWindowRateLimiter(MemoryStorage())

    async def allows(self, key: str) -> bool:
        """Count a hit; False if it is one too many."""
        return await self._hits.hit(self._limit, key)

    async def seconds_left(self, key: str) -> int:
        """When the key may try again."""
        stats = await self._hits.get_window_stats(self._limit, key)
        return max(1, math.ceil(stats.reset_time - time.time()))
