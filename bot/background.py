"""What runs beside the requests, for as long as the server does."""

import asyncio
from collections.abc import AsyncIterator, Coroutine, Iterable
from contextlib import asynccontextmanager

from bot.logs import get_logger

log = get_logger()


@asynccontextmanager
async def in_background(
    work: Iterable[Coroutine[object, object, None]],
) -> AsyncIterator[None]:
    """Run all of it while the context lasts, then end all of it.

    What fails is logged at once, and stops neither the others nor the end.
    """
    tasks = [asyncio.create_task(one) for one in work]
    for task in tasks:
        task.add_done_callback(_tell_of_failure)
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.wait(tasks)


def _tell_of_failure(task: asyncio.Task[None]) -> None:
    if not task.cancelled() and (error := task.exception()):
        log.error("task_failed", exc_info=error)
