"""How far each staff member has read, and whether they saw where they are named."""

from datetime import datetime

from sqlalchemy import delete, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncSession

from bot.conversations.models import Conversation, Mention, Note, ReadMark
from bot.conversations.threads import newest_message
from bot.database import Database


async def mark_read(
    database: Database, conversation_id: str, *, member_id: int, now: datetime
) -> int | None:
    """A staff member has seen everything so far; how far they had been before.

    None if there is no such conversation.
    """
    async with database.write() as session:
        found = await session.scalar(
            select(Conversation).where(Conversation.public_id == conversation_id)
        )
        if found is None:
            return None
        before = await session.get(ReadMark, (member_id, found.id))
        read_before = before.message_id if before else 0
        newest = await newest_message(session, found)
        await _keep(session, database, member_id, found.id, newest)
        await session.execute(
            update(Mention)
            .where(
                Mention.staff_member_id == member_id,
                Mention.seen_at.is_(None),
                Mention.note_id.in_(
                    select(Note.id).where(Note.conversation_id == found.id)
                ),
            )
            .values(seen_at=now)
        )
        return read_before


async def mark_read_through(
    database: Database, conversation_id: str, message_id: int, *, member_id: int
) -> bool:
    """As if they had read up to a message only; False if there is none such."""
    async with database.write() as session:
        found = await session.scalar(
            select(Conversation.id).where(Conversation.public_id == conversation_id)
        )
        if found is None:
            return False
        if message_id:
            await _keep(session, database, member_id, found, message_id)
        else:
            await session.execute(
                delete(ReadMark).where(
                    ReadMark.staff_member_id == member_id,
                    ReadMark.conversation_id == found,
                )
            )
        return True


async def _keep(
    session: AsyncSession,
    database: Database,
    member_id: int,
    conversation_id: int,
    message_id: int,
) -> None:
    insert = sqlite.insert if database.sqlite else postgresql.insert
    await session.execute(
        insert(ReadMark)
        .values(
            staff_member_id=member_id,
            conversation_id=conversation_id,
            message_id=message_id,
        )
        .on_conflict_do_update(
            index_elements=["staff_member_id", "conversation_id"],
            set_={"message_id": message_id},
        )
    )
