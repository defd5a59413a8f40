"""Tells whoever asked that there is an answer now."""

from dataclasses import dataclass

from sqlalchemy import Exists, exists, select

from bot.conversations.desk.gaps import one_gap
from bot.conversations.models import Conversation, Gap, Status
from bot.conversations.ports import Author
from bot.conversations.service import Conversations
from bot.errors import ConversationError
from bot.staff.audit import write_down

LONGEST_TOLD = 1500


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """How many were told, and how many not: held by staff, stopped, or too late."""

    told: int
    left: int


async def tell_who_asked(
    conversations: Conversations, gap_id: str, text: str, *, member_id: int
) -> Told:
    """Say it once to each of the newest who asked, where free text still arrives.

    Never after STOP. Who is held by staff, or has not written for so long that the
    channel carries templates only, is left to the page of their conversation.

    Raises:
        ConversationError: there is no answer yet, no text, or they were told already.
    """
    words = text.strip()
    if not 0 < len(words) <= LONGEST_TOLD:
        raise ConversationError(f"write 1 to {LONGEST_TOLD} letters")
    view = await one_gap(conversations.events.database, gap_id)
    await _claim(conversations, gap_id, member_id=member_id)
    told = left = 0
    addresses: set[int] = set()
    for conversation_id in dict.fromkeys(q.conversation_id for q in view.questions):
        async with conversations.changing(conversation_id) as (transaction, found):
            if found.address_id in addresses:
                continue
            addresses.add(found.address_id)
            held = await transaction.session.scalar(select(_held(found)))
            if held or not conversations.speaker.reaches(found):
                left += 1
                continue
            await conversations.speaker.say(
                transaction,
                found,
                words,
                author=Author.STAFF,
                staff_member_id=member_id,
            )
            told += 1
    return Told(told=told, left=left)


def _held(conversation: Conversation) -> Exists:
    """Whether staff have to do with who writes there, in whichever conversation."""
    return exists().where(
        Conversation.address_id == conversation.address_id,
        Conversation.status.in_((Status.WAITING, Status.STAFF)),
    )


async def _claim(conversations: Conversations, gap_id: str, *, member_id: int) -> None:
    """Nobody is told twice, whoever presses the button at the same time."""
    now = conversations.clock()
    async with conversations.events.database.write() as session:
        gap = (
            await session.scalars(
                select(Gap).where(Gap.public_id == gap_id).with_for_update()
            )
        ).one()
        if gap.answered_at is None:
            raise ConversationError("there is no answer yet")
        if gap.told_at is not None:
            raise ConversationError("they were told already")
        gap.told_at = now
        write_down(
            session, "askers_told", now=now, member_id=member_id, detail=gap.path or ""
        )
