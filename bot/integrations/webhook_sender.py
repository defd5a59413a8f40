"""Sends webhooks: to each endpoint one after the other, again after a failure."""

import asyncio
from datetime import timedelta

import httpcore
import httpx

from bot.clock import Clock
from bot.conversations.live.events import EventLog
from bot.errors import OutsideError
from bot.integrations.signing import signed_headers
from bot.integrations.webhook_queue import (
    WebhookClaim,
    WebhookResult,
    claim_webhook,
    forget_old_webhooks,
    queue_webhooks,
    settle_webhook,
    something_to_queue,
    webhook_is_due,
)
from bot.logs import get_logger
from bot.outside import AsyncPinnedTransport, Lookup

POLL_SECONDS = 1.0
SENDERS = 4
LONGEST_SECONDS = 15.0
TIMEOUT = httpx.Timeout(10.0)
GONE = 410
FORGET_EVERY_SECONDS = 3600.0

log = get_logger()


class WebhookSender:
    """Loops that share the database as their queue with those of other processes."""

    def __init__(self, events: EventLog, *, lookup: Lookup, clock: Clock) -> None:
        self._events = events
        self._clock = clock
        self._client = httpx.AsyncClient(
            transport=AsyncPinnedTransport(lookup),
            headers={"User-Agent": "enquiry-assistant", "Accept-Encoding": "identity"},
            timeout=TIMEOUT,
            follow_redirects=False,
            trust_env=False,
        )
        self._due = asyncio.Semaphore(0)

    async def run(self) -> None:
        """Work until cancelled."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self._watch())
            group.create_task(self._tidy_loop())
            for _ in range(SENDERS):
                group.create_task(self._send_loop())

    async def drain(self) -> None:
        """Queue and send everything that is due now, and return when nothing is."""
        while await self.queue_once() or await self.send_once():
            pass

    async def queue_once(self) -> bool:
        """Queue what has happened; False if nothing has."""
        async with self._events.database.read() as session:
            if not await something_to_queue(session):
                return False
        async with self._events.database.write() as session:
            return await queue_webhooks(session, now=self._clock())

    async def send_once(self) -> bool:
        """Send one webhook; False if none is due."""
        if not await self._is_due():
            return False
        async with self._events.database.write() as session:
            claim = await claim_webhook(session, now=self._clock())
        if claim is None:
            return False
        self._wake_one()
        result = await self._post(claim)
        if result.problem:
            log.warning(
                "webhook_failed",
                webhook=claim.webhook_id,
                problem=result.problem,
                status=result.status_code,
            )
        async with self._events.database.write() as session:
            await settle_webhook(session, claim, result, now=self._clock())
        return True

    async def close(self) -> None:
        """Let go of the connections."""
        await self._client.aclose()

    async def _post(self, claim: WebhookClaim) -> WebhookResult:
        headers = signed_headers(
            claim.secret, claim.webhook_id, claim.body, at=self._clock()
        )
        headers["Content-Type"] = "application/json"
        try:
            async with (
                asyncio.timeout(LONGEST_SECONDS),
                self._client.stream(
                    "POST", claim.url, content=claim.body, headers=headers
                ) as response,
            ):
                return _result(response)
        except (TimeoutError, httpcore.TimeoutException, httpx.TimeoutException):
            return WebhookResult(problem="too_slow")
        except OutsideError:
            return WebhookResult(problem="not_reachable")
        except (
            *(httpcore.NetworkError, httpcore.ProtocolError),
            *(httpcore.UnsupportedProtocol, httpx.HTTPError, httpx.InvalidURL),
            OSError,
        ):
            return WebhookResult(problem="connection_broken")

    async def _watch(self) -> None:
        """Queue what happens and wake the senders."""
        with self._events.bus.subscribe() as subscription:
            while True:
                try:
                    while await self.queue_once():
                        pass
                    if await self._is_due():
                        self._wake_one()
                except Exception:
                    log.exception("webhook_queue_failed")
                await subscription.wait(seconds=POLL_SECONDS)

    async def _send_loop(self) -> None:
        while True:
            await self._due.acquire()
            try:
                while await self.send_once():
                    pass
            except Exception:
                log.exception("webhook_step_failed")

    async def _tidy_loop(self) -> None:
        while True:
            try:
                async with self._events.database.write() as session:
                    await forget_old_webhooks(session, now=self._clock())
            except Exception:
                log.exception("webhook_tidying_failed")
            await asyncio.sleep(FORGET_EVERY_SECONDS)

    async def _is_due(self) -> bool:
        async with self._events.database.read() as session:
            return await webhook_is_due(session, self._clock())

    def _wake_one(self) -> None:
        """Wake one sender; as soon as it has claimed something, it wakes the next."""
        if self._due.locked():
            self._due.release()


def _result(response: httpx.Response) -> WebhookResult:
    status = response.status_code
    if response.is_success:
        return WebhookResult(status_code=status)
    return WebhookResult(
        status_code=status,
        problem="redirected" if response.is_redirect else "refused",
        retry_after=_retry_after(response.headers.get("Retry-After", "")),
        for_good=status == GONE,
    )


def _retry_after(text: str) -> timedelta | None:
    digits = text.isascii() and text.isdigit() and len(text) <= len("86400")
    return timedelta(seconds=int(text)) if digits else None
