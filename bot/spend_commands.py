"""``python -m bot spend``: what language models have taken."""

import asyncio
import json
from argparse import Namespace
from collections.abc import Iterator

from bot.clock import utc_now
from bot.config import Settings
from bot.conversations.ports import Tokens
from bot.conversations.spending.budget import Prices, budget_of
from bot.conversations.spending.report import Spend
from bot.conversations.spending.report import spend as spend_of
from bot.database import Database
from bot.organisation import load_organisation


def spend(settings: Settings, options: Namespace) -> None:
    """Print it in words, or as one JSON object."""
    found, prices = asyncio.run(_spend(settings))
    if options.json:
        print(json.dumps(_object(found, prices)))
    elif found.days:
        print("\n".join(_lines(found, prices)))
    else:
        print("nothing has been taken yet")


async def _spend(settings: Settings) -> tuple[Spend, Prices]:
    zone = load_organisation(settings.organisation_file).time_zone
    database = Database(settings.database_address)
    try:
        await database.migrate()
        budget = budget_of(settings, database, time_zone=zone, clock=utc_now)
        return await spend_of(budget), budget.prices
    finally:
        await database.close()


def _lines(found: Spend, prices: Prices) -> Iterator[str]:
    yield _line("", "tokens read", "written", "cost")
    yield _told("today", found.today, prices)
    yield _told("this month", found.month, prices)
    for kind, tokens in found.purposes.items():
        yield _told(f"  {kind}", tokens, prices)
    if found.days:
        yield "\nby day"
    for day, tokens in found.days:
        yield _told(day.isoformat(), tokens, prices)
    if found.dearest:
        yield "\nmost this month, by contact"
    for one in found.dearest:
        yield _told(f"{one.contact_id} {one.channel}", one.tokens, prices)
    if prices.cost(found.month) is None:
        yield "\nset BOT_MODEL_PRICE_IN and BOT_MODEL_PRICE_OUT to see what it costs"


def _told(name: str, tokens: Tokens, prices: Prices) -> str:
    cost = prices.cost(tokens)
    shown = "-" if cost is None else f"{cost:,.2f}"
    return _line(name, f"{tokens.read:,}", f"{tokens.written:,}", shown)


def _line(name: str, read: str, written: str, cost: str) -> str:
    return f"{name:30} {read:>14} {written:>12} {cost:>10}"


def _object(found: Spend, prices: Prices) -> dict[str, object]:
    def told(tokens: Tokens) -> dict[str, object]:
        return {
            "read": tokens.read,
            "written": tokens.written,
            "cost": prices.cost(tokens),
        }

    return {
        "today": told(found.today),
        "month": told(found.month),
        "purposes": {kind: told(one) for kind, one in found.purposes.items()},
        "days": [{"day": str(day), **told(one)} for day, one in found.days],
        "dearest": [
            {"contact": one.contact_id, "channel": one.channel, **told(one.tokens)}
            for one in found.dearest
        ],
    }
