"""Bugs that are planted on purpose: the checks of storms and of power loss see each."""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from bot.conversations import receiving
from bot.conversations.live.events import Transaction
from bot.conversations.models import Conversation
from bot.conversations.outbox.deliveries import LEASE
from bot.conversations.threads import locked
from bot.conversations.working import due_replies, replies
from bot.conversations.working.replies import Replies
from bot.conversations.working.reply_claims import ReplyClaim
from bot.conversations.working.taking_turns import Turns
from bot.database import Database
from tests.support.assistants import answer
from tests.support.core import PHONE, Core
from tests.support.power_loss import missing, moments
from tests.support.recorded_disk import acknowledge
from tests.support.verdict import Acknowledged, Verdict, stored_in, verdict


@pytest.fixture
async def core(database: Database) -> AsyncIterator[Core]:
    core = Core(database)
    yield core
    await core.close()


async def judged(core: Core, *texts: str) -> Verdict:
    """What a storm would say, had it written these."""
    sids = {m.text: m.external_id or "" for m in await core.messages()}
    written = [
        Acknowledged(
            phone=PHONE, sid=sids[text], text=text, began=2 * n, ended=2 * n + 1
        )
        for n, text in enumerate(texts)
    ]
    sent: dict[str, list[str]] = defaultdict(list)
    sent[PHONE] = core.sent()
    return verdict(written, await stored_in(core.database), sent)


async def lost_in(folder: Path, **options: str) -> bool:
    """Whether a loss of power at an acknowledgement, or soon, loses something."""
    steps = await acknowledge(folder, messages=3, **options)
    cuts = moments(steps)
    told = [n for n, step in enumerate(steps, 1) if step.kind == "acknowledged"]
    cuts = [cut for cut in cuts if cut.steps in told]
    return any("lost" in (missing(steps, cut, folder) or "") for cut in cuts)


@pytest.mark.parametrize("planted", [False, True])
async def test_a_lowered_synchronous_is_seen(tmp_path: Path, *, planted: bool) -> None:
    pragma = "PRAGMA synchronous=NORMAL" if planted else ""
    assert await lost_in(tmp_path, pragma=pragma) is planted


@pytest.mark.parametrize("planted", [False, True])
async def test_an_acknowledgement_before_the_commit_is_seen(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, planted: bool
) -> None:
    write, close = Database.write, Database.close
    ending: list[asyncio.Task[None]] = []

    @asynccontextmanager
    async def early(database: Database) -> AsyncIterator[AsyncSession]:
        stack = AsyncExitStack()
        yield await stack.enter_async_context(write(database))
        ending.append(asyncio.create_task(stack.aclose()))

    async def patient(database: Database) -> None:
        await asyncio.gather(*ending)
        await close(database)

    if planted:
        monkeypatch.setattr(Database, "write", early)
        monkeypatch.setattr(Database, "close", patient)
    assert await lost_in(tmp_path) is planted


@pytest.mark.parametrize("planted", [False, True])
async def test_a_missing_uniqueness_is_seen(
    new_postgresql: Callable[[str], str],
    monkeypatch: pytest.MonkeyPatch,
    *,
    planted: bool,
) -> None:
    core = Core(Database(new_postgresql("migrated")))
    if planted:
        async with core.database.write() as session:
            await session.execute(
                text("ALTER TABLE messages DROP CONSTRAINT uq_messages_address_id")
            )

        async def never(*_: object) -> None:
            """Whatever arrives is new."""

        monkeypatch.setattr(receiving, "same_message", never)
    for _ in range(2):
        await core.write("How long?", sid="SM" + "1" * 32)
    await core.work()
    assert bool((await judged(core, "How long?")).doubled) is planted
    await core.database.close()


@pytest.mark.parametrize("planted", [False, True])
async def test_a_dropped_fence_is_seen(
    core: Core, monkeypatch: pytest.MonkeyPatch, *, planted: bool
) -> None:
    async def anyway(
        transaction: Transaction, claim: ReplyClaim
    ) -> Conversation | None:
        here = Conversation.id == claim.conversation_id
        found: Conversation | None = await transaction.session.scalar(locked(here))
        return found

    if planted:
        monkeypatch.setattr(replies, "_still_claimed", anyway)
    await core.write("How long?")
    core.clock.advance(2)
    slow = Replies(core.conversations)
    claim = await slow.claim(Turns(share=2))
    assert claim is not None
    core.clock.advance(LEASE.total_seconds() + 1)
    await core.write("How much?")
    await core.work()
    await slow.finish(claim, answer(f"About: {claim.question}"))
    await core.work()
    found = await judged(core, "How long?", "How much?")
    assert bool(found.doubled) is planted


@pytest.mark.parametrize("planted", [False, True])
async def test_a_lease_that_never_ends_is_seen(
    core: Core, monkeypatch: pytest.MonkeyPatch, *, planted: bool
) -> None:
    if planted:
        monkeypatch.setattr(due_replies, "LEASE", timedelta(days=365))
    await core.write("How long?")
    core.clock.advance(2)
    # Whoever claims it is killed.
    assert await Replies(core.conversations).claim(Turns(share=2)) is not None
    for _ in range(3):
        await core.work(after=60)
    assert bool((await judged(core, "How long?")).unanswered) is planted


async def test_a_message_that_leaves_twice_or_out_of_order_is_seen(core: Core) -> None:
    for words in ("One?", "Two?"):
        await core.write(words)
        await core.work()
    assert not any((await judged(core, "One?", "Two?")).figures.values())
    core.simulator.messages.append(core.simulator.messages[-1])
    assert (await judged(core, "One?", "Two?")).doubled
    core.simulator.messages.pop()
    core.simulator.messages.reverse()
    assert (await judged(core, "One?", "Two?")).disordered
    assert (await judged(core, "Two?", "One?")).disordered
