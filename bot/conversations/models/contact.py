"""The contact, how channels reach them, and what staff keep of them."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import JSON, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, validates

from bot.conversations.models.columns import public_id
from bot.database import Base, UtcDateTime

LONGEST_DESTINATION = 60


class Contact(Base):
    """The person who writes.

    ``name`` is what staff call them, ``facts`` what they said of their plans, by name;
    ``destination`` is the one of them by which staff choose among conversations.
    One that was merged stays as a signpost:
    ``merged_into_id`` leads to the contact who has everything now.
    ``erasure_asked_at`` is when they confirmed that they want to be forgotten.
    """

    __tablename__ = "contacts"

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(32), unique=True, default=public_id)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    facts: Mapped[Mapping[str, str]] = mapped_column(JSON, default=dict)
    name: Mapped[str | None] = mapped_column(String(100))
    merged_into_id: Mapped[int | None] = mapped_column(
        ForeignKey("contacts.id"), index=True
    )
    erased_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    destination: Mapped[str | None] = mapped_column(
        String(LONGEST_DESTINATION), index=True
    )
    erasure_asked_at: Mapped[datetime | None] = mapped_column(UtcDateTime, index=True)

    @validates("facts")
    def _kept_apart(self, _: str, facts: Mapping[str, str]) -> Mapping[str, str]:
        found = facts.get("destination", "")
        self.destination = found[:LONGEST_DESTINATION] or None
        return facts

    def learn(self, understood: Mapping[str, str | None]) -> None:
        """Remember what was understood; None forgets what was known before."""
        known = {**self.facts, **understood}
        self.facts = {name: value for name, value in known.items() if value}


class Address(Base):
    """How a channel reaches a contact.

    ``sender`` is what replies go to, untouched; ``key`` identifies the address for
    good: the channel's own user id where it has one, else the first sender seen;
    ``network`` is a name, for a day, of the network that its last message came from.
    ``stopped_at`` is when they asked for no more messages there, until START undoes it.
    """

    __tablename__ = "addresses"
    __table_args__ = (
        UniqueConstraint("channel", "key"),
        Index("ix_addresses_channel_sender", "channel", "sender"),
        Index("ix_addresses_channel_user", "channel", "external_user_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(32), unique=True, default=public_id)
    contact_id: Mapped[int] = mapped_column(ForeignKey("contacts.id"), index=True)
    channel: Mapped[str] = mapped_column(String(20))
    key: Mapped[str] = mapped_column(String(200))
    sender: Mapped[str] = mapped_column(String(200))
    external_user_id: Mapped[str | None] = mapped_column(String(200))
    greeted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    last_inbound_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    network: Mapped[str | None] = mapped_column(String(32))
    stopped_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Label(Base):
    """A word that admins let staff put on contacts and conversations."""

    __tablename__ = "labels"

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(32), unique=True, default=public_id)
    name: Mapped[str] = mapped_column(String(40), unique=True)


class ContactLabel(Base):
    """A label on a contact."""

    __tablename__ = "contact_labels"

    contact_id: Mapped[int] = mapped_column(ForeignKey("contacts.id"), primary_key=True)
    label_id: Mapped[int] = mapped_column(
        ForeignKey("labels.id"), primary_key=True, index=True
    )


class ConversationLabel(Base):
    """A label on a conversation."""

    __tablename__ = "conversation_labels"

    conversation_id: Mapped[int] = mapped_column(
        ForeignKey("conversations.id"), primary_key=True
    )
    label_id: Mapped[int] = mapped_column(
        ForeignKey("labels.id"), primary_key=True, index=True
    )


class Consent(Base):
    """What a contact agreed to, when, and how they said so.

    ``message_id`` is the contact's own message, where they wrote it;
    ``staff_member_id`` who wrote it down, where they said it elsewhere.
    """

    __tablename__ = "consents"

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(32), unique=True, default=public_id)
    contact_id: Mapped[int] = mapped_column(ForeignKey("contacts.id"), index=True)
    purpose: Mapped[str] = mapped_column(String(200))
    how: Mapped[str] = mapped_column(Text)
    given_at: Mapped[datetime] = mapped_column(UtcDateTime)
    withdrawn_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    message_id: Mapped[int | None] = mapped_column(ForeignKey("messages.id"))
    staff_member_id: Mapped[int | None] = mapped_column(ForeignKey("staff_members.id"))
