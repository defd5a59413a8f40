"""What the core decides itself: handoffs, offers of a person, the emergency's reply."""

import re

from sqlalchemy import exists, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.conversations.handoff.handoff_words import handoff_words
from bot.conversations.models import (
    Conversation,
    Emergency,
    Event,
    EventKind,
    Message,
    Reason,
)
from bot.conversations.ports import Answer, Author, Outcome, Provenance
from bot.conversations.spoken.signs import thumb_in
from bot.conversations.spoken.understood import says
from bot.organisation import Organisation
from bot.phrases import phrase

EMERGENCY = "emergency"
# What a contact has said of the answer before: a person is offered, or nothing more.
UNHELPFUL, HELPFUL = "unhelpful", "helpful"


def keyword_handoff(
    organisation: Organisation, question: str, *, language: str
) -> Answer | None:
    """A handoff where the question holds one of the operator's words."""
    for word in organisation.handoff_keywords:
        if re.search(rf"(?<!\w){re.escape(word)}(?!\w)", question, re.IGNORECASE):
            return _fixed(
                handoff_words(Reason.KEYWORD, language),
                Outcome.HANDOFF,
                language=language,
                handoff_reason=Reason.KEYWORD,
            )
    return None


def reply_to_opinion(text: str, *, language: str) -> Answer | None:
    """What is said to who says, or shows, no more than what an answer was worth."""
    thumb = thumb_in(text)
    if thumb is False or says("unhelpful", text):
        return unhelpful_answer(language)
    if thumb is None:
        return None
    words = phrase("thanks", language)
    return _fixed(words, Outcome.ANSWER, language=language, reason=HELPFUL)


def unhelpful_answer(language: str) -> Answer:
    """That we are sorry, and the offer of a person; nothing changes before a yes."""
    keys = ("unhelpful", "offer_person")
    words = " ".join(phrase(key, language) for key in keys)
    return _fixed(words, Outcome.CLARIFY, language=language, reason=UNHELPFUL)


async def emergency_text(session: AsyncSession) -> str | None:
    """What everybody is told while the emergency switch is on."""
    return await session.scalar(select(Emergency.text).where(Emergency.id == 1))


def emergency_answer(text: str, *, language: str) -> Answer:
    """The one reply that everybody gets."""
    return Answer(
        text=text,
        outcome=Outcome.ANSWER,
        confidence=0.0,
        provenance=Provenance(answerer=EMERGENCY, language=language),
    )


def _fixed(
    text: str,
    outcome: Outcome,
    *,
    language: str,
    reason: str | None = None,
    handoff_reason: str | None = None,
) -> Answer:
    return Answer(
        text=text,
        outcome=outcome,
        confidence=0.0,
        provenance=Provenance(answerer="fixed", language=language, reason=reason),
        handoff_reason=handoff_reason,
    )


async def last_word(
    session: AsyncSession, conversation: Conversation
) -> Message | None:
    """What the bot said last, if nobody else has come in since."""
    last = await session.scalar(
        select(Message)
        .where(
            Message.conversation_id == conversation.id,
            Message.author.in_((Author.BOT, Author.STAFF)),
        )
        .order_by(Message.id.desc())
        .limit(1)
    )
    if last is None or last.author is Author.STAFF:
        return None
    changed = await session.scalar(
        select(
            exists().where(
                Event.conversation_id == conversation.id,
                Event.kind == EventKind.CONVERSATION_STATUS_CHANGED,
                Event.created_at >= last.created_at,
            )
        )
    )
    return None if changed else last
