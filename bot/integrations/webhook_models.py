"""An endpoint that is told of events, and what it has been sent: ids, no text."""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum

from sqlalchemy import JSON, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from bot.conversations.models.columns import public_id, words
from bot.database import Base, UtcDateTime

LONGEST_URL = 500


class WebhookKind(StrEnum):
    """What an endpoint can be told of."""

    MESSAGE_CREATED = "message_created"
    CONVERSATION_STATUS_CHANGED = "conversation_status_changed"
    HANDOFF_REQUESTED = "handoff_requested"


class WebhookState(StrEnum):
    """How far a webhook has come."""

    PENDING = "pending"
    DELIVERED = "delivered"
    FAILED = "failed"


class WebhookEndpoint(Base):
    """Where webhooks are sent; one at a time, while ``lease_until`` lasts.

    After a failure the whole endpoint waits until ``next_attempt_at``: what comes
    later must not overtake. The secret is kept as it is, since it has to sign.
    """

    __tablename__ = "webhook_endpoints"

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(32), unique=True, default=public_id)
    url: Mapped[str] = mapped_column(String(LONGEST_URL))
    secret: Mapped[str] = mapped_column(String(100))
    kinds: Mapped[Sequence[str]] = mapped_column(JSON)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    next_attempt_at: Mapped[datetime] = mapped_column(UtcDateTime)
    lease_until: Mapped[datetime | None] = mapped_column(UtcDateTime)

    @property
    def cursor(self) -> str:
        """The name under which the event log is read for it."""
        return f"webhook {self.public_id}"


class WebhookDelivery(Base):
    """One event for one endpoint: what came of it, never what was in it.

    The body is made anew from the event for every attempt, so that what has been
    erased is not kept here; ``size`` is that of the last one in bytes.
    """

    __tablename__ = "webhook_deliveries"
    __table_args__ = (
        UniqueConstraint("endpoint_id", "event_id", "kind"),
        Index("ix_webhook_deliveries_next", "endpoint_id", "state", "event_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(32), unique=True, default=public_id)
    endpoint_id: Mapped[int] = mapped_column(
        ForeignKey("webhook_endpoints.id", ondelete="CASCADE")
    )
    event_id: Mapped[int] = mapped_column(
        ForeignKey("events.id", ondelete="CASCADE"), index=True
    )
    kind: Mapped[WebhookKind] = mapped_column(words(WebhookKind, length=40))
    state: Mapped[WebhookState] = mapped_column(
        words(WebhookState), default=WebhookState.PENDING
    )
    attempts: Mapped[int] = mapped_column(default=0)
    last_attempt_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    status_code: Mapped[int | None] = mapped_column()
    problem: Mapped[str | None] = mapped_column(String(40))
    size: Mapped[int | None] = mapped_column()
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)

    @property
    def webhook_id(self) -> str:
        """What the receiver can tell repetitions by."""
        return f"msg_{self.public_id}"
