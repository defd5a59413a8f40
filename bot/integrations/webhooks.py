"""Keeping endpoints: add, remove, look into the log, send again."""

import asyncio
from collections.abc import Collection
from datetime import datetime
from urllib.parse import urlsplit

from sqlalchemy import ColumnElement, delete, exists, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.clock import Clock
from bot.conversations.live.events import EventLog
from bot.conversations.models import Event
from bot.errors import WebhookError
from bot.integrations.cursors import EventCursor, start_cursor, stop_cursor
from bot.integrations.signing import new_secret
from bot.integrations.webhook_models import (
    LONGEST_URL,
    WebhookDelivery,
    WebhookEndpoint,
    WebhookKind,
    WebhookState,
)
from bot.integrations.webhook_queue import TOLD_OF, webhooks_of
from bot.integrations.webhook_views import (
    DeliveryView,
    EndpointView,
    delivery_views,
    endpoint_views,
)
from bot.outside import Lookup
from bot.staff.audit import write_down

PORTS = {"http": 80, "https": 443}


class Webhooks:
    """The endpoints, for the console and the terminal; every change is logged."""

    def __init__(self, events: EventLog, *, lookup: Lookup, clock: Clock) -> None:
        self._events = events
        self._lookup = lookup
        self._clock = clock

    async def add(
        self,
        url: str,
        kinds: Collection[WebhookKind] = tuple(WebhookKind),
        *,
        member_id: int | None = None,
    ) -> tuple[str, str]:
        """A new endpoint's id and its secret, which is not shown again.

        Raises:
            WebhookError: the address cannot be one of an endpoint.
            OutsideError: it leads to nowhere, or inside.
        """
        host, port = self._host(url.strip())
        if not kinds:
            raise WebhookError("choose at least one event")
        await asyncio.to_thread(self._lookup.addresses, host, port)
        now = self._clock()
        endpoint = WebhookEndpoint(
            url=url.strip(),
            secret=new_secret(),
            kinds=[kind.value for kind in WebhookKind if kind in kinds],
            created_at=now,
            next_attempt_at=now,
        )
        async with self._events.database.write() as session:
            session.add(endpoint)
            await session.flush()
            await start_cursor(session, endpoint.cursor)
            self._log(session, "webhook_added", endpoint, member_id)
        return endpoint.public_id, endpoint.secret

    async def remove(self, endpoint_id: str, *, member_id: int | None = None) -> None:
        """Nothing is sent there any more; its log goes with it."""
        async with self._events.database.write() as session:
            endpoint = await _endpoint(session, endpoint_id)
            await stop_cursor(session, endpoint.cursor)
            await session.execute(
                delete(WebhookEndpoint).where(WebhookEndpoint.id == endpoint.id)
            )
            self._log(session, "webhook_removed", endpoint, member_id)

    async def endpoints(self) -> list[EndpointView]:
        """All of them, oldest first."""
        async with self._events.database.read() as session:
            return await endpoint_views(session)

    async def log(
        self, endpoint_id: str | None = None, *, limit: int = 100
    ) -> list[DeliveryView]:
        """What was sent, newest event first."""
        async with self._events.database.read() as session:
            return await delivery_views(session, endpoint_id, limit=limit)

    async def replay(self, webhook_id: str, *, member_id: int | None = None) -> None:
        """Send one again, under the id it had."""
        async with self._events.database.write() as session:
            row = await session.scalar(
                select(WebhookDelivery).where(
                    WebhookDelivery.public_id == webhook_id.removeprefix("msg_")
                )
            )
            if row is None:
                raise WebhookError(f"there is no webhook {webhook_id} in the log")
            await self._again(session, row.endpoint_id, WebhookDelivery.id == row.id)
            endpoint = await session.get_one(WebhookEndpoint, row.endpoint_id)
            self._log(session, "webhook_replayed", endpoint, member_id)
        self._events.bus.wake()

    async def replay_from(
        self, endpoint_id: str, event_id: int, *, member_id: int | None = None
    ) -> int:
        """Send everything from an event on again, in order; how many webhooks.

        What the endpoint was never sent, because it was added later, is sent too.
        """
        now = self._clock()
        async with self._events.database.write() as session:
            endpoint = await _endpoint(session, endpoint_id)
            again = await self._again(
                session, endpoint.id, WebhookDelivery.event_id >= event_id
            )
            added = await _add_missing(session, endpoint, event_id, now=now)
            self._log(session, "webhook_replayed", endpoint, member_id)
        self._events.bus.wake()
        return again + added

    def _host(self, url: str) -> tuple[str, int]:
        try:
            parts = urlsplit(url)
            host, port = parts.hostname, parts.port or PORTS.get(parts.scheme)
        except ValueError as error:
            raise WebhookError(f"this is no web address: {error}") from error
        plain = parts.scheme == "http" and self._lookup.loopback_allowed
        if not host or not port or not (parts.scheme == "https" or plain):
            raise WebhookError("an endpoint's address begins with https://")
        if parts.username or parts.password or parts.fragment:
            raise WebhookError("an endpoint's address has no password and no #")
        if len(url) > LONGEST_URL or not url.isascii() or not url.isprintable():
            raise WebhookError(
                f"an endpoint's address has at most {LONGEST_URL} ASCII characters"
            )
        return host, port

    async def _again(
        self, session: AsyncSession, endpoint_id: int, which: ColumnElement[bool]
    ) -> int:
        """What the log holds of it is pending again, and is tried at once."""
        again = await session.scalars(
            update(WebhookDelivery)
            .where(WebhookDelivery.endpoint_id == endpoint_id, which)
            .values(state=WebhookState.PENDING, attempts=0)
            .returning(WebhookDelivery.id)
        )
        await session.execute(
            update(WebhookEndpoint)
            .where(WebhookEndpoint.id == endpoint_id)
            .values(next_attempt_at=self._clock())
        )
        return len(again.all())

    def _log(
        self,
        session: AsyncSession,
        action: str,
        endpoint: WebhookEndpoint,
        member_id: int | None,
    ) -> None:
        host = urlsplit(endpoint.url).hostname
        write_down(session, action, now=self._clock(), member_id=member_id, detail=host)


async def _endpoint(session: AsyncSession, endpoint_id: str) -> WebhookEndpoint:
    found = await session.scalar(
        select(WebhookEndpoint)
        .where(WebhookEndpoint.public_id == endpoint_id)
        .with_for_update(key_share=True)
    )
    if found is None:
        raise WebhookError(f"there is no endpoint {endpoint_id}")
    return found


async def _add_missing(
    session: AsyncSession, endpoint: WebhookEndpoint, event_id: int, *, now: datetime
) -> int:
    """Queue what happened between an event and the cursor and is not in the log."""
    cursor = await session.get_one(EventCursor, endpoint.cursor, with_for_update=True)
    in_log = exists().where(
        WebhookDelivery.endpoint_id == endpoint.id,
        WebhookDelivery.event_id == Event.id,
    )
    events = await session.scalars(
        select(Event)
        .where(
            Event.id.between(event_id, cursor.event_id),
            Event.kind.in_(TOLD_OF),
            ~in_log,
        )
        .order_by(Event.id)
    )
    missing = webhooks_of(endpoint, events.all(), now=now)
    session.add_all(missing)
    await session.flush()
    return len(missing)
