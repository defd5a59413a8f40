"""Webhooks that are owed: queued from the event log, claimed, settled."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, delete, exists, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.clock import has_come
from bot.conversations.models import Event, EventKind, Status
from bot.integrations.cursors import is_behind, next_events
from bot.integrations.webhook_bodies import body_of
from bot.integrations.webhook_models import (
    WebhookDelivery,
    WebhookEndpoint,
    WebhookKind,
    WebhookState,
)

TOLD_OF = (EventKind.MESSAGE_CREATED, EventKind.CONVERSATION_STATUS_CHANGED)
LEASE = timedelta(seconds=60)
KEPT_FOR = timedelta(days=30)
# From the first attempt to the last it takes about eight hours.
PAUSES = tuple(
    timedelta(seconds=seconds)
    for seconds in (5, 30, 120, 600, 1800, 3600, 3 * 3600, 3 * 3600)
)


@dataclass(frozen=True, slots=True, kw_only=True)
class WebhookClaim:
    """A webhook that this process sends, while the endpoint's lease lasts."""

    endpoint_id: int
    delivery_id: int
    webhook_id: str
    url: str
    secret: str
    body: bytes
    lease_until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class WebhookResult:
    """What came of an attempt; ``for_good`` if no other one can help."""

    status_code: int | None = None
    problem: str | None = None
    retry_after: timedelta | None = None
    for_good: bool = False


async def something_to_queue(session: AsyncSession) -> bool:
    """Whether an endpoint has not been told of everything yet."""
    for endpoint in await session.scalars(select(WebhookEndpoint)):
        if await is_behind(session, TOLD_OF, name=endpoint.cursor):
            return True
    return False


async def queue_webhooks(session: AsyncSession, *, now: datetime) -> bool:
    """Queue what happened for every endpoint; whether there was anything."""
    found = False
    for endpoint in (await session.scalars(select(WebhookEndpoint))).all():
        events = await next_events(session, TOLD_OF, name=endpoint.cursor, now=now)
        session.add_all(webhooks_of(endpoint, events, now=now))
        found = found or bool(events)
    return found


def webhooks_of(
    endpoint: WebhookEndpoint, events: Sequence[Event], *, now: datetime
) -> list[WebhookDelivery]:
    """What an endpoint is to be told of, in order."""
    return [
        WebhookDelivery(
            endpoint_id=endpoint.id, event_id=event.id, kind=kind, created_at=now
        )
        for event in events
        for kind in kinds_of(event)
        if kind in endpoint.kinds
    ]


def kinds_of(event: Event) -> tuple[WebhookKind, ...]:
    """The webhooks that an event gives rise to."""
    if event.kind is EventKind.MESSAGE_CREATED:
        return (WebhookKind.MESSAGE_CREATED,)
    if event.status is Status.WAITING:
        return (
            WebhookKind.CONVERSATION_STATUS_CHANGED,
            WebhookKind.HANDOFF_REQUESTED,
        )
    return (WebhookKind.CONVERSATION_STATUS_CHANGED,)


async def webhook_is_due(session: AsyncSession, now: datetime) -> bool:
    """Whether an endpoint may be sent something; changes nothing."""
    due = select(WebhookEndpoint.id).where(*_due(now)).limit(1)
    return await session.scalar(due) is not None


async def claim_webhook(session: AsyncSession, *, now: datetime) -> WebhookClaim | None:
    """The next webhook that may leave; its endpoint is this process's for a while."""
    lease_until = now + LEASE
    due = (
        select(WebhookEndpoint.id)
        .where(*_due(now))
        .order_by(WebhookEndpoint.next_attempt_at, WebhookEndpoint.id)
        .limit(1)
        .with_for_update(skip_locked=True, key_share=True)
    )
    endpoint = await session.scalar(
        update(WebhookEndpoint)
        .where(WebhookEndpoint.id == due.scalar_subquery())
        .values(lease_until=lease_until)
        .returning(WebhookEndpoint)
    )
    if endpoint is None:
        return None
    delivery = await session.scalar(
        select(WebhookDelivery)
        .where(*_pending(endpoint.id))
        .order_by(WebhookDelivery.event_id, WebhookDelivery.id)
        .limit(1)
    )
    if delivery is None:
        endpoint.lease_until = None
        return None
    body = await body_of(session, delivery)
    delivery.size = len(body)
    return WebhookClaim(
        endpoint_id=endpoint.id,
        delivery_id=delivery.id,
        webhook_id=delivery.webhook_id,
        url=endpoint.url,
        secret=endpoint.secret,
        body=body,
        lease_until=lease_until,
    )


async def settle_webhook(
    session: AsyncSession, claim: WebhookClaim, result: WebhookResult, *, now: datetime
) -> None:
    """Write down what came of a claim, unless its lease has passed to another."""
    endpoint = await session.scalar(
        select(WebhookEndpoint)
        .where(
            WebhookEndpoint.id == claim.endpoint_id,
            WebhookEndpoint.lease_until == claim.lease_until,
        )
        .with_for_update(key_share=True)
    )
    delivery = await session.get(WebhookDelivery, claim.delivery_id)
    if endpoint is None or delivery is None:
        return
    delivery.attempts += 1
    delivery.last_attempt_at = now
    delivery.status_code = result.status_code
    delivery.problem = result.problem
    endpoint.lease_until = None
    endpoint.next_attempt_at = now
    if result.problem is None:
        delivery.state = WebhookState.DELIVERED
    elif result.for_good or delivery.attempts > len(PAUSES):
        delivery.state = WebhookState.FAILED
    else:
        pause = PAUSES[delivery.attempts - 1]
        wished = min(result.retry_after or pause, PAUSES[-1])
        endpoint.next_attempt_at = now + max(pause, wished)


async def forget_old_webhooks(session: AsyncSession, *, now: datetime) -> None:
    """The log holds what is settled for a month."""
    await session.execute(
        delete(WebhookDelivery).where(
            WebhookDelivery.state != WebhookState.PENDING,
            WebhookDelivery.last_attempt_at < now - KEPT_FOR,
        )
    )


def _due(now: datetime) -> tuple[ColumnElement[bool], ...]:
    return (
        has_come(WebhookEndpoint.next_attempt_at, now, longest=PAUSES[-1]),
        WebhookEndpoint.lease_until.is_(None)
        | has_come(WebhookEndpoint.lease_until, now, longest=LEASE),
        exists().where(
            WebhookDelivery.endpoint_id == WebhookEndpoint.id,
            WebhookDelivery.state == WebhookState.PENDING,
        ),
    )


def _pending(endpoint_id: int) -> tuple[ColumnElement[bool], ...]:
    return (
        WebhookDelivery.endpoint_id == endpoint_id,
        WebhookDelivery.state == WebhookState.PENDING,
    )
