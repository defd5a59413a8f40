"""Real HTTP servers on loopback, in the test's own event loop."""

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator

import uvicorn
from starlette.types import ASGIApp

from bot.listening import PunctualHttp, configuration


@contextlib.asynccontextmanager
async def served(
    app: ASGIApp, *, port: int = 0, http: type[PunctualHttp] = PunctualHttp
) -> AsyncIterator[str]:
    """The address of ``app``, which listens for as long as the context lasts."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(("127.0.0.1", port))
        address = f"http://127.0.0.1:{listener.getsockname()[1]}"
        config = configuration(app, trusted_proxies="127.0.0.1", grace_seconds=1)
        config.http = http
        server = uvicorn.Server(config)
        task = asyncio.create_task(server.serve(sockets=[listener]))
        try:
            while not server.started:
                if task.done():
                    task.result()
                # Not at once: what starts needs the interpreter, too.
                await asyncio.sleep(0.01)
            yield address
        finally:
            server.should_exit = True
            await task


def free_port() -> int:
    """A port nobody listens on at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
