"""How long a question waits for its answer: from when it is due until it is stored."""

import asyncio
import secrets
from collections.abc import Sequence
from pathlib import Path
from time import perf_counter

from sqlalchemy import select

from benchmarks import tutorial
from benchmarks.documents import read_chunks
from benchmarks.figures import Figure, milliseconds, percentile
from benchmarks.programs import PROJECT, development
from bot.answering.encoding.encoder import Encoder
from bot.app import create_app
from bot.channels.web_stream import CHANNEL
from bot.conversations.models import Conversation, Message
from bot.conversations.ports import Author, Inbound
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
    encoder = Encoder()
    sync(settings, encoder=encoder)
    asked = _questions(settings.knowledge_dir, questions)

    async def run() -> list[Figure]:
        app = create_app(settings)
        parts = app.state.parts
        async with parts.lifespan(app):
            return await _measure(parts.conversations, encoder, asked)

    beside = tutorial.measure(settings, encoder=encoder, questions=asked)
    return [*asyncio.run(run()), beside]


class Visitors:
    """Ask, and hear of the answers from one reader of what is stored."""

    def __init__(self, conversations: Conversations) -> None:
        self._conversations = conversations
        self._database = conversations.events.database
        self._stored: dict[str, asyncio.Future[float]] = {}
        self._after = 0
        self._leaving = False

    async def read(self) -> None:
        """Note the moment at which each answer can be read, until they leave."""
        with self._conversations.events.bus.subscribe() as subscription:
            while not self._leaving:
                await subscription.wait(seconds=PATIENCE_SECONDS)
                for conversation_id in await self._new_answers():
                    self._stored[conversation_id].set_result(perf_counter())

    async def ask(self, question: str) -> float:
        """Seconds from due, which on the web is at once, until the answer is there."""
        key = secrets.token_hex(16)
        opened = await self._conversations.open(CHANNEL, key)
        stored = asyncio.get_running_loop().create_future()
        self._stored[opened.conversation_id] = stored
        inbound = Inbound(
            channel=CHANNEL,
            sender=key,
            external_id=key,
            text=question,
        )
        due = perf_counter()
        await self._conversations.receive(inbound)
        async with asyncio.timeout(PATIENCE_SECONDS):
            moment: float = await stored
        return moment - due

    def leave(self) -> None:
        """Nobody asks any more."""
        self._leaving = True
        self._conversations.events.bus.wake()

    async def ask_at_once(self, questions: Sequence[str]) -> list[float]:
        """As many visitors as there are, each with one question after another."""
        waiting = iter(questions)
        seconds = []

        async def visitor() -> None:
            for question in waiting:
                seconds.append(await self.ask(question))  # noqa: PERF401  shared

        async with asyncio.TaskGroup() as group:
            for _ in range(AT_ONCE):
                group.create_task(visitor())
        return seconds

    async def _new_answers(self) -> list[str]:
        async with self._database.read() as session:
            rows = await session.execute(
                select(Message.id, Conversation.public_id)
                .join(Conversation, Conversation.id == Message.conversation_id)
                .where(Message.id > self._after, Message.author == Author.BOT)
                .order_by(Message.id)
            )
            found = rows.all()
        self._after = found[-1][0] if found else self._after
        return [public_id for _, public_id in found]


async def _measure(
    conversations: Conversations, encoder: Encoder, questions: Sequence[str]
) -> list[Figure]:
    visitors = Visitors(conversations)
    reader = asyncio.create_task(visitors.read())
    for question in questions[:WARM_UP]:
        await visitors.ask(question)
    alone, single = [], []
    for question in questions:
        single.append(await visitors.ask(question))
        start = perf_counter()
        await asyncio.to_thread(encoder.queries, [question])
        alone.append(perf_counter() - start)
    several = await visitors.ask_at_once(questions)
    visitors.leave()
    await reader
    embedding = milliseconds(percentile(alone, 50))
    return [
        _figure("one after another", single, beside=f"; embedding alone {embedding}"),
        _figure(f"{AT_ONCE} at once", several),
    ]


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
