"""What staff have to know before they answer, on half a page."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.conversations.desk.call_desk import CallView, calls_of
from bot.conversations.desk.queries import view
from bot.conversations.models import (
    Address,
    Consent,
    Contact,
    Conversation,
    Message,
    WayToReach,
)
from bot.conversations.ports import Author, Outcome
from bot.conversations.spoken.details import WayKind

EARLIER_SHOWN = 10
LONGEST_ANSWER = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A question, and what the bot made of it."""

    question: str
    outcome: Outcome | None
    answer: str
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class WayView:
    """Another way to reach the contact, and when they agreed to it."""

    kind: WayKind
    value: str
    agreed_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """What was asked and answered, and what is known of who asks."""

    asked: Sequence[Asked]
    earlier: Sequence[tuple[str, datetime]]
    facts: Mapping[str, str]
    ways: Sequence[WayView]
    calls: Sequence[CallView]


async def summary(
    session: AsyncSession,
    row: Conversation,
    messages: Sequence[Message],
    *,
    contact: Contact,
    time_zone: str,
) -> Summary:
    """What was said in a conversation, and what is known of its contact."""
    return Summary(
        asked=_asked(messages),
        earlier=await _earlier(session, row),
        facts=contact.facts,
        ways=await _ways(session, contact),
        calls=await calls_of(session, row, time_zone=time_zone),
    )


def _asked(messages: Sequence[Message]) -> list[Asked]:
    replies = {one.in_reply_to: one for one in messages if one.in_reply_to}
    return [
        _with_reply(" ".join(one.text.split()), replies.get(one.id))
        for one in messages
        if one.author is Author.CONTACT and one.text.strip()
    ]


def _with_reply(question: str, reply: Message | None) -> Asked:
    if reply is None:
        return Asked(question=question, outcome=None, answer="", sources=())
    told = " ".join(reply.text.split())
    return Asked(
        question=question,
        outcome=reply.outcome,
        answer=told if len(told) <= LONGEST_ANSWER else f"{told[:LONGEST_ANSWER]} …",
        sources=tuple(str(cited.get("title")) for cited in view(reply).citations),
    )


async def _earlier(
    session: AsyncSession, row: Conversation
) -> Sequence[tuple[str, datetime]]:
    rows = await session.execute(
        select(Conversation.public_id, Conversation.created_at)
        .join(Address, Address.id == Conversation.address_id)
        .where(Address.contact_id == row.address.contact_id, Conversation.id != row.id)
        .order_by(Conversation.id.desc())
        .limit(EARLIER_SHOWN)
    )
    return [(public_id, created_at) for public_id, created_at in rows]


async def _ways(session: AsyncSession, contact: Contact) -> list[WayView]:
    rows = await session.execute(
        select(WayToReach, Consent.given_at)
        .join(Consent, Consent.id == WayToReach.consent_id)
        .where(Consent.contact_id == contact.id, Consent.withdrawn_at.is_(None))
        .order_by(WayToReach.id.desc())
    )
    return [
        WayView(kind=way.kind, value=way.value, agreed_at=given_at)
        for way, given_at in rows
    ]
