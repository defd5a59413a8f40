"""What models take is counted, held within limits, and told."""

import asyncio
from datetime import date, timedelta

import pytest
from sqlalchemy import select
from structlog.testing import capture_logs

from bot.conversations.contacts.erasing import Erasing
from bot.conversations.contacts.retention import Retention
from bot.conversations.models import ModelSpend, Status
from bot.conversations.ports import Tokens
from bot.conversations.spending.budget import Prices
from bot.conversations.spending.report import spend
from bot.conversations.states import SpentOn
from tests.support.assistants import HeldAssistant, ScriptedAssistant
from tests.support.contacts import contact_of
from tests.support.core import PHONE, Core

REPLY = Tokens(read=900, written=100)
OTHER = "whatsapp:+4915112345678"


async def asks(
    core: Core, times: int, *, sender: str = PHONE, network: str | None = None
) -> None:
    """Questions of one contact, each answered before the next."""
    for _ in range(times):
        await core.write("How long?", sender=sender, network=network)
        await core.work()


def paying(core: Core, **caps: int) -> ScriptedAssistant:
    """An assistant with a model, which works from now on within limits."""
    assistant = ScriptedAssistant(takes=REPLY)
    core.budget = core.new_budget(**caps)
    core.worker = core.new_worker(assistant)
    return assistant


async def rows(core: Core) -> list[tuple[str, str, int, int]]:
    async with core.database.read() as session:
        found = await session.scalars(select(ModelSpend).order_by(ModelSpend.id))
        return [
            (one.kind, one.name, one.tokens_read, one.tokens_written) for one in found
        ]


async def test_what_replies_take_is_added_up_by_purpose_and_address(
    core: Core,
) -> None:
    paying(core)
    await asks(core, 2)
    await asks(core, 1, sender=OTHER)
    assert await rows(core) == [
        ("reply", "", 2700, 300),
        ("address", "1", 1800, 200),
        ("address", "2", 900, 100),
    ]


@pytest.mark.parametrize(
    ("caps", "answered"),
    [
        ({"address_day": 2000}, 4),
        ({"day": 2000}, 2),
        ({"month": 2000}, 2),
        ({"network_day": 2000}, 2),
        ({"day": 1999}, 2),
        ({"day": 1}, 1),
        ({}, 6),
    ],
    ids=str,
)
async def test_once_a_limit_is_reached_answers_come_without_the_model(
    core: Core, caps: dict[str, int], answered: int
) -> None:
    assistant = paying(core, **caps)
    await asks(core, 3, network="n")
    await asks(core, 3, sender=OTHER, network="n")
    assert (len(assistant.asked), assistant.paid) == (6, answered)
    assert len(core.sent()) == 3


async def test_a_new_day_begins_where_the_organisation_is(core: Core) -> None:
    assistant = paying(core, day=1000)
    await asks(core, 2)
    core.clock.advance(timedelta(days=1).total_seconds())
    await asks(core, 2)
    assert assistant.paid == 2


async def test_a_month_is_longer_than_its_days(core: Core) -> None:
    assistant = paying(core, month=1000)
    await asks(core, 1)
    today = core.budget.today
    core.clock.advance(timedelta(days=1).total_seconds())
    await asks(core, 1)
    assert (assistant.paid, today.month) == (1, core.budget.today.month)
    core.clock.advance(timedelta(days=31).total_seconds())
    await asks(core, 1)
    assert assistant.paid == 2


async def test_the_log_hears_once_a_day_that_a_limit_is_reached(core: Core) -> None:
    paying(core, day=1000)
    with capture_logs() as logs:
        await asks(core, 4)
        core.clock.advance(timedelta(days=1).total_seconds())
        await asks(core, 2)
    told = [one for one in logs if one["event"] == "model_budget_reached"]
    assert [(one["limit"], one["tokens"]) for one in told] == [("day", 1000)] * 2


async def test_workers_at_the_same_time_lose_no_count(core: Core) -> None:
    accounts = [
        core.new_budget().account(SpentOn.REPLY, address_id=None, network=name)
        for name in "abab"
    ]
    await asyncio.gather(
        *(accounts[n % 4].pay(Tokens(read=3, written=1)) for n in range(40))
    )
    assert sorted(await rows(core)) == [
        ("network", "a", 60, 20),
        ("network", "b", 60, 20),
        ("reply", "", 120, 40),
    ]


async def test_a_reply_that_a_takeover_discards_has_its_price(core: Core) -> None:
    assistant = HeldAssistant()
    assistant.takes = REPLY
    core.worker = core.new_worker(assistant)
    receipt = await core.write("How long?")
    core.clock.advance(10)
    working = asyncio.create_task(core.worker.reply_once())
    await assistant.thinking.wait()
    await core.conversations.take(receipt.conversation_id, member="Ana")
    assistant.released.set()
    await working
    conversation = await core.conversation(receipt.conversation_id)
    assert (conversation.status, core.sent()) == (Status.STAFF, [])
    assert (await spend(core.budget)).today == REPLY


async def test_what_an_erased_contact_took_is_counted_without_them(core: Core) -> None:
    paying(core)
    receipt = await core.write("How long?", network="n")
    await core.work()
    contact = await contact_of(core.database, receipt.conversation_id)
    await core.conversations.resolve(receipt.conversation_id)
    await Erasing(core.conversations).erase(contact)
    assert await rows(core) == [("reply", "", 900, 100), ("network", "n", 900, 100)]


async def test_for_whom_it_was_is_forgotten_after_two_months(core: Core) -> None:
    paying(core)
    await asks(core, 1, network="n")
    retention = Retention(core.conversations, raw_days=365)
    core.clock.advance(timedelta(days=61).total_seconds())
    await retention.enforce()
    assert len(await rows(core)) == 3
    core.clock.advance(timedelta(days=3).total_seconds())
    await retention.enforce()
    assert await rows(core) == [("reply", "", 900, 100)]


async def test_the_report_tells_days_purposes_and_who_takes_most(core: Core) -> None:
    paying(core)
    first = core.budget.today
    await asks(core, 1)
    core.clock.advance(timedelta(days=1).total_seconds())
    await asks(core, 2, sender=OTHER)
    api = core.budget.paying(ScriptedAssistant(takes=REPLY), SpentOn.API)
    await api.answer("How long?")
    found = await spend(core.budget)
    assert found.today == Tokens(read=2700, written=300)
    assert found.month == Tokens(read=3600, written=400)
    assert found.days == [
        (first + timedelta(days=1), Tokens(read=2700, written=300)),
        (first, REPLY),
    ]
    assert found.purposes == {
        SpentOn.REPLY: Tokens(read=2700, written=300),
        SpentOn.API: REPLY,
    }
    assert [one.tokens.read for one in found.dearest] == [1800, 900]
    assert {one.channel for one in found.dearest} == {"whatsapp"}
    assert isinstance(found.days[0][0], date)


def test_a_cost_needs_a_price() -> None:
    tokens = Tokens(read=2_000_000, written=500_000)
    assert Prices(read=0.25, written=2.0).cost(tokens) == 1.5
    assert Prices().cost(tokens) is None
