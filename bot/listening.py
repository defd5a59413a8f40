"""How the server reads requests: whole within a time, with headers of a sane size."""

import asyncio

import h11
import uvicorn
from starlette.types import ASGIApp
from uvicorn.protocols.http.h11_impl import H11Protocol

from bot.logs import get_logger

# Long addresses and cookies, and some room.
LARGEST_HEADER = 16 * 1024
HEADER_SECONDS = 10.0
BODY_SECONDS = 30.0

log = get_logger()


def configuration(
    app: ASGIApp,
    *,
    trusted_proxies: str,
    grace_seconds: int,
) -> uvicorn.Config:
    """What uvicorn is started with."""
    return uvicorn.Config(
        app,
        log_level="warning",
        access_log=False,
        proxy_headers=True,
        forwarded_allow_ips=trusted_proxies,
        timeout_graceful_shutdown=grace_seconds,
        http=PunctualHttp,
        h11_max_incomplete_event_size=LARGEST_HEADER,
        ws="none",
    )


class PunctualHttp(H11Protocol):
    """HTTP/1.1 that hangs up on who does not come to the end of a request.

    The header, from the first moment of waiting for it, and the body, from its
    beginning, have a time each, however often a byte of them arrives.
    """

    header_seconds = HEADER_SECONDS
    body_seconds = BODY_SECONDS
    _waiting_for: str | None = None
    _until: asyncio.TimerHandle | None = None

    def connection_made(  # type: ignore[override]
        self, transport: asyncio.Transport
    ) -> None:
        """Wait for a first header."""
        super().connection_made(transport)
        self._mind()

    def data_received(self, data: bytes) -> None:
        """Take it, and see what has to come next."""
        super().data_received(data)
        self._mind()

    def on_response_complete(self) -> None:
        """Wait for the rest of the request, or for another one."""
        super().on_response_complete()
        self._mind()

    def connection_lost(self, exc: Exception | None) -> None:
        """Wait for nothing any more."""
        if self._waiting_for == "body" and not self.cycle.response_complete:
            log.info("request_broken_off", path=self.scope["path"])
        super().connection_lost(exc)
        self._stop_waiting()

    def _mind(self) -> None:
        now = {h11.IDLE: "header", h11.SEND_BODY: "body"}.get(self.conn.their_state)
        if now == self._waiting_for:
            return
        self._stop_waiting()
        if now is not None and not self.transport.is_closing():
            self._waiting_for = now
            seconds = self.header_seconds if now == "header" else self.body_seconds
            self._until = self.loop.call_later(seconds, self._too_late)

    def _stop_waiting(self) -> None:
        self._waiting_for = None
        if self._until is not None:
            self._until.cancel()
            self._until = None

    def _too_late(self) -> None:
        # A browser may open a connection in case it needs one: that is no trouble.
        if self._waiting_for == "body" or self.conn.trailing_data[0]:
            log.info("request_too_slow", waiting_for=self._waiting_for)
        self._stop_waiting()
        self.transport.abort()
