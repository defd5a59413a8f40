"""Handoffs that the core decides itself, and the emergency's fixed reply."""

import re
from dataclasses import replace

from sqlalchemy import exists, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.conversations.events import Transaction
from bot.conversations.models import (
    Conversation,
    Emergency,
    Event,
    EventKind,
    Message,
)
from bot.conversations.phrases import phrase
from bot.conversations.ports import Answer, Author, Outcome, Provenance
from bot.organisation import Organisation

EMERGENCY = "emergency"


def keyword_handoff(
    organisation: Organisation, question: str, *, language: str
) -> Answer | None:
    """A handoff if the question holds one of the operator's words."""
    for word in organisation.handoff_keywords:
        if re.search(rf"(?<!\w){re.escape(word)}(?!\w)", question, re.IGNORECASE):
            return Answer(
                text=phrase("handoff_person", language),
                outcome=Outcome.HANDOFF,
                confidence=0.0,
                provenance=Provenance(answerer="fixed", language=language),
                handoff_reason="keyword",
            )
    return None


async def without_second_refusal(
    transaction: Transaction, conversation: Conversation, answer: Answer
) -> Answer:
    """A person in place of the second "I don't have that" in a row."""
    if answer.outcome is not Outcome.NO_ANSWER or not await _refused_last(
        transaction.session, conversation
    ):
        return answer
    return replace(
        answer,
        text=phrase("handoff_no_answer", answer.provenance.language),
        outcome=Outcome.HANDOFF,
        handoff_reason="repeated_no_answer",
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


async def _refused_last(session: AsyncSession, conversation: Conversation) -> bool:
    """Whether the bot's last word was a refusal, and nobody else came in since."""
    last = await session.scalar(
        select(Message)
        .where(
            Message.conversation_id == conversation.id,
            Message.author.in_((Author.BOT, Author.STAFF)),
        )
        .order_by(Message.id.desc())
        .limit(1)
    )
    if last is None or last.outcome is not Outcome.NO_ANSWER:
        return False
    changed = await session.scalar(
        select(
            exists().where(
                Event.conversation_id == conversation.id,
                Event.kind == EventKind.CONVERSATION_STATUS_CHANGED,
                Event.created_at >= last.created_at,
            )
        )
    )
    return not changed
