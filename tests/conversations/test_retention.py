"""What is not kept for ever goes by itself."""

import asyncio
from contextlib import suppress
from datetime import timedelta

from sqlalchemy import update

from bot.conversations.contacts.retention import Retention
from bot.conversations.models import Message
from tests.support.core import Core
from tests.support.dump import dump, files
from tests.support.patience import until

RAW = {"Body": ["How long?"], "ProfileName": ["Zaphod"]}


def days(number: float) -> float:
    return timedelta(days=number).total_seconds()


async def test_what_a_webhook_brought_is_erased_after_a_time_and_words_are_not(
    core: Core,
) -> None:
    await core.write("How long?", raw=RAW)
    core.clock.advance(days(20))
    await core.write("How much?", raw=RAW)
    core.clock.advance(days(10) + 1)
    await Retention(core.conversations, raw_days=30).enforce()
    old, new = await core.messages()
    assert (old.raw, old.text) == (None, "How long?")
    assert (new.raw, new.text) == (RAW, "How much?")


async def test_contacts_stay_unless_a_time_is_set_and_then_go_whole(
    core: Core,
) -> None:
    await core.write("I am Zaphod", raw=RAW)
    core.clock.advance(days(400))
    await Retention(core.conversations, raw_days=30).enforce()
    assert "I am Zaphod" in await dump(core.database)
    await Retention(core.conversations, raw_days=30, contact_days=399).enforce()
    assert "Zaphod" not in await dump(core.database)
    assert b"Zaphod" not in files(core.database)


async def test_a_server_at_work_erases_what_is_old(core: Core) -> None:
    await core.write("How long?", raw=RAW)
    core.clock.advance(days(31))

    async def erased() -> bool:
        messages: list[Message] = await core.messages()
        return messages[0].raw is None

    task = asyncio.create_task(Retention(core.conversations, raw_days=30).run())
    await until(erased)
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task
    assert (await core.messages())[0].text == "How long?"


async def test_once_a_night_the_database_is_written_anew(core: Core) -> None:
    """Its file grows shorter, which only a file that is written anew does."""
    for _ in range(100):
        await core.write("A long word " * 90, raw={"Body": ["Another one " * 90]})
    retention = Retention(core.conversations, raw_days=30)
    core.clock.advance(days(31))  # midday to midday: the night has passed
    before = len(files(core.database))
    await retention.enforce()
    once = len(files(core.database))
    if core.database.sqlite:
        assert once < before
    await core.write("A long word", raw={"Body": ["Another one " * 9000]})
    async with core.conversations.transaction() as transaction:
        await transaction.session.execute(update(Message).values(raw=None))
    await retention.enforce()
    if core.database.sqlite:
        assert len(files(core.database)) > once, "it waits for the next night"
