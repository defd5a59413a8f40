"""What staff keep beside conversations: notes, read marks, saved replies, a switch."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from bot.conversations.models.columns import public_id
from bot.database import Base, UtcDateTime


class Note(Base):
    """Words among staff about a conversation.

    A table of its own: deliveries and turns are made of messages only, so that no
    note can reach a contact or the assistant.
    """

    __tablename__ = "notes"
    __table_args__ = (Index("ix_notes_conversation", "conversation_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(32), unique=True, default=public_id)
    conversation_id: Mapped[int] = mapped_column(ForeignKey("conversations.id"))
    staff_member_id: Mapped[int] = mapped_column(ForeignKey("staff_members.id"))
    text: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)


class Mention(Base):
    """A note names a colleague; ``seen_at`` is when they looked."""

    __tablename__ = "mentions"
    __table_args__ = (Index("ix_mentions_member", "staff_member_id", "seen_at"),)

    note_id: Mapped[int] = mapped_column(ForeignKey("notes.id"), primary_key=True)
    staff_member_id: Mapped[int] = mapped_column(
        ForeignKey("staff_members.id"), primary_key=True
    )
    seen_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class SavedView(Base):
    """What a staff member, or everybody, asks of the inbox again and again.

    ``asked`` is the query of the page's address.
    """

    __tablename__ = "saved_views"

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(32), unique=True, default=public_id)
    staff_member_id: Mapped[int | None] = mapped_column(
        ForeignKey("staff_members.id"), index=True
    )
    name: Mapped[str] = mapped_column(String(60))
    asked: Mapped[str] = mapped_column(String(400))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)


class ReadMark(Base):
    """How far a staff member has read a conversation, as a message id."""

    __tablename__ = "read_marks"

    staff_member_id: Mapped[int] = mapped_column(
        ForeignKey("staff_members.id"), primary_key=True
    )
    conversation_id: Mapped[int] = mapped_column(
        ForeignKey("conversations.id"), primary_key=True
    )
    message_id: Mapped[int] = mapped_column()


class SavedReply(Base):
    """Words that staff use again; blanks are written ``[[course]]``."""

    __tablename__ = "saved_replies"

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(32), unique=True, default=public_id)
    title: Mapped[str] = mapped_column(String(80), unique=True)
    text: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)


class Emergency(Base):
    """The switch: while its one row exists, everybody gets ``text``, and no answer."""

    __tablename__ = "emergencies"
    __table_args__ = (CheckConstraint("id = 1", name="only_one"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    text: Mapped[str] = mapped_column(Text)
    since: Mapped[datetime] = mapped_column(UtcDateTime)
    staff_member_id: Mapped[int] = mapped_column(ForeignKey("staff_members.id"))
