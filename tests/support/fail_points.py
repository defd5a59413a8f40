"""Moments at which a process kills itself, so that they are hit and not hoped for."""

import os
import signal
from collections.abc import Awaitable, Callable
from typing import Any

from sqlalchemy.engine import Connection
from starlette.types import ASGIApp, Message, Receive, Scope, Send

BEFORE_COMMIT, AFTER_COMMIT = "before a commit", "after a commit"
BEFORE_SEND, AFTER_SEND = "before Twilio is asked", "after Twilio has taken it"
BEFORE_ACKNOWLEDGEMENT = "after storing, before the acknowledgement"
FAIL_POINTS = (
    BEFORE_COMMIT,
    AFTER_COMMIT,
    BEFORE_SEND,
    AFTER_SEND,
    BEFORE_ACKNOWLEDGEMENT,
)


class FailPoint:
    """Kills the process when it comes to a named moment for the nth time."""

    def __init__(self, name: str, countdown: int) -> None:
        self._name = name
        self._left = countdown

    def reached(self, name: str) -> None:
        """The process is at this moment."""
        if name != self._name:
            return
        self._left -= 1
        if self._left <= 0:
            os.kill(os.getpid(), signal.SIGKILL)

    def watch_commits(self) -> None:
        """Both sides of every commit of this process are such moments."""
        commit: Callable[..., Any] = Connection._commit_impl

        def watched(connection: Connection) -> None:
            self.reached(BEFORE_COMMIT)
            commit(connection)
            self.reached(AFTER_COMMIT)

        Connection._commit_impl = watched  # type: ignore[method-assign, assignment]

    def around(
        self, send: Callable[..., Awaitable[Any]]
    ) -> Callable[..., Awaitable[Any]]:
        """A transport of which both sides of every sending are such moments."""

        async def watched(transport: Any, request: Any) -> Any:  # noqa: ANN401
            sends = request.url.path.endswith("/Messages.json")
            sends = sends and request.method == "POST"
            if sends:
                self.reached(BEFORE_SEND)
            response = await send(transport, request)
            if sends:
                await response.aread()
                self.reached(AFTER_SEND)
            return response

        return watched

    def watched(self, app: ASGIApp) -> ASGIApp:
        """An application of which every acknowledgement is such a moment."""

        async def outer(scope: Scope, receive: Receive, send: Send) -> None:
            webhook = str(scope.get("path", "")).startswith("/webhooks/")

            async def noticed(message: Message) -> None:
                if webhook and message["type"] == "http.response.start":
                    self.reached(BEFORE_ACKNOWLEDGEMENT)
                await send(message)

            await app(scope, receive, noticed)

        return outer
