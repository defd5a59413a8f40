"""A conversation, whose rules are methods."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlalchemy import (
    JSON,
    CheckConstraint,
    ForeignKey,
    Index,
    String,
    Text,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from bot.conversations.models.columns import public_id, words
from bot.conversations.models.contact import Address
from bot.conversations.states import Reason, Status
from bot.database import Base, UtcDateTime
from bot.errors import ConversationError
from bot.staff import StaffMember


class Conversation(Base):
    """A thread with one contact on one address, and who owes the next word.

    ``epoch`` rises with every claim and every change of status: what was made under an
    older epoch is never written. ``answered_through`` is the last contact message that
    got its reply. While staff hold it, ``remind_at`` and ``offer_bot_at`` say when
    somebody is to be told that nobody reacts, ``overdue_since`` and ``bot_offered_at``
    when they were, and ``reach_asked_in`` is the message that asks the contact for
    another way to reach them. ``spam_at`` is when staff resolved it as spam;
    ``meant_for_id`` is who should take it while it waits, by the office's rules.
    ``said_so_far`` is how the reply begins that the bot is
    making, where the contact reads along. ``handoff_summary`` is what a model wrote for
    staff of the handoff at ``summarised_for``, which was tried then.
    """

    __tablename__ = "conversations"
    __table_args__ = (
        Index(
            "uq_conversations_open_address",
            "address_id",
            unique=True,
            sqlite_where=text("status <> 'resolved'"),
            postgresql_where=text("status <> 'resolved'"),
        ),
        Index("ix_conversations_reply_due", "status", "reply_due_at"),
        Index("ix_conversations_status_last", "status", "last_message_at", "id"),
        Index("ix_conversations_last_message_at", "last_message_at", "id"),
        Index("ix_conversations_remind_at", "remind_at"),
        Index("ix_conversations_offer_bot_at", "offer_bot_at"),
        CheckConstraint(
            "status <> 'waiting' OR handoff_reason IS NOT NULL",
            name="waiting_has_reason",
        ),
        CheckConstraint(
            "status <> 'staff' OR assignee_id IS NOT NULL", name="staff_has_assignee"
        ),
        CheckConstraint(
            "status IN ('bot', 'waiting') OR reply_due_at IS NULL",
            name="only_the_bot_owes_a_reply",
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(32), unique=True, default=public_id)
    address_id: Mapped[int] = mapped_column(ForeignKey("addresses.id"), index=True)
    status: Mapped[Status] = mapped_column(words(Status), default=Status.BOT)
    snoozed_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    epoch: Mapped[int] = mapped_column(default=0)
    language: Mapped[str | None] = mapped_column(String(12))
    reply_due_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    answered_through: Mapped[int] = mapped_column(default=0)
    lease_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    attempts: Mapped[int] = mapped_column(default=0)
    limited_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    handoff_reason: Mapped[str | None] = mapped_column(String(60))
    handed_off_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    assignee_id: Mapped[int | None] = mapped_column(ForeignKey("staff_members.id"))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    last_message_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    resolved_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    remind_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    overdue_since: Mapped[datetime | None] = mapped_column(UtcDateTime)
    offer_bot_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    bot_offered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    reach_asked_in: Mapped[int | None] = mapped_column()
    said_so_far: Mapped[str | None] = mapped_column(Text)
    summarised_for: Mapped[datetime | None] = mapped_column(UtcDateTime)
    handoff_summary: Mapped[Mapping[str, object] | None] = mapped_column(
        JSON(none_as_null=True)
    )
    spam_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    meant_for_id: Mapped[int | None] = mapped_column(
        ForeignKey("staff_members.id"), index=True
    )

    address: Mapped[Address] = relationship(lazy="raise")
    assignee: Mapped[StaffMember | None] = relationship(
        lazy="raise", foreign_keys=[assignee_id]
    )

    @property
    def bot_is_replying(self) -> bool:
        """Whether a reply will come; to who waits, only where there is evidence."""
        return self.status is Status.BOT and self.reply_due_at is not None

    def owe_reply(
        self, *, now: datetime, first_at: datetime, debounce: float, limit: float
    ) -> None:
        """Put the reply off while the contact keeps writing, but not for ever."""
        self.reply_due_at = min(
            now + timedelta(seconds=debounce), first_at + timedelta(seconds=limit)
        )

    def hand_off(self, reason: str, *, now: datetime) -> None:
        """From the bot to staff: somebody has to take it."""
        if self.status is not Status.BOT:
            raise ConversationError(f"the bot does not hold it; status: {self.status}")
        self._change(Status.WAITING)
        self.handoff_reason = reason
        self.handed_off_at = now

    def take(self, member: StaffMember, *, now: datetime) -> None:
        """A staff member answers from now on, asked or unasked."""
        if self.status is Status.STAFF and self.assignee_id != member.id:
            raise ConversationError("another staff member has taken it")
        self.assign(member, now=now)

    def assign(self, member: StaffMember, *, now: datetime) -> None:
        """This staff member answers from now on, whoever did before."""
        if self.status is Status.RESOLVED:
            raise ConversationError("it is resolved; the contact has to write again")
        if self.status is Status.BOT:
            self.handoff_reason = Reason.STEPPED_IN
            self.handed_off_at = now
        if self.status is not Status.STAFF:
            self._change(Status.STAFF)
        self.assignee_id = member.id

    def snooze(self, until: datetime | None) -> None:
        """Out of sight until then, or until the contact writes; None ends it."""
        if self.status not in {Status.WAITING, Status.STAFF}:
            raise ConversationError(f"staff do not hold it; status: {self.status}")
        self.snoozed_until = until

    def hand_back(self, *, through: int) -> None:
        """Back to the bot, which answers what comes from now on."""
        if self.status not in {Status.WAITING, Status.STAFF}:
            raise ConversationError(f"staff do not hold it; status: {self.status}")
        self._change(Status.BOT)
        self.answered_through = through
        self._forget_handoff()

    def resolve(self, *, now: datetime) -> None:
        """Nobody owes anything; the next message opens a new conversation."""
        if self.status is Status.RESOLVED:
            raise ConversationError("it is resolved already")
        self._change(Status.RESOLVED)
        self.resolved_at = now

    def reopen(self) -> None:
        """As it was before it was resolved: nobody's, waiting, or with who held it."""
        if self.status is not Status.RESOLVED:
            raise ConversationError("it is open already")
        if self.assignee_id is not None:
            self._change(Status.STAFF)
        elif self.handoff_reason is not None:
            self._change(Status.WAITING)
        else:
            self._change(Status.BOT)
        self.resolved_at = self.spam_at = None

    def let_go(self) -> None:
        """Whoever holds it does so no more, as if they never had; nobody is told."""
        if self.status is not Status.STAFF:
            raise ConversationError(f"nobody holds it; status: {self.status}")
        self.assignee_id = None
        if self.handoff_reason == Reason.STEPPED_IN:
            self._change(Status.BOT)
            self._forget_handoff()
        else:
            self._change(Status.WAITING)

    def _change(self, status: Status) -> None:
        self.status = status
        self.epoch += 1
        self.reply_due_at = None
        self.lease_until = None
        self.attempts = 0
        self.remind_at = None
        self.overdue_since = None
        self.reach_asked_in = None
        if status is not Status.STAFF:
            self.nobody_owes_an_answer()

    def nobody_owes_an_answer(self) -> None:
        """A staff member has answered, or nobody has to."""
        self.offer_bot_at = None
        self.bot_offered_at = None

    def _forget_handoff(self) -> None:
        self.handoff_reason = None
        self.handed_off_at = None
        self.assignee_id = self.meant_for_id = None
        self.handoff_summary = None
