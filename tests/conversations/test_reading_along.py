"""A contact reads along while a reply is made; what was read is never lost."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from bot.conversations.desk.desk import Desk
from bot.conversations.live.happenings import said_so_far
from bot.conversations.models import Status
from bot.conversations.ports import Author
from bot.staff import Role, StaffMember
from tests.support.assistants import TellingAssistant
from tests.support.core import ORGANISATION, Core


async def taken(core: Core, conversation_id: str) -> None:
    await core.conversations.take(conversation_id, member="Alice")


async def resolved(core: Core, conversation_id: str) -> None:
    await core.conversations.resolve(conversation_id)


async def handed_off(core: Core, conversation_id: str) -> None:
    await core.conversations.hand_off(conversation_id, "asked")


async def begun(
    core: Core, assistant: TellingAssistant
) -> tuple[str, asyncio.Task[bool]]:
    """A web conversation whose reply is being made, and the worker at it."""
    core.worker = core.new_worker(assistant)
    inbound = core.inbound("How long?", sender="a-visitor", channel="web")
    receipt = await core.conversations.receive(inbound)
    core.clock.advance(2)
    working = asyncio.create_task(core.worker.reply_once())
    await assistant.told.wait()
    return receipt.conversation_id, working


async def test_what_is_told_can_be_read_until_the_reply_is_there(core: Core) -> None:
    assistant = TellingAssistant("Six", "Six weeks.")
    conversation_id, working = await begun(core, assistant)
    read = await said_so_far(core.database, conversation_id)
    assert read.endswith("\n\nSix weeks.")
    assert ORGANISATION.name in read
    assert core.conversations.presence.seen(conversation_id).bot_writing
    assert await core.said(conversation_id, Author.BOT) == []
    assistant.released.set()
    assert await working
    (said,) = await core.said(conversation_id, Author.BOT)
    assert said.startswith(read)
    assert said.endswith("Six weeks. The rest.")
    assert await said_so_far(core.database, conversation_id) == ""
    assert assistant.waited_for == [True, True, True]


@pytest.mark.parametrize(
    ("meanwhile", "status"),
    [(taken, Status.STAFF), (resolved, Status.RESOLVED), (handed_off, Status.WAITING)],
)
async def test_when_somebody_takes_over_what_was_read_stays_and_nothing_follows(
    core: Core, meanwhile: Callable[[Core, str], Awaitable[None]], status: Status
) -> None:
    assistant = TellingAssistant("Six weeks.")
    conversation_id, working = await begun(core, assistant)
    await meanwhile(core, conversation_id)
    assistant.released.set()
    await working
    await core.work(after=120)
    (said,) = await core.said(conversation_id, Author.BOT)
    assert said.endswith("\n\nSix weeks. …")
    assert await said_so_far(core.database, conversation_id) == ""
    assert assistant.waited_for == [True, False]
    assert (await core.conversation(conversation_id)).status is status


async def test_on_a_channel_that_sends_nothing_is_told_before_the_reply_is_whole(
    core: Core,
) -> None:
    assistant = TellingAssistant("Six weeks.")
    assistant.released.set()
    core.worker = core.new_worker(assistant)
    await core.write("How long?")
    await core.work(after=10)
    assert assistant.waited_for == []
    assert len(core.sent()) == 1


async def test_in_an_emergency_nothing_of_the_bots_own_is_begun(core: Core) -> None:
    assistant = TellingAssistant("Six weeks.")
    conversation_id, working = await begun(core, assistant)
    async with core.database.write() as session:
        member = StaffMember(name="Alice", role=Role.ADMIN, created_at=core.clock())
        session.add(member)
    await Desk(core.conversations).start_emergency("Call 112.", member_id=member.id)
    assistant.released.set()
    await working
    assert assistant.waited_for == [True, False]
    assert await core.said(conversation_id, Author.BOT) == ["Call 112."]
