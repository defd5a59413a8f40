"""Answers a second, beside the chain that a tutorial builds and that only searches.

It has chunks of 1,000 characters, the same embedding model and a Chroma collection.
They take turns of several questions: torch keeps the cores busy for a while after it
is done.
"""

import asyncio
from collections.abc import Sequence
from time import perf_counter

import chromadb
from chromadb.config import Settings as ChromaSettings

from benchmarks.documents import read_chunks
from benchmarks.figures import Figure
from bot.answering.assembly import Answering
from bot.answering.chunks import Chunk
from bot.answering.encoding.encoder import Encoder
from bot.config import Settings
from bot.organisation import load_organisation

SIZE = 1000
THREADS = 2
NEAREST = 5
TURN = 25


def measure(
    settings: Settings, *, encoder: Encoder, questions: Sequence[str]
) -> Figure:
    """Ask both the same questions in turn; ``settings`` name an index that is there."""
    # The tutorial's embeds with all cores, as it would without anybody's care.
    chain = TutorialChain(
        read_chunks(settings.knowledge_dir), encoder=Encoder(threads=THREADS)
    )
    seconds = asyncio.run(_in_turn(settings, chain, encoder, questions))
    ours, theirs = (len(questions) / spent for spent in seconds)
    return Figure(
        what=f"Answers a second, one after another, {len(questions)} questions",
        measured=f"{ours:.0f}; a tutorial's chain finds {theirs:.0f}",
        goal="at least as many",
        met=ours >= theirs,
    )


async def _in_turn(
    settings: Settings,
    chain: "TutorialChain",
    encoder: Encoder,
    questions: Sequence[str],
) -> tuple[float, float]:
    answering = Answering(
        settings, load_organisation(settings.organisation_file), encoder=encoder
    )
    await answering.warm_up()
    ours = theirs = 0.0
    try:
        for first in range(0, len(questions), TURN):
            turn = questions[first : first + TURN]
            start = perf_counter()
            for question in turn:
                await answering.assistant.answer(question)
            between = perf_counter()
            for question in turn:
                await asyncio.to_thread(chain.find, question)
            ours += between - start
            theirs += perf_counter() - between
    finally:
        answering.close()
    return ours, theirs


class TutorialChain:
    """Documents cut by length, searched by one embedding of the last message."""

    def __init__(self, chunks: Sequence[Chunk], *, encoder: Encoder) -> None:
        self._encoder = encoder
        texts = list(_cut(chunks))
        # A client in memory; the settings keep Chroma from telling anybody.
        client = chromadb.EphemeralClient(
            settings=ChromaSettings(anonymized_telemetry=False)
        )
        self._collection = client.create_collection(
            "tutorial",
            embedding_function=None,
            configuration={"hnsw": {"space": "cosine"}},
        )
        self._collection.add(
            ids=[str(number) for number in range(len(texts))],
            embeddings=encoder.passages(texts),
            documents=texts,
        )

    def find(self, question: str) -> list[str]:
        """The nearest texts, best first."""
        found = self._collection.query(
            query_embeddings=self._encoder.queries([question]), n_results=NEAREST
        )
        return list((found["documents"] or [[]])[0])


def _cut(chunks: Sequence[Chunk]) -> Sequence[str]:
    documents: dict[str, list[str]] = {}
    for chunk in chunks:
        documents.setdefault(chunk.document, []).append(chunk.searchable)
    whole = ["\n\n".join(parts) for parts in documents.values()]
    return [
        text[start : start + SIZE]
        for text in whole
        for start in range(0, len(text), SIZE)
    ]
