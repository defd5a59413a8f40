"""What programs may read: conversations page by page, messages, a contact."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query
from pydantic import BaseModel, Field
from sqlalchemy import ColumnElement, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.api.access import ApiAccess
from bot.api.problems import documented
from bot.conversations.contacts.contact_file import contact_file
from bot.conversations.models import Contact, Conversation, Message, Status
from bot.database import Database
from bot.errors import NotFoundError
from bot.integrations.objects import (
    ConversationObject,
    MessageObject,
    conversation_object,
    conversations_query,
    message_object,
    messages_query,
)

PATTERN = "^[a-z0-9]{1,32}$"
Id = Annotated[str, Path(pattern=PATTERN)]
Cursor = Annotated[
    str | None, Query(pattern=PATTERN, description="`next_cursor` of the page before")
]
Limit = Annotated[int, Query(ge=1, le=100)]


class ConversationPage(BaseModel):
    """Conversations, the newest first; `next_cursor` is null on the last page."""

    data: list[ConversationObject]
    next_cursor: str | None


class MessagePage(BaseModel):
    """Messages, the oldest first; `next_cursor` is null on the last page."""

    data: list[MessageObject]
    next_cursor: str | None


class ContactAddress(BaseModel):
    """A way to reach a contact."""

    channel: str
    address: str = Field(description="a number, or how staff tell visitors apart")
    last_inbound_at: datetime | None


class ContactObject(BaseModel):
    """The person who writes; `facts` is what they said of their plans."""

    id: str
    name: str | None
    created_at: datetime
    languages: list[str]
    labels: list[str]
    facts: dict[str, str]
    addresses: list[ContactAddress]
    conversation_ids: list[str]


def reading(database: Database, access: ApiAccess) -> APIRouter:
    """The operations that change nothing."""
    router = APIRouter(dependencies=[Depends(access.reader)])
    router.include_router(_conversations(database))
    router.include_router(_contacts(database))
    return router


def _conversations(database: Database) -> APIRouter:
    router = APIRouter(
        prefix="/conversations", tags=["conversations"], responses=documented(404)
    )

    @router.get("")
    async def list_conversations(
        status: Status | None = None,
        contact: Annotated[str | None, Query(pattern=PATTERN)] = None,
        cursor: Cursor = None,
        limit: Limit = 50,
    ) -> ConversationPage:
        """Conversations by status and contact, the newest first."""
        wanted = [
            *([Conversation.status == status] if status else []),
            *([Contact.public_id == contact] if contact else []),
        ]
        return await _page(database, wanted, cursor=cursor, limit=limit)

    @router.get("/{conversation_id}")
    async def read_conversation(conversation_id: Id) -> ConversationObject:
        """One conversation."""
        return await one_conversation(database, conversation_id)

    @router.get("/{conversation_id}/messages")
    async def list_messages(
        conversation_id: Id, cursor: Cursor = None, limit: Limit = 50
    ) -> MessagePage:
        """Everything said in a conversation, the oldest first; no notes."""
        return await _messages(database, conversation_id, cursor=cursor, limit=limit)

    return router


def _contacts(database: Database) -> APIRouter:
    router = APIRouter(prefix="/contacts", tags=["contacts"], responses=documented(404))

    @router.get("/{contact_id}")
    async def read_contact(contact_id: Id) -> ContactObject:
        """A contact, found also by an id that was merged into theirs."""
        return await _contact(database, contact_id)

    return router


async def one_conversation(
    database: Database, conversation_id: str
) -> ConversationObject:
    """A conversation; ``NotFoundError`` if there is none."""
    async with database.read() as session:
        rows = await session.execute(
            conversations_query().where(Conversation.public_id == conversation_id)
        )
        row = rows.one_or_none()
    if row is None:
        raise NotFoundError(f"there is no conversation {conversation_id}")
    return conversation_object(*row)


async def _page(
    database: Database,
    wanted: Sequence[ColumnElement[bool]],
    *,
    cursor: str | None,
    limit: int,
) -> ConversationPage:
    query = conversations_query().where(*wanted)
    async with database.read() as session:
        if cursor is not None:
            query = query.where(Conversation.id < await _place(session, cursor))
        query = query.order_by(Conversation.id.desc()).limit(limit + 1)
        rows = (await session.execute(query)).all()
    found = [conversation_object(*row) for row in rows]
    return ConversationPage(data=found[:limit], next_cursor=_next(found, limit))


async def _messages(
    database: Database, conversation_id: str, *, cursor: str | None, limit: int
) -> MessagePage:
    async with database.read() as session:
        place = await _place(session, conversation_id)
        query = messages_query().where(Message.conversation_id == place)
        if cursor is not None:
            after = await _message_place(session, cursor, conversation=place)
            query = query.where(Message.id > after)
        query = query.order_by(Message.id).limit(limit + 1)
        rows = (await session.execute(query)).all()
    found = [message_object(*row) for row in rows]
    return MessagePage(data=found[:limit], next_cursor=_next(found, limit))


async def _place(session: AsyncSession, conversation_id: str) -> int:
    place = await session.scalar(
        select(Conversation.id).where(Conversation.public_id == conversation_id)
    )
    if place is None:
        raise NotFoundError(f"there is no conversation {conversation_id}")
    return place


async def _message_place(
    session: AsyncSession, message_id: str, *, conversation: int
) -> int:
    place = await session.scalar(
        select(Message.id).where(
            Message.public_id == message_id, Message.conversation_id == conversation
        )
    )
    if place is None:
        raise NotFoundError(f"there is no message {message_id} in this conversation")
    return place


def _next(
    found: Sequence[ConversationObject] | Sequence[MessageObject], limit: int
) -> str | None:
    """The id of the page's last entry, if there is one more after it."""
    return found[limit - 1].id if len(found) > limit else None


async def _contact(database: Database, contact_id: str) -> ContactObject:
    found = await contact_file(database, contact_id)
    return ContactObject(
        id=found.id,
        name=found.name,
        created_at=found.since,
        languages=list(found.languages),
        labels=list(found.labels),
        facts=dict(found.facts),
        addresses=[
            ContactAddress(
                channel=one.channel,
                address=one.shown,
                last_inbound_at=one.last_inbound_at,
            )
            for one in found.addresses
        ],
        conversation_ids=[one.id for one in found.conversations],
    )
