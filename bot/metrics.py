"""``/metrics``: what Prometheus asks for, told to whoever has the token."""

import asyncio
from collections.abc import Mapping
from datetime import datetime
from secrets import compare_digest
from typing import Annotated, Protocol

from fastapi import APIRouter, Header, HTTPException, Response
from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    PlatformCollector,
    ProcessCollector,
    generate_latest,
)
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4

from bot.clock import Clock
from bot.conversations.desk.measures import (
    Measures,
    Waiting,
    measures,
    newest_message,
    replies_after,
)
from bot.conversations.ports import Outcome, Tokens
from bot.conversations.states import PURPOSES, DeliveryState
from bot.database import Database

SECONDS = (0.1, 0.25, 0.5, 1, 2, 3, 5, 8, 15, 30, 60, 300)


class Measured(Protocol):
    """The server, as far as it is measured."""

    @property
    def streams(self) -> Mapping[str, int]:
        """How many streams are open, by who listens."""
        ...

    @property
    def index_made_at(self) -> datetime | None:
        """When the index in use was made, if there is one."""
        ...

    async def unready(self) -> dict[str, str]:
        """What is not working, by name."""
        ...


class Metrics:
    """The figures of one server; those of the database are the same from every one."""

    def __init__(self, server: Measured, database: Database, *, clock: Clock) -> None:
        self._server = server
        self._database = database
        self._clock = clock
        self._lock = asyncio.Lock()
        self._counted: int | None = None
        self._registry = CollectorRegistry()
        ProcessCollector(registry=self._registry)
        PlatformCollector(registry=self._registry)
        self._ready = self._gauge("ready", "1: everything works that answers need")
        self._due = self._gauge("due", "What is owed now, by kind", "kind")
        self._late = self._gauge(
            "due_seconds", "For how long the first of them has been due", "kind"
        )
        self._deliveries = self._gauge(
            "deliveries", "Parts of messages on WhatsApp, by how far they came", "state"
        )
        self._streams = self._gauge(
            "streams", "Open event streams of this process", "of"
        )
        self._index = self._gauge(
            "index_created_timestamp_seconds", "When the index in use was made"
        )
        self._tokens = self._gauge(
            "model_tokens",
            "Tokens that models took, since ever",
            "purpose",
            "direction",
        )
        self._replies = Counter(
            "enquiry_replies",
            "The bot's replies since this process started, by outcome",
            ["outcome"],
            registry=self._registry,
        )
        self._seconds = Histogram(
            "enquiry_reply_seconds",
            "From a contact's last message to the bot's reply",
            buckets=SECONDS,
            registry=self._registry,
        )
        for outcome in Outcome:
            self._replies.labels(outcome.value)

    async def start(self) -> None:
        """Count what is replied from now on."""
        if self._counted is None:
            self._counted = await newest_message(self._database)

    async def text(self) -> bytes:
        """All figures, in Prometheus's text format."""
        async with self._lock:
            await self.start()
            await self._count_replies()
            self._show(await measures(self._database, now=self._clock()))
            self._ready.set(not await self._server.unready())
            for of, count in self._server.streams.items():
                self._streams.labels(of).set(count)
            made_at = self._server.index_made_at
            self._index.set(made_at.timestamp() if made_at else 0)
            return generate_latest(self._registry)

    def _gauge(self, name: str, words: str, *labels: str) -> Gauge:
        return Gauge(f"enquiry_{name}", words, labels, registry=self._registry)

    async def _count_replies(self) -> None:
        while found := await replies_after(self._database, self._counted or 0):
            for reply in found:
                outcome = reply.outcome.value if reply.outcome else "none"
                self._replies.labels(outcome).inc()
                self._seconds.observe(reply.seconds)
            self._counted = found[-1].message_id

    def _show(self, found: Measures) -> None:
        for kind, waiting in _waiting(found).items():
            self._due.labels(kind).set(waiting.count)
            self._late.labels(kind).set(waiting.seconds)
        for state in DeliveryState:
            self._deliveries.labels(state.value).set(found.deliveries.get(state, 0))
        for purpose in PURPOSES:
            tokens = found.tokens.get(purpose, Tokens(read=0, written=0))
            self._tokens.labels(purpose.value, "read").set(tokens.read)
            self._tokens.labels(purpose.value, "written").set(tokens.written)


def metrics_page(metrics: Metrics, *, token: str) -> APIRouter:
    """The page, for whoever has the token; without one there is no page."""
    router = APIRouter(include_in_schema=False)
    if not token:
        return router

    @router.get("/metrics")
    async def tell(authorization: Annotated[str, Header()] = "") -> Response:
        scheme, _, given = authorization.partition(" ")
        right = compare_digest(given.strip().encode(), token.encode())
        if scheme.casefold() != "bearer" or not right:
            raise HTTPException(
                401, "METRICS_TOKEN is needed", {"WWW-Authenticate": "Bearer"}
            )
        return Response(await metrics.text(), media_type=CONTENT_TYPE_PLAIN_0_0_4)

    return router


def _waiting(found: Measures) -> Mapping[str, Waiting]:
    return {"reply": found.replies, "handoff": found.handoffs, "send": found.sends}
