"""The budget as the server keeps it, and what operators see of it."""

import asyncio
import json

import httpx
import pytest
from sqlalchemy import select

from bot.clock import utc_now
from bot.config import Settings
from bot.conversations.models import Address
from bot.conversations.ports import Tokens
from bot.conversations.spending.budget import budget_of
from bot.conversations.spending.report import spend
from bot.conversations.states import SpentOn
from bot.database import Database
from bot.staff import Role
from bot.staff.tokens import Scope
from tests.support.chat import arrive
from tests.support.core import PHONE, Core
from tests.support.house import House
from tests.support.program import program
from tests.support.staff import Desk, add_staff
from tests.support.terminal import Terminal

REPLY = Tokens(read=900, written=100)
SHOWN = "<td>1,800</td> <td>200</td> <td>0.85</td>"


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return settings.model_copy(
        update={
            "bot_model_most_tokens_network_day": 1500,
            "bot_model_price_in": 250.0,
            "bot_model_price_out": 2000.0,
        }
    )


@pytest.fixture
async def paid(house: House) -> House:
    """The server, with an assistant whose model takes tokens."""
    house.assistant.takes = REPLY
    return house


async def test_visitors_of_one_network_share_a_limit(paid: House) -> None:
    for _ in range(3):
        await (await arrive(paid.client)).say("How long?")
        await paid.work()
    assert (len(paid.assistant.asked), paid.assistant.paid) == (3, 2)
    elsewhere = httpx.ASGITransport(paid.app, client=("203.0.113.9", 1))
    async with httpx.AsyncClient(
        transport=elsewhere, base_url=paid.parts.settings.base_url
    ) as client:
        await (await arrive(client)).say("How long?")
    await paid.work()
    assert paid.assistant.paid == 3


async def test_a_network_has_a_new_name_every_day_that_does_not_tell_it(
    paid: House,
) -> None:
    visitor = await arrive(paid.client)
    names = []
    for day in range(2):
        await visitor.say("How long?", client_id=f"c{day}")
        async with paid.parts.database.read() as session:
            found = await session.scalars(select(Address.network))
            names.append(found.one())
        paid.clock.advance(24 * 3600)
    assert len(set(names)) == 2
    assert not any(name is None or "127.0.0.1" in name for name in names)


async def test_questions_of_programs_and_drafts_count_by_themselves(
    paid: House,
) -> None:
    reader = await program(paid, Scope.READ)
    await reader.post("/ask", {"question": "How long?"})
    await add_staff(paid.parts.database, "Ana", role=Role.ADMIN, now=paid.clock())
    conversation = await paid.write("How long?")
    await paid.work()
    desk = Desk(client=paid.client)
    await desk.sign_in("Ana")
    assert (await desk.act(conversation, "draft")).status_code == 200
    found = await spend(paid.parts.budget)
    assert found.purposes == {
        SpentOn.API: REPLY,
        SpentOn.DRAFT: REPLY,
        SpentOn.REPLY: REPLY,
    }


async def test_admins_see_what_was_taken_and_by_whom_most(paid: House) -> None:
    await add_staff(paid.parts.database, "Ana", role=Role.ADMIN, now=paid.clock())
    await add_staff(paid.parts.database, "Ben", now=paid.clock())
    for text in ("How long?", "How much?"):
        await paid.write(text)
        await paid.work()
    desk = Desk(client=paid.client)
    await desk.sign_in("Ana")
    page = await desk.see("/console/spend")
    assert page.count(SHOWN) == 5  # today, the month, replies, the day, the contact
    assert "200,000 for an address in a day, 1,500 for a network in a day" in page
    assert PHONE.removeprefix("whatsapp:") not in page
    assert "/console/spend" in await desk.see("/console/office")
    await desk.sign_in("Ben")
    assert (await paid.client.get("/console/spend")).status_code == 403


def test_the_terminal_says_what_was_taken(
    terminal: Terminal, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "nothing has been taken yet" in terminal("spend")
    asyncio.run(take(settings))
    words = terminal("spend")
    assert "set BOT_MODEL_PRICE_IN" in words
    monkeypatch.setenv("BOT_MODEL_PRICE_IN", "250")
    monkeypatch.setenv("BOT_MODEL_PRICE_OUT", "2000")
    words = terminal("spend")
    assert words.count("1,800          200       0.85") == 5
    told = json.loads(terminal("spend", "--json"))
    assert told["month"] == {"read": 1800, "written": 200, "cost": 0.85}
    assert told["purposes"] == {"reply": told["month"]}
    assert [one["cost"] for one in told["days"]] == [0.85]
    (taker,) = told["dearest"]
    assert (taker["channel"], taker["read"]) == ("whatsapp", 1800)
    assert PHONE.removeprefix("whatsapp:") not in words + json.dumps(told)


async def take(settings: Settings) -> None:
    """A contact on WhatsApp for whom a model was asked twice, today."""
    database = Database(settings.database_address)
    core = Core(database)
    await core.write("How long?")
    budget = budget_of(settings, database, time_zone="Europe/London", clock=utc_now)
    for _ in range(2):
        await budget.account(SpentOn.REPLY, address_id=1).pay(REPLY)
    await core.close()
    await database.close()
