"""The figures of the console agree with the database, to the last one."""

import csv
import io
import random
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.console.figures import MOST_DRAWN, csv_of, fitting
from bot.console.plots import columns, rows
from bot.conversations.desk.figures import Figures, Period, figures
from bot.conversations.models import (
    Address,
    CallBack,
    CallState,
    Contact,
    Conversation,
    Message,
    ModelSpend,
    Status,
)
from bot.conversations.ports import Author, Outcome, Tokens
from bot.conversations.states import SpentOn
from bot.database import Database
from tests.support.house import House
from tests.support.staff import Desk

ZONE = ZoneInfo("Europe/London")
NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
PERIOD = Period(first=date(2026, 10, 20), last=date(2026, 11, 5), zone=ZONE)
LANGUAGES = ("en", "es", "ar", None)


@pytest.fixture
async def history(database: Database) -> Database:
    """Two months of conversations, across the end of summer time."""
    draw = random.Random(7)  # noqa: S311  a history, no secret
    async with database.write() as session:
        for number in range(200):
            await _conversation(session, draw, number)
        for day in range(40):
            session.add(
                ModelSpend(
                    day=date(2026, 10, 10) + timedelta(days=day),
                    kind=SpentOn.REPLY,
                    tokens_read=day,
                    tokens_written=1,
                )
            )
    return database


async def _conversation(
    session: AsyncSession, draw: random.Random, number: int
) -> None:
    at = datetime(2026, 10, 1, tzinfo=UTC) + timedelta(minutes=draw.randrange(70_000))
    plans = draw.choice([{}, {"destination": "Canada"}, {"destination": "<b>"}])
    contact = Contact(created_at=at, facts=plans)
    session.add(contact)
    await session.flush()
    address = Address(
        contact_id=contact.id,
        channel=draw.choice(["web", "whatsapp"]),
        key=f"k{number}",
        sender=f"s{number}",
        created_at=at,
    )
    session.add(address)
    await session.flush()
    conversation = Conversation(
        address_id=address.id,
        status=Status.RESOLVED,
        language=draw.choice(LANGUAGES),
        created_at=at,
    )
    session.add(conversation)
    await session.flush()
    for turn in range(draw.randrange(1, 4)):
        session.add_all(_turn(draw, conversation, at + timedelta(minutes=turn)))
    if draw.random() < 0.3:
        state = draw.choice(list(CallState))
        session.add(
            CallBack(conversation_id=conversation.id, state=state, created_at=at)
        )
    await session.flush()


def _turn(
    draw: random.Random, conversation: Conversation, at: datetime
) -> list[Message]:
    where = {"conversation_id": conversation.id, "address_id": conversation.address_id}
    outcome = draw.choice(list(Outcome))
    told = ["faq/fees.md#Fees"] if outcome is Outcome.ANSWER else []
    return [
        Message(author=Author.CONTACT, text="How much?", created_at=at, **where),
        Message(
            author=Author.BOT,
            text="So much.",
            created_at=at + timedelta(seconds=draw.randrange(1, 20)),
            outcome=outcome,
            helpful=draw.choice([True, False, None]),
            provenance={"sections": told, "language": "en"},
            **where,
        ),
    ]


