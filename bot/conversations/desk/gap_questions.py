"""Questions that were not answered well, and what staff answered to them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import ColumnElement, ScalarSelect, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from bot.conversations.models import Address, Conversation, Message
from bot.conversations.ports import Author, Outcome


class Kind(StrEnum):
    """What was wrong."""

    UNANSWERED = "unanswered"
    RATED = "rated"
    CORRECTED = "corrected"
    HANDED_OVER = "handed_over"


# A model that has read question and documents hands over what they lack; whoever only
# wants a person, complains or despairs lacks no document.
BY_MODEL = "model"


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
    asked, reply = aliased(Message), aliased(Message)
    wrong = _is_wrong(reply)
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


def _is_wrong(reply: type[Message]) -> ColumnElement[bool]:
    """What was not answered, rated badly, corrected by staff, or left to a person."""
    said_next = _after(reply, "author", (Author.CONTACT, Author.STAFF))
    corrected = (reply.outcome == Outcome.ANSWER) & (said_next == Author.STAFF)
    unknown = (reply.outcome == Outcome.NO_ANSWER) & (
        reply.provenance["generation"].as_string().is_not(None)
    )
    became = _after(reply, "outcome", (Author.BOT,))
    asked_back = (reply.outcome == Outcome.CLARIFY) & (became == Outcome.HANDOFF)
    by_model = (reply.outcome == Outcome.HANDOFF) & (
        reply.provenance["reason"].as_string() == BY_MODEL
    )
    return or_(unknown, asked_back, by_model, reply.helpful.is_(False), corrected)


def _after(
    reply: type[Message], column: str, authors: Sequence[Author]
) -> ScalarSelect[object]:
    """A column of what one of these wrote next in the conversation of a reply."""
    later = aliased(Message)
    return (
        select(getattr(later, column))
        .where(
            later.conversation_id == reply.conversation_id,
            later.id > reply.id,
            later.author.in_(authors),
        )
        .order_by(later.id)
        .limit(1)
        .correlate(reply)
        .scalar_subquery()
    )


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
    if reply is not None and reply.helpful is False:
        return Kind.RATED
    if reply is None or reply.outcome in (Outcome.HANDOFF, Outcome.CLARIFY):
        return Kind.HANDED_OVER
    return Kind.CORRECTED if reply.outcome is Outcome.ANSWER else Kind.UNANSWERED
