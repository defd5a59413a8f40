"""Conversations and messages as other programs read them: by webhook or by API."""

from collections.abc import Mapping
from datetime import datetime

from pydantic import BaseModel, Field
from sqlalchemy import Select, select
from sqlalchemy.orm import aliased

from bot.conversations.desk.queries import view
from bot.conversations.models import Address, Contact, Conversation, Message, Status
from bot.conversations.ports import Author, Outcome
from bot.staff import StaffMember


class ConversationObject(BaseModel):
    """A conversation, and who owes the next word in it."""

    id: str
    contact_id: str
    channel: str = Field(description="`web` or `whatsapp`")
    status: Status
    language: str | None = Field(description="as the contact writes, ISO 639-1")
    handoff_reason: str | None
    handed_off_at: datetime | None
    assignee: str | None = Field(description="the staff member who holds it")
    created_at: datetime
    last_message_at: datetime | None
    resolved_at: datetime | None


class MessageObject(BaseModel):
    """A stored message; `confidence` and `citations` come with the bot's answers."""

    id: str
    author: Author
    staff_member: str | None
    text: str
    created_at: datetime
    attachments: int = Field(description="how many came with it; they are not kept")
    outcome: Outcome | None
    confidence: float | None
    citations: list[Mapping[str, object]]


def conversations_query() -> Select[Conversation, str, str, str | None]:
    """Rows for ``conversation_object``, to be narrowed down."""
    return (
        select(Conversation, Contact.public_id, Address.channel, StaffMember.name)
        .join(Address, Address.id == Conversation.address_id)
        .join(Contact, Contact.id == Address.contact_id)
        .outerjoin(StaffMember, StaffMember.id == Conversation.assignee_id)
    )


def messages_query() -> Select[Message, str | None]:
    """Rows for ``message_object``, to be narrowed down."""
    writer = aliased(StaffMember)
    return select(Message, writer.name).outerjoin(
        writer, writer.id == Message.staff_member_id
    )


def conversation_object(
    conversation: Conversation, contact_id: str, channel: str, assignee: str | None
) -> ConversationObject:
    """A conversation from its row."""
    return ConversationObject(
        id=conversation.public_id,
        contact_id=contact_id,
        channel=channel,
        status=conversation.status,
        language=conversation.language,
        handoff_reason=conversation.handoff_reason,
        handed_off_at=conversation.handed_off_at,
        assignee=assignee if conversation.status is Status.STAFF else None,
        created_at=conversation.created_at,
        last_message_at=conversation.last_message_at,
        resolved_at=conversation.resolved_at,
    )


def message_object(message: Message, staff_member: str | None) -> MessageObject:
    """A message from its row."""
    shown = view(message)
    return MessageObject(
        id=message.public_id,
        author=message.author,
        staff_member=staff_member,
        text=message.text,
        created_at=message.created_at,
        attachments=message.media_count,
        outcome=message.outcome,
        confidence=shown.confidence,
        citations=list(shown.citations),
    )
