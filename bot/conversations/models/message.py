"""The message: a stored entry of a conversation."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import JSON, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from bot.conversations.models.columns import public_id, words
from bot.conversations.ports import Author, Outcome
from bot.conversations.states import Status
from bot.database import Base, UtcDateTime


class Message(Base):
    """A stored entry of a conversation.

    ``in_reply_to`` is the newest contact message that a bot's message answers: there
    is at most one bot's message for each. ``raw`` is what the webhook brought.
    ``said_while`` is the status without which the words are not true any more: then
    they do not leave. ``helpful`` is what the contact thought of an answer.
    ``translation`` is what a model made of the words, for staff. ``despite_stop`` is
    what leaves also to who wants no messages: it says so, or answers distress.
    """

    __tablename__ = "messages"
    __table_args__ = (
        UniqueConstraint("address_id", "external_id"),
        UniqueConstraint("conversation_id", "in_reply_to"),
        Index("ix_messages_conversation", "conversation_id", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(32), unique=True, default=public_id)
    conversation_id: Mapped[int] = mapped_column(ForeignKey("conversations.id"))
    address_id: Mapped[int] = mapped_column(ForeignKey("addresses.id"))
    author: Mapped[Author] = mapped_column(words(Author))
    text: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    external_id: Mapped[str | None] = mapped_column(String(200))
    media_count: Mapped[int] = mapped_column(default=0)
    wants_reply: Mapped[bool] = mapped_column(default=False)
    raw: Mapped[Mapping[str, object] | None] = mapped_column(JSON(none_as_null=True))
    in_reply_to: Mapped[int | None] = mapped_column()
    outcome: Mapped[Outcome | None] = mapped_column(words(Outcome))
    provenance: Mapped[Mapping[str, object] | None] = mapped_column(
        JSON(none_as_null=True)
    )
    staff_member_id: Mapped[int | None] = mapped_column(ForeignKey("staff_members.id"))
    said_while: Mapped[Status | None] = mapped_column(words(Status))
    helpful: Mapped[bool | None] = mapped_column()
    translation: Mapped[Mapping[str, object] | None] = mapped_column(
        JSON(none_as_null=True)
    )
    despite_stop: Mapped[bool | None] = mapped_column()

    @property
    def choices(self) -> tuple[str, ...]:
        """What the bot offered in it to be asked next, in the order shown."""
        return self._kept("choices")

    @property
    def sections(self) -> tuple[str, ...]:
        """The sections that the bot told in it, best first."""
        return self._kept("sections")

    @property
    def language(self) -> str | None:
        """The language in which the bot wrote it."""
        found = (self.provenance or {}).get("language")
        return str(found) if found else None

    def _kept(self, name: str) -> tuple[str, ...]:
        kept = (self.provenance or {}).get(name)
        return tuple(map(str, kept)) if isinstance(kept, list) else ()
