"""Gaps of the documents: grouped every night, kept, shown, and closed by an answer."""

import json
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.conversations.desk.gap_questions import (
    GapQuestion,
    gap_questions,
    staff_answers,
)
from bot.conversations.models import Gap, Message
from bot.conversations.models.columns import public_id
from bot.conversations.ports import Author
from bot.database import Database
from bot.errors import ConversationError, NotFoundError

WINDOW = timedelta(days=91)
WEEK = timedelta(days=7)
MOST_QUESTIONS = 100_000
MOST_KEPT = 2000
MOST_LOOKED_UP = 100
SHOWN, ANSWERS_SHOWN = 50, 5

# Gives the groups of texts, by their places; a text may be left for another night.
Group = Callable[[Sequence[str]], Awaitable[Sequence[Sequence[int]]]]
Nearest = Callable[[str], Awaitable[Sequence[str]]]


@dataclass(frozen=True, slots=True, kw_only=True)
class GapView:
    """A gap with its newest questions, and what staff answered to some."""

    gap: Gap
    questions: Sequence[GapQuestion]
    answers: Sequence[Message]


async def regroup(
    database: Database, *, group: Group, nearest: Nearest, now: datetime
) -> int:
    """Group everything anew but what is answered or proposed; how many gaps there are.

    Nothing is held while it thinks.
    """
    async with database.read() as session:
        kept = await session.scalars(
            select(Gap.messages).where(
                Gap.answered_at.is_not(None) | Gap.proposal.is_not(None)
            )
        )
        taken = {number for numbers in kept for number in numbers}
        since = now - WINDOW
        found = await gap_questions(session, since=since, limit=MOST_QUESTIONS)
    questions = [one for one in found if one.message_id not in taken]
    groups = await group([one.text for one in questions])
    ordered = sorted(groups, key=lambda places: (-len(places), places[0]))[:MOST_KEPT]
    gaps = [_gap([questions[place] for place in one], now) for one in ordered]
    for gap, places in zip(gaps[:MOST_LOOKED_UP], ordered, strict=False):
        gap.sections = list(await nearest(questions[places[0]].text))
    await _replace(database, gaps)
    return len(gaps)


async def _replace(database: Database, gaps: Sequence[Gap]) -> None:
    """New gaps for the old; that of the same oldest question keeps its address."""
    free = Gap.answered_at.is_(None) & Gap.proposal.is_(None)
    async with database.write() as session:
        before = await session.execute(select(Gap.messages, Gap.public_id).where(free))
        names = {messages[-1]: name for messages, name in before.all() if messages}
        await session.execute(delete(Gap).where(free))
        kept = {
            one for ids in await session.scalars(select(Gap.messages)) for one in ids
        }
        for gap in gaps:
            gap.public_id = names.get(gap.messages[-1], gap.public_id)
        session.add_all(gap for gap in gaps if kept.isdisjoint(gap.messages))


async def gap_list(
    database: Database, *, limit: int = SHOWN, page: int = 1, answered: bool = False
) -> list[tuple[Gap, str]]:
    """Gaps and a question of each: those that wait to be read, then the largest."""
    done = Gap.answered_at.is_not(None)
    query = (
        select(Gap)
        .where(done if answered else ~done)
        .order_by(Gap.proposal.is_(None), Gap.asked.desc(), Gap.id)
        .offset((page - 1) * limit)
        .limit(limit)
    )
    async with database.read() as session:
        gaps = (await session.scalars(query)).all()
        firsts = [gap.messages[0] for gap in gaps if gap.messages]
        rows = await session.execute(
            select(Message.id, Message.text).where(Message.id.in_(firsts))
        )
        texts = {row[0]: row[1] for row in rows}
    return [(gap, texts.get(next(iter(gap.messages), 0), "")) for gap in gaps]


async def one_gap(database: Database, gap_id: str) -> GapView:
    """A gap; ``NotFoundError`` if there is none of that id."""
    async with database.read() as session:
        gap = await session.scalar(select(Gap).where(Gap.public_id == gap_id))
        if gap is None:
            raise NotFoundError("there is no such gap; they are grouped every night")
        newest = list(gap.messages)[:SHOWN]
        questions = await gap_questions(session, only=newest, limit=SHOWN)
        answers = await staff_answers(session, questions, limit=ANSWERS_SHOWN)
        return GapView(gap=gap, questions=questions, answers=answers)


async def gap_of_reply(database: Database, message_id: str, *, now: datetime) -> str:
    """The gap of the question that a staff reply answers, made where there is none.

    Raises:
        NotFoundError: no staff member wrote that, or nobody had asked.
    """
    async with database.write() as session:
        reply = await session.scalar(
            select(Message).where(
                Message.public_id == message_id, Message.author == Author.STAFF
            )
        )
        before = await _question_before(session, reply) if reply else None
        if before is None:
            raise NotFoundError("there is no such reply to a question")
        found = await gap_questions(session, only=[before], limit=1)
        gaps = await session.execute(select(Gap.messages, Gap.public_id))
        for messages, name in gaps.all():
            if messages and messages[-1] == before:
                return name
        gap = _gap(found, now)
        session.add(gap)
        return gap.public_id


async def propose(
    database: Database,
    gap_id: str,
    proposal: Mapping[str, str] | None,
    *,
    seen: str = "",
) -> None:
    """Keep an answer until somebody else has read it; None drops it.

    ``seen`` is the sum of the proposal that was there before, empty of none.

    Raises:
        ConversationError: it is answered already, or another proposal is there.
        NotFoundError: there is no such gap.
    """
    async with database.write() as session:
        gap = await session.scalar(
            select(Gap).where(Gap.public_id == gap_id).with_for_update()
        )
        if gap is None:
            raise NotFoundError("there is no such gap; they are grouped every night")
        if gap.answered_at is not None:
            raise ConversationError("this gap is answered already")
        if sum_of(gap.proposal) != seen:
            raise ConversationError(
                "somebody else has proposed or dropped an answer meanwhile; open the "
                "gap in another window to see it"
            )
        gap.proposal = proposal


def sum_of(proposal: Mapping[str, str] | None) -> str:
    """What tells a proposal from others; empty of none."""
    words = json.dumps(proposal, sort_keys=True) if proposal else ""
    return sha256(words.encode()).hexdigest() if words else ""


async def close_gap(
    database: Database, gap_id: str, *, path: str, now: datetime
) -> None:
    """A document answers it from now on."""
    async with database.write() as session:
        gap = await session.scalar(select(Gap).where(Gap.public_id == gap_id))
        if gap is not None:
            gap.answered_at, gap.path, gap.proposal = now, path, None


async def _question_before(session: AsyncSession, reply: Message) -> int | None:
    """The contact's last words before a reply."""
    found: int | None = await session.scalar(
        select(Message.id)
        .where(
            Message.conversation_id == reply.conversation_id,
            Message.id < reply.id,
            Message.author == Author.CONTACT,
            Message.text != "",
        )
        .order_by(Message.id.desc())
        .limit(1)
    )
    return found


def _gap(questions: Sequence[GapQuestion], now: datetime) -> Gap:
    ages = [now - one.asked_at for one in questions]
    return Gap(
        public_id=public_id(),
        made_at=now,
        asked=len(questions),
        this_week=sum(age < WEEK for age in ages),
        weeks_before=sum(WEEK <= age < 5 * WEEK for age in ages),
        kinds=Counter(one.kind.value for one in questions),
        languages=Counter(one.language or "unknown" for one in questions),
        channels=Counter(one.channel for one in questions),
        messages=[one.message_id for one in questions],
        sections=[],
    )
