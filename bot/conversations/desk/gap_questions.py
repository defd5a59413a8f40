"""Questions that were not answered well, and what staff answered to them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from bot.conversations.models import Address, Conversation, Message, Reason
from bot.conversations.ports import Author, Outcome


class Kind(StrEnum):
    """What was wrong."""

    UNANSWERED = "unanswered"
    RATED = "rated"
    CORRECTED = "corrected"
    HANDED_OVER = "handed_over"


# Whoever wants a person, complains or despairs lacks no document.
HANDED_OVER = (
    Reason.REPEATED_NO_ANSWER,
    Reason.NEGATIVE_FEEDBACK,
    Reason.OWN_CASE,
    Reason.ASSISTANT_FAILED,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class GapQuestion:
    """A contact's question; ``language`` is the one it was replied to in."""

    message_id: int
    key: str
    text: str
    asked_at: datetime
    language: str
    channel: str
    conversation_id: str
    kind: Kind


async def gap_questions(
    session: AsyncSession,
    *,
    since: datetime | None = None,
    only: Sequence[int] | None = None,
    limit: int,
) -> list[GapQuestion]:
    """The newest of them, newest first; ``only`` these messages, whatever was said."""
    asked, reply, later = aliased(Message), aliased(Message), aliased(Message)
    follows = (
        select(later.author)
        .where(
            later.conversation_id == reply.conversation_id,
            later.id > reply.id,
            later.author.in_((Author.CONTACT, Author.STAFF)),
        )
        .order_by(later.id)
        .limit(1)
        .correlate(reply)
        .scalar_subquery()
    )
    corrected = (reply.outcome == Outcome.ANSWER) & (follows == Author.STAFF)
    unknown = (reply.outcome == Outcome.NO_ANSWER) & (
        reply.provenance["generation"].as_string().is_not(None)
    )
    handed_over = (reply.outcome == Outcome.HANDOFF) & (
        reply.provenance["reason"].as_string().in_(HANDED_OVER)
    )
    wrong = unknown | handed_over | reply.helpful.is_(False) | corrected
    query = (
        select(asked, reply, Conversation, Address.channel)
        .outerjoin(reply, reply.in_reply_to == asked.id)
        .join(Conversation, Conversation.id == asked.conversation_id)
        .join(Address, Address.id == asked.address_id)
        .where(asked.author == Author.CONTACT, asked.text != "")
        .order_by(asked.id.desc())
        .limit(limit)
    )
    query = query.where(asked.id.in_(only)) if only is not None else query.where(wrong)
    if since is not None:
        query = query.where(asked.created_at >= since)
    return [_question(*row) for row in await session.execute(query)]


async def staff_answers(
    session: AsyncSession, questions: Sequence[GapQuestion], *, limit: int
) -> list[Message]:
    """What staff wrote next after each of these questions, newest first."""
    found: dict[int, Message] = {}
    for question in questions:
        if len(found) >= limit:
            break
        answer = await session.scalar(
            select(Message)
            .join(Conversation, Conversation.id == Message.conversation_id)
            .where(
                Conversation.public_id == question.conversation_id,
                Message.id > question.message_id,
                Message.author == Author.STAFF,
                Message.text != "",
            )
            .order_by(Message.id)
            .limit(1)
        )
        if answer is not None:
            found[answer.id] = answer
    return list(found.values())


def _question(
    asked: Message, reply: Message | None, conversation: Conversation, channel: str
) -> GapQuestion:
    language = (reply.language if reply else None) or conversation.language
    return GapQuestion(
        message_id=asked.id,
        key=asked.public_id,
        text=asked.text,
        asked_at=asked.created_at,
        language=language or "",
        channel=channel,
        conversation_id=conversation.public_id,
        kind=_kind(reply),
    )


def _kind(reply: Message | None) -> Kind:
    if reply is None or reply.outcome is Outcome.HANDOFF:
        return Kind.HANDED_OVER
    if reply.helpful is False:
        return Kind.RATED
    return Kind.CORRECTED if reply.outcome is Outcome.ANSWER else Kind.UNANSWERED
