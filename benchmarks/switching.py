"""What searches notice of a switch."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from threading import Thread
from time import perf_counter

from benchmarks.documents import edit_document, write_documents
from benchmarks.figures import Figure, milliseconds, percentile
from benchmarks.programs import begun, development, timed
from bot.answering.encoding.encoder import Encoder
from bot.answering.enquiry import Query
from bot.answering.retrieval.index import Index
from bot.answering.retrieval.library import IndexLibrary
from bot.answering.store.store import open_store
from bot.config import Settings

MOST_TIMES_SLOWER = 2.0
SEARCHES = 40
QUESTIONS = (
    "What does the course in nursing cost?",
    "How many hours a week do I study?",
    "When do I hear from you after I apply?",
    "Is the deposit paid back?",
    "What does housing near the campus cost?",
)


def measure_switch(scratch: Path, *, documents: int, repetitions: int) -> list[Figure]:
    """Searches before a sync, while it builds and is switched to, and after it."""
    knowledge = scratch / "knowledge"
    write_documents(knowledge, documents)
    settings = development(scratch / "data", knowledge=knowledge)
    settings.data_dir.mkdir()
    timed("ingest", "sync", settings=settings)
    opened = [_opened(settings) for _ in range(repetitions)]
    before, during, after = _Searches(settings).around_a_sync(
        lambda: edit_document(knowledge, 0)
    )
    slower = median(during) / median(before)
    return [
        Figure(
            what=f"Index of {documents} documents opened",
            measured=f"{median(opened):.2f} s",
        ),
        Figure(
            what="Search before, during and after a sync with its switch, p50",
            measured="; ".join(
                milliseconds(median(times)) for times in (before, during, after)
            )
            + f" ({slower:.1f} times)",
            goal=f"at most {MOST_TIMES_SLOWER:.0f} times slower",
            met=slower <= MOST_TIMES_SLOWER,
        ),
        Figure(
            what="The same, p95",
            measured="; ".join(
                milliseconds(percentile(times, 95)) for times in (before, during, after)
            ),
        ),
    ]


def _opened(settings: Settings) -> float:
    start = perf_counter()
    store = open_store(settings)
    Index(store.load(store.current() or ""))
    return perf_counter() - start


class _Searches:
    """A reader such as the server's, which follows the store."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._encoder = Encoder()
        self._library = IndexLibrary(
            open_store(settings), embedding_model=self._encoder.name
        )
        self._library.index()
        follow = Thread(target=asyncio.run, args=(self._library.follow(),), daemon=True)
        follow.start()
        self._search()

    def around_a_sync(
        self, edit: Callable[[], None]
    ) -> tuple[list[float], list[float], list[float]]:
        before = [self._search() for _ in range(SEARCHES)]
        edit()
        left = self._library.index().generation
        during = []
        with begun("ingest", "sync", settings=self._settings) as process:
            while process.poll() is None or self._library.index().generation == left:
                during.append(self._search())
        after = [self._search() for _ in range(SEARCHES)]
        return before, during, after

    def _search(self) -> float:
        start = perf_counter()
        for question in QUESTIONS:
            query = Query(text=question, vector=self._encoder.queries([question])[0])
            self._library.index().search(query, today=datetime.now(UTC).date())
        return (perf_counter() - start) / len(QUESTIONS)
