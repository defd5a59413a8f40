"""How long a question waits for its answer: from when it is due until it is stored."""

import asyncio
import secrets
from collections.abc import Sequence
from pathlib import Path
from time import perf_counter

from benchmarks.documents import read_chunks
from benchmarks.figures import Figure, milliseconds, percentile
from benchmarks.programs import PROJECT, development
from bot.answering.embedding import Embedder
from bot.app import create_app, utc_now
from bot.channels.web import CHANNEL
from bot.conversations.ports import Author, Inbound
from bot.conversations.queries import stream_after
from bot.conversations.service import Conversations
from ingest.sync import sync

AT_ONCE = 8
GOAL_SECONDS = 1.0
PATIENCE_SECONDS = 30.0
WARM_UP = 5
WORDINGS = ("{}", "hi, {}", "pls tell me: {}")


def measure(scratch: Path, *, questions: int) -> list[Figure]:
    """Ask the whole server, one question after another and several at once."""
    settings = development(scratch, knowledge=PROJECT / "knowledge")
    embedder = Embedder()
    sync(settings, embedder=embedder)
    asked = _questions(settings.knowledge_dir, questions)

    async def run() -> list[Figure]:
        app = create_app(settings)
        parts = app.state.parts
        async with parts.lifespan(app):
            return await _measure(parts.conversations, embedder, asked)

    return asyncio.run(run())


async def _measure(
    conversations: Conversations, embedder: Embedder, questions: Sequence[str]
) -> list[Figure]:
    for question in questions[:WARM_UP]:
        await _ask(conversations, question)
    alone, single = [], []
    for question in questions:
        single.append(await _ask(conversations, question))
        start = perf_counter()
        await asyncio.to_thread(embedder.embed, [question])
        alone.append(perf_counter() - start)
    several = await _ask_at_once(conversations, questions)
    embedding = milliseconds(percentile(alone, 50))
    return [
        _figure("one after another", single, beside=f"; embedding alone {embedding}"),
        _figure(f"{AT_ONCE} at once", several),
    ]


async def _ask_at_once(
    conversations: Conversations, questions: Sequence[str]
) -> list[float]:
    waiting = iter(questions)
    seconds = []

    async def visitor() -> None:
        for question in waiting:
            seconds.append(await _ask(conversations, question))  # noqa: PERF401  shared

    async with asyncio.TaskGroup() as group:
        for _ in range(AT_ONCE):
            group.create_task(visitor())
    return seconds


async def _ask(conversations: Conversations, question: str) -> float:
    """Seconds from due, which on the web is at once, until a visitor can read it."""
    key = secrets.token_hex(16)
    log = conversations.events
    await conversations.open(CHANNEL, key)
    with log.bus.subscribe() as subscription:
        due = utc_now()
        inbound = Inbound(
            channel=CHANNEL,
            sender=key,
            external_id=key,
            text=question,
            received_at=due,
        )
        await conversations.receive(inbound)
        while True:
            entries = await stream_after(log.database, CHANNEL, key, after=0)
            if any(e.message and e.message.author is Author.BOT for e in entries):
                return (utc_now() - due).total_seconds()
            if not await subscription.wait(seconds=PATIENCE_SECONDS):
                raise TimeoutError(question)


def _questions(folder: Path, count: int) -> list[str]:
    """The headings that are questions, in several wordings."""
    headings = {
        chunk.headings[-1]: None for chunk in read_chunks(folder) if chunk.headings
    }
    asked = [
        wording.format(heading)
        for wording in WORDINGS
        for heading in headings
        if heading.endswith("?")
    ]
    return asked[:count]


def _figure(how: str, seconds: Sequence[float], *, beside: str = "") -> Figure:
    middle, slow = percentile(seconds, 50), percentile(seconds, 95)
    return Figure(
        what=f"Answer stored after it is due, p50 and p95 of {len(seconds)}, {how}",
        measured=f"{milliseconds(middle)} and {milliseconds(slow)}{beside}",
        goal="p95 within a second",
        met=slow <= GOAL_SECONDS,
    )
