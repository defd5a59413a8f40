"""The event: one thing that happened, for whoever wants to hear of it."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from bot.conversations.models.columns import words
from bot.conversations.states import EventKind, Status
from bot.database import Base, UtcDateTime


class Event(Base):
    """One thing that happened: ids, no text; written with what it tells of."""

    __tablename__ = "events"
    __table_args__ = (Index("ix_events_conversation", "conversation_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    conversation_id: Mapped[int] = mapped_column(ForeignKey("conversations.id"))
    kind: Mapped[EventKind] = mapped_column(words(EventKind, length=40))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    message_id: Mapped[int | None] = mapped_column(ForeignKey("messages.id"))
    delivery_id: Mapped[int | None] = mapped_column(ForeignKey("deliveries.id"))
    status: Mapped[Status | None] = mapped_column(words(Status))
    staff_member_id: Mapped[int | None] = mapped_column(ForeignKey("staff_members.id"))
