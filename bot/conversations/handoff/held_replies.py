"""Replies that wait for the contact to write: kept, let go, or dropped."""

from collections.abc import Sequence

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.conversations.live.events import Transaction
from bot.conversations.models import Conversation, HeldReply
from bot.conversations.ports import Author
from bot.conversations.speaking import Speaker
from bot.errors import ConversationError
from bot.staff import StaffMember


async def held_replies(
    session: AsyncSession, conversation: Conversation
) -> Sequence[HeldReply]:
    """What waits for the contact of a conversation, oldest first."""
    rows = await session.scalars(
        select(HeldReply)
        .where(HeldReply.conversation_id == conversation.id)
        .order_by(HeldReply.id)
    )
    return rows.all()


async def held_with_names(
    session: AsyncSession, conversation: Conversation
) -> Sequence[tuple[HeldReply, str]]:
    """What waits for the contact of a conversation, and who wrote it, oldest first."""
    rows = await session.execute(
        select(HeldReply, StaffMember.name)
        .join(StaffMember, StaffMember.id == HeldReply.staff_member_id)
        .where(HeldReply.conversation_id == conversation.id)
        .order_by(HeldReply.id)
    )
    return [(held, name) for held, name in rows]


async def release_held(
    transaction: Transaction, conversation: Conversation, *, speaker: Speaker
) -> None:
    """The contact has written: what waited for it leaves now, each once."""
    for held in await held_replies(transaction.session, conversation):
        await speaker.say(
            transaction,
            conversation,
            held.text,
            author=Author.STAFF,
            staff_member_id=held.staff_member_id,
        )
        await transaction.session.delete(held)


async def drop_held(
    transaction: Transaction, conversation: Conversation, held_id: str
) -> bool:
    """Take a reply back before it left; False if it has."""
    dropped = await transaction.session.scalars(
        delete(HeldReply)
        .where(
            HeldReply.public_id == held_id,
            HeldReply.conversation_id == conversation.id,
        )
        .returning(HeldReply.id)
    )
    return bool(dropped.all())


async def require_nothing_held(
    session: AsyncSession, conversation: Conversation
) -> None:
    """Nobody lets go of a conversation in which an answer waits."""
    if await held_replies(session, conversation):
        raise ConversationError(
            "an answer waits for the contact to write; drop it first"
        )
