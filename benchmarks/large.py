"""What ten thousand chunks cost: memory while they are synced, time for an answer."""

import asyncio
import resource
from pathlib import Path
from time import perf_counter

from benchmarks.documents import write_documents
from benchmarks.figures import Figure, milliseconds, percentile
from benchmarks.programs import PROJECT, development, timed
from benchmarks.switching import QUESTIONS
from bot.answering.assembly import Answering
from bot.answering.encoding.encoder import Encoder
from bot.answering.store.store import open_store
from bot.config import Settings
from bot.organisation import load_organisation

MEGABYTE = 1024
# The names of places make other questions of the same ones.
PLACES = ("Leeds", "Toronto", "Munich", "Auckland", "Melbourne", "Boston", "Dublin")
GOAL_SECONDS = 0.040


def measure(scratch: Path, *, documents: int) -> list[Figure]:
    """Sync them for the first time, then ask."""
    knowledge = scratch / "knowledge"
    write_documents(knowledge, documents)
    settings = development(scratch / "data", knowledge=knowledge)
    settings.data_dir.mkdir()
    timed("ingest", "sync", settings=settings)
    most = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / MEGABYTE
    store = open_store(settings)
    chunks = store.manifest(store.current() or "").chunks
    asked, embedded = asyncio.run(_asked(settings))
    beyond = [whole - part for whole, part in zip(asked, embedded, strict=True)]
    slow = percentile(beyond, 95)
    return [
        Figure(
            what=f"Memory at most while {chunks} chunks are synced for the first time",
            measured=f"{most:.0f} MB",
        ),
        Figure(
            what=(
                f"Answer from {chunks} chunks beyond embedding the question, p50 and "
                f"p95 of {len(beyond)}"
            ),
            measured=f"{milliseconds(percentile(beyond, 50))} and {milliseconds(slow)}",
            goal=f"p95 at most {milliseconds(GOAL_SECONDS)}",
            met=slow <= GOAL_SECONDS,
        ),
    ]


async def _asked(settings: Settings) -> tuple[list[float], list[float]]:
    """Seconds for each answer, and for embedding its question alone."""
    encoder = Encoder()
    organisation = load_organisation(PROJECT / "knowledge" / "organisation.yaml")
    answering = Answering(settings, organisation, encoder=encoder)
    await answering.warm_up()
    asked, embedded = [], []
    try:
        for place in PLACES:
            for question in QUESTIONS:
                text = f"{question.removesuffix('?')} in {place}?"
                start = perf_counter()
                await answering.assistant.answer(text)
                between = perf_counter()
                encoder.queries([text])
                asked.append(between - start)
                embedded.append(perf_counter() - between)
    finally:
        answering.close()
    return asked, embedded
