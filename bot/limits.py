"""How often somebody may write."""

import math
import time
from collections import deque
from collections.abc import Callable

from limits import parse


class Limit:
    """A number of hits in a moving window, for each key by itself.

    The library reads the notation (``20/minute``); its own store looks through all
    keys at every hit, which is slow with thousands of visitors.
    """

    def __init__(
        self, text: str, *, seconds: Callable[[], float] = time.monotonic
    ) -> None:
        limit = parse(text)
        self._amount, self._window = limit.amount, limit.get_expiry()
        self._seconds = seconds
        self._hits: dict[str, deque[float]] = {}
        self._tidied = seconds()

    def allows(self, key: str) -> bool:
        """Count a hit; False, and nothing counted, if it is one too many."""
        now = self._seconds()
        self._tidy(now)
        hits = self._hits.setdefault(key, deque(maxlen=self._amount))
        if len(hits) == self._amount and hits[0] > now - self._window:
            return False
        hits.append(now)
        return True

    def seconds_left(self, key: str) -> int:
        """When the key may try again, in whole seconds and at least one."""
        hits = self._hits.get(key)
        if not hits or len(hits) < self._amount:
            return 1
        return max(1, math.ceil(hits[0] + self._window - self._seconds()))

    def _tidy(self, now: float) -> None:
        """Once a window, forget the keys that have not been seen in it."""
        if now - self._tidied < self._window:
            return
        self._tidied = now
        oldest = now - self._window
        self._hits = {
            key: hits for key, hits in self._hits.items() if hits[-1] > oldest
        }
