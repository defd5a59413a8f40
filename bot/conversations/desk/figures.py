"""Figures of a period for whoever runs the office, counted from what is stored.

An enquiry is a conversation that began in the period. What is told of enquiries is told
of these and of everything said in them since.
"""

import asyncio
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute

from bot.conversations.desk.enquiries import Enquiry
from bot.conversations.models import (
    Address,
    CallBack,
    Contact,
    Conversation,
    Message,
    ModelSpend,
)
from bot.conversations.ports import Tokens
from bot.conversations.states import PURPOSES, CallState
from bot.database import Database

UNKNOWN = "unknown"
AT_ONCE = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """Days where the organisation is, the last one included."""

    first: date
    last: date
    zone: ZoneInfo

    @property
    def bounds(self) -> tuple[datetime, datetime]:
        """The moment at which it begins, and the one at which it is over."""
        end = self.last + timedelta(days=1)
        return self._midnight(self.first), self._midnight(end)

    @property
    def days(self) -> list[date]:
        """Every day of it, in order."""
        count = (self.last - self.first).days + 1
        return [self.first + timedelta(days=number) for number in range(count)]

    def _midnight(self, day: date) -> datetime:
        return datetime.combine(day, time(), tzinfo=self.zone)


@dataclass(frozen=True, slots=True, kw_only=True)
class Waited:
    """How long they waited, in seconds; nothing where nobody did."""

    count: int
    median: float | None
    p90: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """Counts of enquiries, replies and calls; each table of enquiries has all of them.

    ``resolved`` keeps apart who said that it helped (``confirmed``) and who got an
    answer and left (``assumed``).
    """

    enquiries: int
    tables: Mapping[str, Mapping[str, int]]
    outcomes: Mapping[str, int]
    resolved: Mapping[str, int]
    first_answer: Waited
    person: Waited
    helped: int
    did_not_help: int
    calls: Mapping[CallState, int]
    tokens: Tokens


async def figures(database: Database, period: Period, *, now: datetime) -> Figures:
    """The figures of a period, of one moment."""
    async with database.read() as session:
        enquiries = await _enquiries(session, *period.bounds)
        said, asked = Message.created_at, CallBack.created_at
        outcomes = await _counted(session, Message.outcome, said, period.bounds)
        helpful = await _counted(session, Message.helpful, said, period.bounds)
        calls = await _counted(session, CallBack.state, asked, period.bounds)
        tokens = await _tokens(session, period)
    tables = await asyncio.to_thread(_tables, enquiries, period)
    return Figures(
        enquiries=len(enquiries),
        tables=tables,
        outcomes={one.value: count for one, count in outcomes.items()},
        resolved=Counter(one.resolution(now) for one in enquiries),
        first_answer=_waited(one.first_answer_seconds for one in enquiries),
        person=_waited(one.person_seconds for one in enquiries),
        helped=helpful.get(True, 0),
        did_not_help=helpful.get(False, 0),
        calls=calls,
        tokens=tokens,
    )


async def _enquiries(
    session: AsyncSession, start: datetime, end: datetime
) -> Sequence[Enquiry]:
    """Some at once, so that the server goes on with everything else in between."""
    began = (Conversation.created_at >= start, Conversation.created_at < end)
    last, enquiries = 0, list[Enquiry]()
    while found := await _begun(session, *began, Conversation.id > last):
        await _hear(session, found)
        enquiries += found.values()
        last = max(found)
    return enquiries


async def _begun(
    session: AsyncSession, *which: ColumnElement[bool]
) -> dict[int, Enquiry]:
    rows = await session.execute(
        select(
            Conversation.id,
            Conversation.created_at,
            Conversation.language,
            Address.channel,
            Contact.facts,
        )
        .join(Address, Address.id == Conversation.address_id)
        .join(Contact, Contact.id == Address.contact_id)
        .where(*which)
        .order_by(Conversation.id)
        .limit(AT_ONCE)
    )
    return {
        row[0]: Enquiry(
            began_at=row[1],
            language=row[2] or UNKNOWN,
            channel=row[3],
            country=(row[4] or {}).get("destination") or UNKNOWN,
        )
        for row in rows
    }


async def _hear(session: AsyncSession, found: Mapping[int, Enquiry]) -> None:
    messages = await session.execute(
        select(
            Message.conversation_id,
            Message.author,
            Message.created_at,
            Message.outcome,
            Message.helpful,
            Message.provenance["sections"],
        )
        .where(Message.conversation_id.in_(found))
        .order_by(Message.id)
    )
    for conversation, *said in messages:
        found[conversation].heard(*said)


async def _counted(
    session: AsyncSession,
    column: InstrumentedAttribute[Any],
    created_at: InstrumentedAttribute[datetime],
    bounds: tuple[datetime, datetime],
) -> dict[Any, int]:
    """How many rows made in a time have which value."""
    rows = await session.execute(
        select(column, func.count())
        .where(created_at >= bounds[0], created_at < bounds[1], column.is_not(None))
        .group_by(column)
    )
    return {row[0]: row[1] for row in rows}


async def _tokens(session: AsyncSession, period: Period) -> Tokens:
    row = (
        await session.execute(
            select(
                func.sum(ModelSpend.tokens_read), func.sum(ModelSpend.tokens_written)
            ).where(
                ModelSpend.kind.in_(PURPOSES),
                ModelSpend.day >= period.first,
                ModelSpend.day <= period.last,
            )
        )
    ).one()
    return Tokens(read=int(row[0] or 0), written=int(row[1] or 0))


def _tables(
    enquiries: Sequence[Enquiry], period: Period
) -> Mapping[str, Mapping[str, int]]:
    by_day = Counter(
        one.began_at.astimezone(period.zone).date().isoformat() for one in enquiries
    )
    return {
        "day": {day.isoformat(): by_day[day.isoformat()] for day in period.days},
        "channel": _most(one.channel for one in enquiries),
        "country": _most(one.country for one in enquiries),
        "topic": _most(one.topic or UNKNOWN for one in enquiries),
        "language": _most(one.language for one in enquiries),
    }


def _most(values: Iterable[str]) -> Mapping[str, int]:
    return dict(sorted(Counter(values).items(), key=lambda one: (-one[1], one[0])))


def _waited(seconds: Iterable[float | None]) -> Waited:
    known = sorted(one for one in seconds if one is not None)
    return Waited(count=len(known), median=_at(known, 0.5), p90=_at(known, 0.9))


def _at(ordered: Sequence[float], share: float) -> float | None:
    """The smallest value that at least this share of all does not exceed."""
    if not ordered:
        return None
    return ordered[max(0, -int(-share * len(ordered) // 1) - 1)]
