"""Handoffs that the core decides itself, and the emergency's fixed reply."""

import re
from dataclasses import replace

from sqlalchemy import exists, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.conversations.handoff.handoff_words import handoff_words
from bot.conversations.live.events import Transaction
from bot.conversations.models import (
    Conversation,
    Emergency,
    Event,
    EventKind,
    Message,
    Reason,
)
from bot.conversations.ports import Answer, Author, Outcome, Provenance
from bot.conversations.spoken.understood import says
from bot.organisation import Organisation

EMERGENCY = "emergency"


def plain_handoff(
    organisation: Organisation, question: str, *, language: str, answered: bool
) -> Answer | None:
    """A handoff for which no assistant is asked.

    The question holds one of the operator's words; or, where an answer stands before
    it (``answered``), it says no more than that this was wrong or of no help.
    """
    for word in organisation.handoff_keywords:
        if re.search(rf"(?<!\w){re.escape(word)}(?!\w)", question, re.IGNORECASE):
            return _handoff(Reason.KEYWORD, language)
    if answered and says("unhelpful", question):
        return _handoff(Reason.NEGATIVE_FEEDBACK, language)
    return None


async def without_second_refusal(
    transaction: Transaction, conversation: Conversation, answer: Answer
) -> Answer:
    """A person in place of the second "I don't have that" in a row."""
    generation = answer.provenance.generation
    if answer.outcome is not Outcome.NO_ANSWER or generation is None:
        return answer  # nothing was looked up
    last = await last_word(transaction.session, conversation)
    if last is None or last.outcome is not Outcome.NO_ANSWER:
        return answer
    if not (last.provenance or {}).get("generation"):
        return answer
    reason = Reason.REPEATED_NO_ANSWER
    return replace(
        answer,
        text=handoff_words(reason, answer.provenance.language),
        outcome=Outcome.HANDOFF,
        provenance=replace(answer.provenance, reason=reason.value, sections=()),
        citations=(),
        choices=(),
        handoff_reason=reason,
    )


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


def _handoff(reason: Reason, language: str) -> Answer:
    return Answer(
        text=handoff_words(reason, language),
        outcome=Outcome.HANDOFF,
        confidence=0.0,
        provenance=Provenance(answerer="fixed", language=language),
        handoff_reason=reason,
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
