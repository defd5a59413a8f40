"""The few threads in which answering computes, so that the event loop never waits."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import ParamSpec, TypeVar

# As many as replies are made at a time: none waits behind somebody's long message.
THREADS = 3

P = ParamSpec("P")
T = TypeVar("T")


class Executor:
    """Runs blocking work in ``THREADS`` threads."""

    def __init__(self, threads: int = THREADS) -> None:
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="answering")

    async def run(self, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """The result of ``work``, computed in one of the threads."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._pool, lambda: work(*args, **kwargs))

    def close(self) -> None:
        """Wait for what is under way, then let the threads go."""
        self._pool.shutdown()
