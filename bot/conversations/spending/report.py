"""What models have taken: today, this month, by day, by purpose, and for whom most."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import InstrumentedAttribute

from bot.conversations.models import Address, Contact, ModelSpend
from bot.conversations.ports import Tokens
from bot.conversations.spending.budget import Budget
from bot.conversations.states import PURPOSES, SpentOn

DAYS_SHOWN = 31
DEAREST_SHOWN = 10
NOTHING = Tokens(read=0, written=0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Taker:
    """A contact's address, without its name or number, and what it took."""

    contact_id: str
    channel: str
    tokens: Tokens


@dataclass(frozen=True, slots=True, kw_only=True)
class Spend:
    """What was taken; ``days`` has the newest first, without those of nothing.

    ``purposes`` and ``dearest`` are of this month.
    """

    today: Tokens
    month: Tokens
    days: Sequence[tuple[date, Tokens]]
    purposes: Mapping[SpentOn, Tokens]
    dearest: Sequence[Taker]


async def spend(budget: Budget) -> Spend:
    """What models have taken up to now."""
    today = budget.today
    of_all = ModelSpend.kind.in_(PURPOSES)
    this_month = ModelSpend.day >= today.replace(day=1)
    async with budget.database.read() as session:
        days = await session.execute(
            _sums(ModelSpend.day, where=of_all)
            .order_by(ModelSpend.day.desc())
            .limit(DAYS_SHOWN)
        )
        by_day = {row[0]: _tokens(row) for row in days}
        purposes = await session.execute(
            _sums(ModelSpend.kind, where=of_all & this_month)
        )
        by_purpose = {row[0]: _tokens(row) for row in purposes}
        takers = await session.execute(_dearest(this_month))
        dearest = [
            Taker(contact_id=row[0], channel=row[1], tokens=_tokens(row))
            for row in takers
        ]
    return Spend(
        today=by_day.get(today, NOTHING),
        month=Tokens(
            read=sum(one.read for one in by_purpose.values()),
            written=sum(one.written for one in by_purpose.values()),
        ),
        days=list(by_day.items()),
        purposes=by_purpose,
        dearest=dearest,
    )


def _sums(*by: InstrumentedAttribute[Any], where: ColumnElement[bool]) -> Select[Any]:
    return (
        select(
            *by,
            func.sum(ModelSpend.tokens_read),
            func.sum(ModelSpend.tokens_written),
        )
        .where(where)
        .group_by(*by)
    )


def _dearest(since: ColumnElement[bool]) -> Select[Any]:
    total = func.sum(ModelSpend.tokens_read + ModelSpend.tokens_written)
    by_address = _sums(
        Contact.public_id, Address.channel, where=since & (ModelSpend.kind == "address")
    )
    return (
        by_address.join(Address, Address.id == ModelSpend.address_id)
        .join(Contact, Contact.id == Address.contact_id)
        .group_by(Address.id)
        .order_by(total.desc(), Address.id)
        .limit(DEAREST_SHOWN)
    )


def _tokens(row: Sequence[Any]) -> Tokens:
    return Tokens(read=int(row[-2]), written=int(row[-1]))
