"""Asks every question of a suite through the assistant that serves contacts."""

import asyncio
import tempfile
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from time import perf_counter

from bot.answering.assembly import Answering
from bot.answering.encoding.encoder import Encoder
from bot.config import Settings
from bot.conversations.ports import Author, Turn
from bot.evaluation.documents import copy_documents
from bot.evaluation.scoring import RANKS, Reply
from bot.evaluation.suites import Question, Suite
from bot.organisation import load_organisation
from ingest.progress import Progress
from ingest.sync import sync

DEEP = 60


async def ask_suite(
    settings: Settings, suite: Suite, *, progress: Progress
) -> list[Reply]:
    """The replies to all questions, one after another, in the suite's order.

    The suite's own documents go into an index that is thrown away afterwards; without
    any, the project's knowledge is asked.
    """
    async with answering_for(settings, suite, progress=progress) as answering:
        with progress.bar(suite.name, total=len(suite.questions)) as advance:
            return [
                await _ask(answering, question, advance) for question in suite.questions
            ]


@asynccontextmanager
async def answering_for(
    settings: Settings, suite: Suite, *, progress: Progress
) -> AsyncIterator[Answering]:
    """The assistant over a suite's documents, in an index that is thrown away."""
    organisation = load_organisation(settings.organisation_file)
    with tempfile.TemporaryDirectory() as scratch:
        changed = {"data_dir": Path(scratch) / "data"}
        if suite.documents:
            changed["knowledge_dir"] = Path(scratch) / "documents"
            copy_documents(suite.documents, changed["knowledge_dir"])
        own = settings.model_copy(update=changed)
        encoder = Encoder(settings.embedding_model)
        await asyncio.to_thread(sync, own, encoder=encoder, progress=progress)
        answering = Answering(own, organisation, encoder=encoder)
        try:
            await answering.warm_up()
            yield answering
        finally:
            answering.close()


async def _ask(
    answering: Answering, question: Question, advance: Callable[[int], None]
) -> Reply:
    earlier = tuple(Turn(Author.CONTACT, text) for text in question.earlier)
    start = perf_counter()
    answer = await answering.assistant.answer(question.text, earlier=earlier)
    milliseconds = (perf_counter() - start) * 1000
    found = await answering.find(question.text, earlier=earlier, limit=DEEP)
    ranking = dict.fromkeys(hit.chunk.document for hit in found.hits)
    advance(1)
    return Reply(
        question=question,
        answer=answer,
        ranking=tuple(ranking)[:RANKS],
        milliseconds=milliseconds,
    )
