"""What programs may do to a conversation, as staff do it."""

from typing import Annotated

from fastapi import APIRouter, Depends
from pydantic import BaseModel, Field

from bot.api.access import ApiAccess
from bot.api.problems import documented
from bot.api.reading import Id, one_conversation
from bot.conversations.desk.desk import LONGEST_TEXT, Desk
from bot.conversations.models import Message
from bot.conversations.service import Conversations
from bot.database import Database
from bot.integrations.objects import (
    ConversationObject,
    MessageObject,
    message_object,
    messages_query,
)
from bot.staff.tokens import Caller
from bot.text import CleanText

Words = Annotated[CleanText, Field(min_length=1, max_length=LONGEST_TEXT)]


class NewReply(BaseModel):
    """Words for the contact; with a `client_id` sending them again is harmless."""

    text: Words
    client_id: str | None = Field(None, pattern="^[A-Za-z0-9._:-]{1,80}$")


class NewNote(BaseModel):
    """Words for staff only."""

    text: Words


class NewHandoff(BaseModel):
    """Why a person is needed."""

    reason: str = Field(
        pattern="^[a-z][a-z0-9_]{0,59}$",
        description="shown to staff legibly, as `payment_failed`",
    )


def acting(conversations: Conversations, access: ApiAccess) -> APIRouter:
    """The operations that change a conversation; each answers with how it is then."""
    router = APIRouter(
        prefix="/conversations/{conversation_id}",
        tags=["conversations"],
        responses=documented(403, 404, 409),
    )
    router.include_router(_writing(conversations, access))
    router.include_router(_turning(conversations, access))
    return router


def _writing(conversations: Conversations, access: ApiAccess) -> APIRouter:
    """Words for the contact, and words for staff."""
    router = APIRouter()
    Writer = Annotated[Caller, Depends(access.writer)]  # noqa: N806  a type

    @router.post("/messages", status_code=201)
    async def reply(
        conversation_id: Id, new: NewReply, caller: Writer
    ) -> MessageObject:
        """Reply as staff: takes the conversation over if nobody else holds it."""
        client_id = new.client_id and f"{conversation_id} {new.client_id}"
        message_id = await conversations.reply_as_staff(
            conversation_id, new.text, member=caller.member, client_id=client_id
        )
        return await _reply(conversations.events.database, message_id)

    @router.post("/notes", status_code=204)
    async def note(conversation_id: Id, new: NewNote, caller: Writer) -> None:
        """Words for staff, which neither the contact nor the bot ever gets."""
        await Desk(conversations).note(conversation_id, new.text, member=caller.member)

    return router


def _turning(conversations: Conversations, access: ApiAccess) -> APIRouter:
    """Whose turn it is."""
    router = APIRouter()
    database = conversations.events.database
    Writer = Annotated[Caller, Depends(access.writer)]  # noqa: N806  a type

    @router.post("/handoff")
    async def hand_off(
        conversation_id: Id, new: NewHandoff, caller: Writer
    ) -> ConversationObject:
        """From the bot to staff; the contact is told."""
        await conversations.hand_off(conversation_id, new.reason, member=caller.member)
        return await one_conversation(database, conversation_id)

    @router.post("/hand-back")
    async def hand_back(conversation_id: Id, caller: Writer) -> ConversationObject:
        """From staff to the bot, which answers what comes from now on."""
        await conversations.hand_back(conversation_id, member=caller.member)
        return await one_conversation(database, conversation_id)

    @router.post("/resolve")
    async def resolve(conversation_id: Id, caller: Writer) -> ConversationObject:
        """Close it; the contact's next message opens a new one."""
        await conversations.resolve(conversation_id, member=caller.member)
        return await one_conversation(database, conversation_id)

    return router


async def _reply(database: Database, message_id: str) -> MessageObject:
    async with database.read() as session:
        rows = await session.execute(
            messages_query().where(Message.public_id == message_id)
        )
        return message_object(*rows.one())
