"""Endpoints and the log of what they were sent, for staff to look at."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.integrations.webhook_models import (
    WebhookDelivery,
    WebhookEndpoint,
    WebhookKind,
    WebhookState,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class EndpointView:
    """An endpoint with how much of it is in which state."""

    id: str
    url: str
    kinds: Sequence[str]
    created_at: datetime
    counts: dict[WebhookState, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryView:
    """A line of the log."""

    id: str
    endpoint_id: str
    event_id: int
    kind: WebhookKind
    state: WebhookState
    attempts: int
    last_attempt_at: datetime | None
    status_code: int | None
    problem: str | None
    size: int | None


async def endpoint_views(session: AsyncSession) -> list[EndpointView]:
    """All endpoints, oldest first."""
    rows = await session.execute(
        select(
            WebhookDelivery.endpoint_id, WebhookDelivery.state, func.count()
        ).group_by(WebhookDelivery.endpoint_id, WebhookDelivery.state)
    )
    counted: dict[int, dict[WebhookState, int]] = {}
    for endpoint_id, state, count in rows:
        counted.setdefault(endpoint_id, {})[state] = count
    return [
        EndpointView(
            id=endpoint.public_id,
            url=endpoint.url,
            kinds=endpoint.kinds,
            created_at=endpoint.created_at,
            counts=counted.get(endpoint.id, {}),
        )
        for endpoint in await session.scalars(
            select(WebhookEndpoint).order_by(WebhookEndpoint.id)
        )
    ]


async def delivery_views(
    session: AsyncSession, endpoint_id: str | None, *, limit: int
) -> list[DeliveryView]:
    """What was sent, newest event first; to one endpoint, or to all."""
    query = (
        select(WebhookDelivery, WebhookEndpoint.public_id)
        .join(WebhookEndpoint, WebhookEndpoint.id == WebhookDelivery.endpoint_id)
        .order_by(WebhookDelivery.event_id.desc(), WebhookDelivery.id.desc())
        .limit(limit)
    )
    if endpoint_id is not None:
        query = query.where(WebhookEndpoint.public_id == endpoint_id)
    return [_view(*row) for row in await session.execute(query)]


def _view(row: WebhookDelivery, endpoint_id: str) -> DeliveryView:
    return DeliveryView(
        id=row.webhook_id,
        endpoint_id=endpoint_id,
        event_id=row.event_id,
        kind=row.kind,
        state=row.state,
        attempts=row.attempts,
        last_attempt_at=row.last_attempt_at,
        status_code=row.status_code,
        problem=row.problem,
        size=row.size,
    )
