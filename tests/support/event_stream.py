"""Reads the web chat's event stream over a real connection."""

import asyncio
import json
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import httpx

from tests.support.chat import Visitor

# Only so that a test that would wait for ever fails; nothing is measured with it.
GIVE_UP_SECONDS = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """One event, as a page hears it; ``id`` is empty where it has none."""

    id: str
    kind: str
    data: dict[str, object]


class EventStream:
    """An open stream; ``None`` is heard at its end."""

    def __init__(self, response: httpx.Response) -> None:
        self.response = response
        self._events = _events(response)

    async def hear(self) -> Heard | None:
        """The next event."""
        async with asyncio.timeout(GIVE_UP_SECONDS):
            return await anext(self._events, None)

    async def hear_until(self, kind: str, **data: object) -> list[Heard]:
        """Every event up to the first one of a kind that says ``data``."""
        heard = []
        while event := await self.hear():
            heard.append(event)
            if event.kind == kind and data.items() <= event.data.items():
                return heard
        raise AssertionError(f"the stream ended after {heard}")

    async def close(self) -> None:
        await self._events.aclose()


@asynccontextmanager
async def listening(
    visitor: Visitor, *, after: str | bytes | None = None
) -> AsyncIterator[EventStream]:
    """A visitor's stream, from the event ``after`` on."""
    headers: dict[str, str | bytes] = {**visitor.headers}
    if after is not None:
        headers["Last-Event-ID"] = after
    async with visitor.client.stream(
        "GET", "/api/chat/events", headers=_raw(headers)
    ) as response:
        stream = EventStream(response)
        try:
            yield stream
        finally:
            await stream.close()


def _raw(headers: dict[str, str | bytes]) -> list[tuple[bytes, bytes]]:
    return [
        (name.encode(), value if isinstance(value, bytes) else value.encode())
        for name, value in headers.items()
    ]


async def _events(response: httpx.Response) -> AsyncGenerator[Heard, None]:
    fields: dict[str, str] = {}
    async for line in response.aiter_lines():
        name, _, value = line.partition(": ")
        if line and name:
            fields[name] = value
        elif fields:
            yield Heard(
                id=fields.get("id", ""),
                kind=fields["event"],
                data=json.loads(fields["data"]),
            )
            fields = {}
