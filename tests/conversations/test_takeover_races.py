"""After a takeover nothing of the bot's sets out, however things interleave."""

import asyncio
import random
from collections.abc import Awaitable, Callable
from functools import partial

import pytest
from sqlalchemy import select, update

from bot.conversations.models import Delivery, DeliveryState, Message, Status
from bot.conversations.outbox.deliveries import claim_delivery
from bot.conversations.ports import Author
from tests.support.assistants import ScriptedAssistant, answer
from tests.support.core import Core
from tests.support.repetitions import repetitions

LONG = "\n\n".join(f"Part {number}. " + "word " * 200 for number in range(4))


class Watch:
    """Notes when a takeover has committed and what sets out after that."""

    def __init__(self, core: Core) -> None:
        self.core = core
        self.taken = False
        self.too_late: list[int] = []

    async def claim(self) -> bool:
        """Claim as a worker does; remember it if the takeover came first."""
        async with self.core.events.transaction(self.core.clock()) as transaction:
            taken = self.taken
            claim = await claim_delivery(transaction)
        if claim is None:
            return False
        if taken and await self._author(claim.id) is Author.BOT:
            self.too_late.append(claim.id)
        return True

    async def take(self, conversation_id: str) -> None:
        await self.core.conversations.take(conversation_id, member="Alice")
        self.taken = True

    async def _author(self, delivery_id: int) -> Author:
        (message,) = await self.core.rows(
            select(Message)
            .join(Delivery, Delivery.message_id == Message.id)
            .where(Delivery.id == delivery_id)
        )
        return message.author


async def set_aside(core: Core) -> int:
    """How many deliveries had set out; they arrive, so that no other race sees them."""
    async with core.database.write() as session:
        arrived = await session.execute(
            update(Delivery)
            .where(Delivery.state == DeliveryState.SENDING)
            .values(state=DeliveryState.SENT, lease_until=None)
            .returning(Delivery.id)
        )
        return len(arrived.all())


async def later(turns: int, step: Callable[[], Awaitable[object]]) -> None:
    """Do a step after the others have had a few turns."""
    for _ in range(turns):
        await asyncio.sleep(0)
    await step()


@pytest.mark.parametrize("turns", [0, 3, 10, 30, 100])
async def test_no_delivery_of_the_bot_sets_out_after_a_takeover(
    core: Core, turns: int
) -> None:
    core.worker = core.new_worker(ScriptedAssistant(lambda _: answer(LONG)))
    conversation_id = (await core.write("How long?")).conversation_id
    core.clock.advance(2)
    await core.worker.reply_once()
    watch = Watch(core)
    await asyncio.gather(
        later(turns, lambda: watch.take(conversation_id)),
        *(later(number * 7, watch.claim) for number in range(8)),
    )
    await asyncio.gather(*(watch.claim() for _ in range(4)))
    assert watch.too_late == []
    states = [delivery.state for delivery in await core.deliveries()]
    assert set(states) <= {DeliveryState.SENDING, DeliveryState.CANCELLED}
    assert states.count(DeliveryState.SENDING) <= 1


@pytest.mark.parametrize("step", ["take", "resolve"])
async def test_a_pending_delivery_of_the_bot_stays_once_somebody_has_taken_it(
    core: Core, step: str
) -> None:
    conversation_id = (await core.write("How long?")).conversation_id
    core.clock.advance(2)
    await core.worker.reply_once()
    if step == "take":
        await core.conversations.take(conversation_id, member="Alice")
    else:
        await core.conversations.resolve(conversation_id)
    async with core.database.write() as session:
        await session.execute(
            update(Delivery).where(Delivery.id == 1).values(state=DeliveryState.PENDING)
        )
    await core.work()
    assert core.sent() == []


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(repetitions(300)))
async def test_whatever_happens_at_once_the_rules_hold(core: Core, seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311  repeatable, not secret
    conversation_id = await core.answered("First")
    committed: list[int] = []

    async def take() -> None:
        await core.conversations.take(conversation_id, member="Alice")
        committed.append(len(core.sent()))

    async def write() -> None:
        await core.write(f"Message {chance.random()}")
        core.clock.advance(2)

    steps: list[Callable[[], Awaitable[object]]] = [
        take,
        *[write] * 4,
        *[core.worker.reply_once] * 4,
        *[core.worker.send_once] * 4,
    ]
    chance.shuffle(steps)
    await asyncio.gather(*(later(chance.randrange(80), step) for step in steps))
    in_flight = len(core.sent()) - committed[0]
    sent_by_then = len(core.sent())
    await core.work()
    assert in_flight <= 1, "only what was on its way at that moment may still leave"
    assert len(core.sent()) == sent_by_then
    assert (await core.conversation(conversation_id)).status is Status.STAFF
    states = {delivery.state for delivery in await core.deliveries()}
    assert states <= {DeliveryState.SENT, DeliveryState.CANCELLED}
    replied_to = [m.in_reply_to for m in await core.messages() if m.in_reply_to]
    assert len(replied_to) == len(set(replied_to))


@pytest.mark.soak
@pytest.mark.parametrize("seed", [1])
async def test_no_race_lets_a_delivery_of_the_bot_set_out_after_a_takeover(
    core: Core, seed: int, times: Callable[[int], int]
) -> None:
    chance = random.Random(seed)  # noqa: S311  repeatable, not secret
    core.worker = core.new_worker(ScriptedAssistant(lambda _: answer(LONG)))
    before = 0
    rounds = times(10_000)
    for number in range(rounds):
        written = await core.write("How long?", sender=f"whatsapp:+4477{number:08d}")
        core.clock.advance(2)
        await core.worker.reply_once()
        watch = Watch(core)
        taking = later(
            chance.randrange(80), partial(watch.take, written.conversation_id)
        )
        claims = (later(chance.randrange(80), watch.claim) for _ in range(4))
        await asyncio.gather(taking, *claims)
        await watch.claim()
        assert watch.too_late == [], number
        before += await set_aside(core)
    assert 0 < before <= rounds, "some set out before the takeover, never two at once"


@pytest.mark.parametrize("first", ["Alice", "Ben"])
async def test_of_two_staff_who_step_in_at_once_one_is_told_about_the_other(
    core: Core, first: str
) -> None:
    conversation_id = await core.waiting()
    names = sorted(["Alice", "Ben"], key=lambda name: name != first)
    results = await asyncio.gather(
        *(core.conversations.take(conversation_id, member=name) for name in names),
        return_exceptions=True,
    )
    refused = [str(result) for result in results if result is not None]
    holder = await core.held_by(conversation_id)
    assert refused == [f"{holder} has taken it"]


async def test_a_takeover_and_a_reply_of_the_bot_leave_one_of_them_in_charge(
    core: Core,
) -> None:
    for number in range(10):
        phone = f"whatsapp:+4477009002{number:02d}"
        conversation_id = (await core.write("Hi", sender=phone)).conversation_id
        core.clock.advance(2)
        await asyncio.gather(
            later(number * 5, core.worker.reply_once),
            later(25, lambda i=conversation_id: core.conversations.take(i, member="A")),  # type: ignore[misc]
        )
        row = await core.conversation(conversation_id)
        assert row.status is Status.STAFF
        assert row.reply_due_at is None
    await core.work()
    assert core.sent() == []
