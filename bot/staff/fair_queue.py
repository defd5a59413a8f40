"""A few places at a time; who waits gets in by turns of where they come from."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

Lines = dict[str, deque["asyncio.Future[None]"]]


class FairQueue:
    """However many come from one place, others wait for one of them at most.

    Who is known goes before everybody else, by turns as well.
    """

    def __init__(self, places: int) -> None:
        self._free = places
        self._known: Lines = {}
        self._others: Lines = {}

    @asynccontextmanager
    async def turn(self, whence: str, *, known: bool = False) -> AsyncIterator[None]:
        """Wait for a place, and keep it while the context lasts."""
        await self._come(whence, self._known if known else self._others)
        try:
            yield
        finally:
            self._go()

    async def _come(self, whence: str, lines: Lines) -> None:
        if self._free:
            self._free -= 1
            return
        called = asyncio.get_running_loop().create_future()
        lines.setdefault(whence, deque()).append(called)
        try:
            await called
        except asyncio.CancelledError:
            if not called.cancelled():
                self._go()  # called and gone at the same moment
            raise

    def _go(self) -> None:
        """Give the place to who is next; those who have left are passed over."""
        while lines := self._known or self._others:
            whence = next(iter(lines))
            line = lines.pop(whence)
            called = line.popleft()
            if line:
                lines[whence] = line  # behind everybody else
            if not called.done():
                called.set_result(None)
                return
        self._free += 1
