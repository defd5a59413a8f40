"""The call-back: somebody wants to be called, on which number and when."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from bot.conversations.models.columns import public_id, words
from bot.conversations.states import CallState
from bot.database import Base, UtcDateTime
from bot.errors import ConversationError


class CallBack(Base):
    """A contact asked to be called; there is at most one open one a conversation.

    ``preferred`` is what they wrote of the time, ``due_at`` what was understood of it,
    in ``time_zone``: nothing where they named a time at which nobody is there.
    ``remind_at`` is when staff are reminded next.
    """

    __tablename__ = "call_backs"
    __table_args__ = (
        Index(
            "uq_call_backs_open_conversation",
            "conversation_id",
            unique=True,
            sqlite_where=text("state = 'open'"),
            postgresql_where=text("state = 'open'"),
        ),
        Index("ix_call_backs_remind_at", "remind_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(32), unique=True, default=public_id)
    conversation_id: Mapped[int] = mapped_column(
        ForeignKey("conversations.id"), index=True
    )
    number: Mapped[str | None] = mapped_column(String(20))
    preferred: Mapped[str | None] = mapped_column(String(200))
    due_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    time_zone: Mapped[str | None] = mapped_column(String(64))
    state: Mapped[CallState] = mapped_column(words(CallState), default=CallState.OPEN)
    attempts: Mapped[int] = mapped_column(default=0)
    last_attempt_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    remind_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    staff_member_id: Mapped[int | None] = mapped_column(ForeignKey("staff_members.id"))

    def correct(
        self,
        *,
        number: str | None,
        due_at: datetime | None,
        if_any_time: datetime,
    ) -> None:
        """Staff know better; without a time it is remembered ``if_any_time``."""
        self._require_open()
        self.number = number
        if due_at != self.due_at:
            self.due_at = due_at
            self.remind_at = due_at or if_any_time

    def tried(self, *, again_at: datetime, now: datetime) -> None:
        """Nobody answered; another attempt is due later."""
        self._require_open()
        self.attempts += 1
        self.last_attempt_at = now
        self.due_at = self.remind_at = again_at

    def cancel(self, *, now: datetime) -> None:
        """The contact does not want it any more."""
        self._require_open()
        self.state = CallState.CANCELLED
        self.closed_at = now
        self.remind_at = None

    def close(self, state: CallState, *, now: datetime, member_id: int) -> None:
        """They were reached, or nobody tries any more."""
        self._require_open()
        if state is CallState.DONE:
            self.attempts += 1
            self.last_attempt_at = now
        self.state = state
        self.closed_at = now
        self.remind_at = None
        self.staff_member_id = member_id

    def _require_open(self) -> None:
        if self.state is not CallState.OPEN:
            raise ConversationError("this call-back is closed already")
