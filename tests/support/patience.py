"""Waiting for what another task or process does, without guessing how long."""

import asyncio
from collections.abc import Awaitable, Callable

PATIENCE_SECONDS = 60.0


async def until(
    condition: Callable[[], Awaitable[object]], *, seconds: float = PATIENCE_SECONDS
) -> None:
    """Look again and again until ``condition`` holds; fail when it takes longer."""
    async with asyncio.timeout(seconds):
        while not await condition():  # noqa: ASYNC110  it happens in another process
            await asyncio.sleep(0.01)