async def test_every_table_agrees_with_a_plain_count(
    history: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.conversations.desk.figures.AT_ONCE", 7)
    found = await figures(history, PERIOD, now=NOW)
    async with history.read() as session:
        conversations = [
            (one, address, contact)
            for one, address, contact in await session.execute(
                select(Conversation, Address, Contact)
                .join(Address, Address.id == Conversation.address_id)
                .join(Contact, Contact.id == Address.contact_id)
            )
            if PERIOD.first <= one.created_at.astimezone(ZONE).date() <= PERIOD.last
        ]
        messages = [
            one
            for one in await session.scalars(select(Message))
            if PERIOD.first <= one.created_at.astimezone(ZONE).date() <= PERIOD.last
        ]
        calls = [
            one.state
            for one in await session.scalars(select(CallBack))
            if PERIOD.first <= one.created_at.astimezone(ZONE).date() <= PERIOD.last
        ]
    assert found.enquiries == len(conversations) > 50
    days = Counter(c.created_at.astimezone(ZONE).date() for c, *_ in conversations)
    assert found.tables["day"] == {d.isoformat(): days[d] for d in PERIOD.days}
    assert found.tables["channel"] == Counter(a.channel for _, a, _ in conversations)
    assert found.tables["language"] == Counter(
        c.language or "unknown" for c, *_ in conversations
    )
    assert found.tables["country"] == Counter(
        p.facts.get("destination", "unknown") for *_, p in conversations
    )
    assert found.outcomes == Counter(m.outcome.value for m in messages if m.outcome)
    assert found.helped == sum(m.helpful is True for m in messages)
    assert found.did_not_help == sum(m.helpful is False for m in messages)
    assert found.calls == Counter(calls)
    assert found.tokens == Tokens(read=sum(range(10, 27)), written=17)
    _require_sums(found)


def _require_sums(found: Figures) -> None:
    for table in (*found.tables.values(), found.resolved):
        assert sum(table.values()) == found.enquiries
    assert found.first_answer.count == found.enquiries
    assert found.first_answer.median is not None
    assert found.first_answer.p90 is not None
    assert 1 <= found.first_answer.median <= found.first_answer.p90 < 20


async def test_a_resolution_is_confirmed_only_by_the_contact(
    history: Database,
) -> None:
    found = await figures(history, PERIOD, now=NOW)
    at_once = await figures(history, PERIOD, now=PERIOD.bounds[0])
    assert found.resolved["confirmed"] == at_once.resolved["confirmed"] > 0
    assert found.resolved["assumed"] > 0
    assert at_once.resolved["assumed"] == 0
    async with history.read() as session:
        rated = await session.execute(
            select(Message.conversation_id, func.count())
            .where(Message.helpful.is_(True))
            .group_by(Message.conversation_id)
        )
        assert found.resolved["confirmed"] <= len(rated.all())


async def test_the_page_shows_a_table_and_a_csv_of_each_plot(
    staffed: House, ana: Desk, ben: Desk
) -> None:
    await staffed.write("How long?")
    await staffed.work()
    page = await ben.see("/console/figures")
    assert page.count("<svg") >= 8
    assert "Language model" not in page
    assert "Language model" in await ana.see("/console/figures")
    found = await ben.client.get("/console/figures/channel")
    assert list(csv.reader(io.StringIO(found.text)))[1:] == [["WhatsApp", "1"]]
    assert (await ben.client.get("/console/figures/nothing")).status_code == 404
    odd = "/console/figures?first=2026-12-31&last=0001-01-01"
    assert (await ben.client.get(odd)).status_code == 200
    long = await ben.see("/console/figures?first=2020-01-01&last=2026-01-01")
    assert 'value="2025-01-01"' in long


async def test_what_was_counted_is_told_for_a_minute(staffed: House, ben: Desk) -> None:
    await staffed.write("How long?")
    before = await ben.see("/console/figures/channel")
    await staffed.write("How long?", sender="whatsapp:+447700900999")
    assert await ben.see("/console/figures/channel") == before
    staffed.clock.advance(60)
    assert "WhatsApp,2" in await ben.see("/console/figures/channel")


def test_nothing_that_contacts_wrote_is_markup_or_a_formula() -> None:
    for drawn in (rows("<i>", [("<b>", 1)]), columns("<i>", [("<b>", 1)])):
        assert "<b>" not in drawn
        assert "<i>" not in drawn
    assert csv_of("Country", [("=1+1", 2)]).splitlines()[1] == "'=1+1,2"


def test_what_does_not_fit_a_plot_is_drawn_as_one() -> None:
    drawn = fitting([(str(number), 2) for number in range(14)])
    assert len(drawn) == MOST_DRAWN
    assert drawn[-1] == ("3 others", 6)
