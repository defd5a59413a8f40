"""Server-sent events, formatted once: every open page hears of every one of them.

What FastAPI formats is used as it is. Its routes that yield pass each event through two
queues and three tasks, which costs more than anything else where hundreds of pages are
open; a route that returns an `EventStream` has one loop.
"""

import json
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable
from contextlib import aclosing
from typing import Protocol

from fastapi.sse import KEEPALIVE_COMMENT, format_sse_event
from starlette.responses import StreamingResponse
from starlette.types import Send

# Proxies hang up on lines that say nothing for longer.
PING_SECONDS = 15.0


class EventStream(StreamingResponse):
    """Sends what a generator of formatted events yields, and closes it at the end."""

    media_type = "text/event-stream"

    def __init__(self, events: AsyncGenerator[bytes, None]) -> None:
        super().__init__(
            events, headers={"Cache-Control": "no-cache", "X-Accel-Buffering": "no"}
        )
        self._events = events

    async def stream_response(self, send: Send) -> None:
        """Also where the page goes away while something is sent to it."""
        async with aclosing(self._events):
            await super().stream_response(send)


def written(event: str, data: object, *, place: int | None = None) -> bytes:
    """An event as it travels; ``place`` is what a page comes back with."""
    return format_sse_event(
        data_str=json.dumps(data, ensure_ascii=False, separators=(",", ":")),
        event=event,
        id=None if place is None else str(place),
    )


class Wait(Protocol):
    """Waits for a call; whether there was one within ``seconds``."""

    def __call__(self, *, seconds: float) -> Awaitable[bool]:
        """Wait."""
        ...


class Rest:
    """How a stream waits: with a comment now and then, so that the line stays open."""

    def __init__(self, wait: Wait) -> None:
        self._wait = wait
        self._quiet = 0.0

    async def at_most(self, seconds: float) -> AsyncIterator[bytes]:
        """Until there is a call; yields what keeps the line open meanwhile."""
        while seconds > 0:
            step = min(seconds, PING_SECONDS - self._quiet)
            if await self._wait(seconds=step):
                self._quiet = 0.0
                return
            seconds -= step
            self._quiet += step
            if self._quiet >= PING_SECONDS:
                self._quiet = 0.0
                yield KEEPALIVE_COMMENT
