"""Who wants no more messages gets none, until they write START."""

from datetime import UTC, datetime

import pytest

from bot.conversations.models import EventKind, Reason, Status
from bot.conversations.ports import Author
from bot.phrases import phrase
from tests.support.clock import START
from tests.support.core import Core, hours

OPEN = datetime(2026, 11, 30, 10, 0, tzinfo=UTC)


@pytest.fixture
async def stopped(core: Core) -> str:
    """A conversation whose contact asked for no more messages in opening hours."""
    core.clock.advance((OPEN - START).total_seconds() - 10)
    return await core.waiting(reason=Reason.ASKED_TO_STOP)


async def test_who_asks_to_stop_is_told_so_and_nothing_else(
    core: Core, stopped: str
) -> None:
    await core.work()

    assert core.sent()[-1] == phrase("stopped", "en")
    row = await core.conversation(stopped)
    assert (row.status, row.handoff_reason) == (Status.WAITING, Reason.ASKED_TO_STOP)


async def test_outside_opening_hours_nobody_asks_how_else_to_reach_them(
    core: Core,
) -> None:
    await core.waiting(reason=Reason.ASKED_TO_STOP)
    await core.work()

    assert core.sent()[-1] == phrase("stopped", "en")


async def test_staff_are_reminded_but_the_contact_hears_nothing(
    core: Core, stopped: str
) -> None:
    await core.work()
    before = core.sent()

    for _ in range(6):
        await core.work(after=hours(1))

    assert core.sent() == before
    kinds = [event.kind for event in await core.event_log()]
    assert EventKind.HANDOFF_OVERDUE in kinds


@pytest.mark.parametrize("word", ["START", "start", "Start!"])
async def test_with_start_the_bot_is_back(core: Core, stopped: str, word: str) -> None:
    await core.write(word)
    await core.work()

    assert core.sent()[-1] == phrase("started", "en")
    assert (await core.conversation(stopped)).status is Status.BOT
    await core.answered("How much?")
    assert "About: How much?" in core.sent()[-1]


async def test_start_is_a_word_for_staff_where_nobody_asked_to_stop(
    core: Core,
) -> None:
    waiting = await core.waiting(reason=Reason.ASKED_FOR_PERSON)
    await core.write("start")
    await core.work()

    assert (await core.conversation(waiting)).status is Status.WAITING


async def test_start_does_not_take_a_conversation_from_staff(
    core: Core, stopped: str
) -> None:
    await core.conversations.take(stopped, member="Alice")
    await core.write("START")
    await core.work()

    assert (await core.conversation(stopped)).status is Status.STAFF
    assert phrase("started", "en") not in await core.said(stopped, Author.SYSTEM)
