"""The delivery: one part of a message on its way out; its rules are methods."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlalchemy import (
    JSON,
    ForeignKey,
    Index,
    String,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from bot.conversations.models.columns import public_id, words
from bot.conversations.states import (
    ARRIVED,
    OPEN_DELIVERIES,
    DeliveryKind,
    DeliveryState,
)
from bot.database import Base, UtcDateTime


class Delivery(Base):
    """One part of a message, on its way out through a channel.

    A template leaves as its ``content_sid`` with variables; ``text`` is what they make.
    """

    __tablename__ = "deliveries"
    __table_args__ = (
        UniqueConstraint("message_id", "part"),
        Index("ix_deliveries_state", "state", "next_attempt_at"),
        Index("ix_deliveries_conversation", "conversation_id", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(32), unique=True, default=public_id)
    conversation_id: Mapped[int] = mapped_column(ForeignKey("conversations.id"))
    message_id: Mapped[int] = mapped_column(ForeignKey("messages.id"))
    part: Mapped[int] = mapped_column()
    text: Mapped[str] = mapped_column(Text)
    state: Mapped[DeliveryState] = mapped_column(
        words(DeliveryState), default=DeliveryState.PENDING
    )
    attempts: Mapped[int] = mapped_column(default=0)
    next_attempt_at: Mapped[datetime] = mapped_column(UtcDateTime)
    lease_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    external_id: Mapped[str | None] = mapped_column(String(100), index=True)
    error_code: Mapped[str | None] = mapped_column(String(60))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    kind: Mapped[DeliveryKind] = mapped_column(
        words(DeliveryKind), default=DeliveryKind.TEXT
    )
    content_sid: Mapped[str | None] = mapped_column(String(34))
    content_variables: Mapped[Mapping[str, str] | None] = mapped_column(
        JSON(none_as_null=True)
    )

    def may_be_sent_again(
        self, external_id: str | None, *, now: datetime, within: timedelta
    ) -> bool:
        """Whether the channel took it under this id, and it is not too old."""
        known = self.external_id is not None and self.external_id == external_id
        young = now - self.created_at < within
        return self.state is DeliveryState.SENT and known and young

    def send_again(self, *, at: datetime, code: str | None) -> None:
        """The channel took it and lost it: it is on its way again from then on."""
        self.state = DeliveryState.PENDING
        self.external_id = None
        self.error_code = code
        self.next_attempt_at = at

    def reached(self, state: DeliveryState) -> bool:
        """Take a state that the channel reports, in whatever order reports come.

        Progress never goes back, and a failure cannot undo an arrival that was seen.
        """
        order = (*OPEN_DELIVERIES, *ARRIVED)
        if self.state in {DeliveryState.FAILED, DeliveryState.CANCELLED}:
            moved = state in ARRIVED[1:]
        elif state is DeliveryState.FAILED:
            moved = self.state not in ARRIVED[1:]
        else:
            moved = order.index(state) > order.index(self.state)
        if moved:
            self.state = state
            self.lease_until = None
        return moved
