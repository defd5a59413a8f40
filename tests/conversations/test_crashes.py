"""Workers that are killed at any moment: nothing is lost, nothing is sent twice."""

import asyncio
import random
import time
from collections.abc import Iterator

import pytest
from sqlalchemy import select

from bot.conversations.models import OPEN_DELIVERIES, Conversation, Delivery, Status
from bot.conversations.ports import Author
from bot.database import Database
from tests.support.core import Core
from tests.support.nursery import Nursery
from tests.support.patience import until
from tests.support.repetitions import repetitions
from tests.support.servers import served
from tests.support.worker_process import FastClock

KILLS = 3
LONGEST_LIFE_SECONDS = 0.6
PHONES = [f"whatsapp:+44770090010{number}" for number in range(4)]


@pytest.fixture(scope="module")
def nursery() -> Iterator[Nursery]:
    nursery = Nursery("tests.support.worker_process")
    yield nursery
    nursery.close()


async def nothing_is_owed(core: Core) -> bool:
    """Whether every reply and every delivery has come."""
    replies = await core.rows(
        select(Conversation).where(Conversation.reply_due_at.is_not(None))
    )
    sendings = await core.rows(
        select(Delivery).where(Delivery.state.in_(OPEN_DELIVERIES))
    )
    return not replies and not sendings


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(repetitions(100)))
async def test_killed_workers_lose_nothing_and_send_nothing_twice(
    database: Database, nursery: Nursery, seed: int
) -> None:
    chance = random.Random(seed)  # noqa: S311  repeatable, not secret
    clock = FastClock(time.time())
    core = Core(database, clock)
    written: dict[str, list[str]] = {phone: [] for phone in PHONES}
    async with served(core.simulator.twilio()) as twilio:
        arguments = (
            database.address,
            twilio,
            core.simulator.account_sid,
            core.simulator.token,
            str(clock.started),
        )
        for turn in range(KILLS):
            for phone in PHONES:
                written[phone].append(f"Question {turn} of {phone[-3:]} <{seed}>")
                await core.write(written[phone][-1], sender=phone)
            with nursery.worker(*arguments):
                await asyncio.sleep(chance.uniform(0, LONGEST_LIFE_SECONDS))
        with nursery.worker(*arguments):
            await until(lambda: nothing_is_owed(core))
    await core.close()
    await everything_was_answered_once(core, written)


async def everything_was_answered_once(
    core: Core, written: dict[str, list[str]]
) -> None:
    messages = await core.messages()
    deliveries = await core.deliveries()
    for conversation in await core.rows(select(Conversation)):
        assert conversation.status is Status.BOT
        of_bot = [
            message
            for message in messages
            if message.author is Author.BOT
            and message.conversation_id == conversation.id
        ]
        (phone,) = {
            phone
            for phone, texts in written.items()
            if any(text in of_bot[0].text for text in texts)
        }
        said = "\n".join(message.text for message in of_bot)
        assert [said.count(text) for text in written[phone]] == [1] * KILLS
        expected = [d.text for d in deliveries if d.conversation_id == conversation.id]
        assert core.sent(phone) == expected
        assert len(expected) == len(of_bot)
