"""Staff are told that a person is needed: why and where, and nothing else."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from starlette.responses import Response
from structlog.testing import capture_logs

from bot.console import words
from bot.conversations.models import EventKind
from bot.errors import SettingsError
from bot.integrations.notifications import TOGETHER_SECONDS, Notifier
from tests.support.core import PHONE, Core
from tests.support.patience import until
from tests.support.receiver import Receiver
from tests.support.servers import served


class Bell:
    """A notifier, and the server on loopback that it rings."""

    def __init__(self, core: Core, receiver: Receiver, address: str) -> None:
        self.core = core
        self.receiver = receiver
        self.url = address.replace("http://", "json://user:topsecret@")
        self.pauses: list[float] = []
        self.notifier = self.new_notifier()

    def new_notifier(self, *more: str) -> Notifier:
        """As another process, or with more addresses."""

        async def pause(seconds: float) -> None:
            self.pauses.append(seconds)

        return Notifier(
            self.core.events,
            ",".join((self.url, *more)),
            base_url="https://ask.example.org",
            reason=words.reason,
            clock=self.core.clock,
            pause=pause,
        )

    async def work(self) -> None:
        while await self.notifier.tell_once():
            pass

    def told(self) -> list[tuple[str, str]]:
        return [
            (one.said["title"], one.said["message"]) for one in self.receiver.received
        ]


@pytest.fixture
async def bell(core: Core) -> AsyncIterator[Bell]:
    receiver = Receiver()
    async with served(receiver) as address:
        bell = Bell(core, receiver, address)
        await bell.notifier.start()
        yield bell


async def test_a_handoff_is_told_with_reason_and_link_and_no_word(
    core: Core, bell: Bell
) -> None:
    conversation_id = await core.answered("My name is Eve")
    await bell.work()
    assert bell.told() == []
    await core.conversations.hand_off(conversation_id, "distress")
    await bell.work()
    link = f"https://ask.example.org/console/conversations/{conversation_id}"
    assert bell.told() == [("A person is needed: Distress", link)]
    raw = bell.receiver.received[0].body.decode()
    assert "Eve" not in raw
    assert PHONE.removeprefix("whatsapp:") not in raw


async def test_that_nobody_took_it_and_that_a_call_is_due_are_told_too(
    core: Core, bell: Bell
) -> None:
    conversation_id = await core.waiting(reason="complaint")
    row = await core.conversation(conversation_id)
    await bell.work()
    for kind in (EventKind.HANDOFF_OVERDUE, EventKind.CALL_BACK_DUE):
        async with core.events.transaction(core.clock()) as transaction:
            transaction.record(kind, row.id)
        await bell.work()
    assert [title for title, _ in bell.told()] == [
        "A person is needed: Complaint",
        "Nobody has taken it yet: Complaint",
        "A call-back is due: Complaint",
    ]


async def test_many_handoffs_at_once_are_one_notice_with_distress_first(
    core: Core, bell: Bell
) -> None:
    ids = [
        await core.waiting(
            sender=f"whatsapp:+4477009{number:05d}",
            reason="distress" if number == 7 else "complaint",
        )
        for number in range(10)
    ]
    await bell.work()
    console = "https://ask.example.org/console"
    assert bell.told() == [
        (
            "A person is needed: Distress; 9 more in the inbox",
            f"{console}/conversations/{ids[7]}\n{console}",
        )
    ]


async def test_after_a_notice_the_loop_waits_for_what_comes_with_it(
    core: Core, bell: Bell
) -> None:
    running = asyncio.create_task(bell.notifier.run())
    await core.waiting()

    async def paused() -> bool:
        return bell.pauses == [TOGETHER_SECONDS]

    await until(paused)
    running.cancel()
    assert len(bell.told()) == 1


async def test_a_failure_is_tried_again_and_logged_without_the_secret(
    core: Core, bell: Bell
) -> None:
    bell.receiver.answers = [Response(status_code=500) for _ in range(3)]
    await core.waiting()
    with capture_logs() as logs:
        await bell.work()
    assert len(bell.receiver.received) == 3
    assert bell.pauses == [2.0, 10.0]
    failures = [one for one in logs if one["event"] == "notification_failed"]
    assert [one["service"] for one in failures] == ["JSON"] * 3
    assert "topsecret" not in repr(logs)
    await core.waiting(sender="whatsapp:+4915112345678")
    await bell.work()
    assert len(bell.receiver.received) == 4, "the next one is told all the same"


async def test_one_address_that_fails_does_not_keep_another_from_hearing(
    core: Core, bell: Bell
) -> None:
    bell.notifier = bell.new_notifier("json://127.0.0.1:1/nobody")
    await core.waiting()
    await bell.work()
    assert len(bell.told()) == 1


async def test_of_several_processes_one_tells(core: Core, bell: Bell) -> None:
    others = [bell.new_notifier() for _ in range(3)]
    await core.waiting()
    await asyncio.gather(*(one.tell_once() for one in others))
    await bell.work()
    assert len(bell.told()) == 1


async def test_a_process_that_vanishes_is_stood_in_for_after_its_lease(
    core: Core, bell: Bell
) -> None:
    await core.waiting()
    bell.receiver.held = asyncio.Event()
    lost = asyncio.create_task(bell.new_notifier().tell_once())

    async def begun() -> bool:
        return bool(bell.receiver.received)

    await until(begun)
    lost.cancel()
    assert not await bell.notifier.tell_once()
    bell.receiver.held.set()
    bell.receiver.held = None
    core.clock.advance(301)
    await bell.work()
    assert len(bell.told()) == 2


async def test_what_is_old_news_is_not_told(core: Core, bell: Bell) -> None:
    await core.waiting()
    core.clock.advance(3601)
    await bell.work()
    assert bell.told() == []


async def test_the_loop_tells_by_itself(core: Core, bell: Bell) -> None:
    running = asyncio.create_task(bell.notifier.run())
    await core.waiting()

    async def told() -> bool:
        return bool(bell.told())

    await until(told)
    running.cancel()


async def test_without_an_address_there_is_nothing_to_do(core: Core) -> None:
    nobody = Notifier(
        core.events, " ", base_url="", reason=words.reason, clock=core.clock
    )
    await nobody.run()


def test_an_address_that_means_nothing_is_named_by_its_place(core: Core) -> None:
    with pytest.raises(SettingsError, match="address 2 is not") as caught:
        Notifier(
            core.events,
            "json://127.0.0.1, hunter2://secret",
            base_url="",
            reason=words.reason,
            clock=core.clock,
        )
    assert "secret" not in str(caught.value)
