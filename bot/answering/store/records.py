"""How a generation lies in a Chroma collection: a record for each chunk."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import httpx
import numpy as np
from chromadb.config import Settings as ChromaSettings
from chromadb.errors import ChromaError

from bot.answering.chunks import Chunk, chunk_from_json, chunk_to_json
from bot.answering.encoding.encoder import Vectors
from bot.errors import IndexUnavailableError

BATCH = 1000
# Searches are exact, in memory: nobody asks the graph, so a poor one will do.
CONFIGURATION: Any = {
    "hnsw": {"space": "cosine", "ef_construction": 16, "max_neighbors": 4}
}
Record = Mapping[str, str]


def client_settings() -> ChromaSettings:
    """Chroma without telemetry, and without connections that stay open when idle."""
    return ChromaSettings(
        anonymized_telemetry=False, chroma_http_max_keepalive_connections=0
    )


@contextmanager
def unavailable(problem: str) -> Iterator[None]:
    """Whatever Chroma raises, as ``IndexUnavailableError`` that names a problem."""
    try:
        yield
    # Chroma raises AttributeError when it opens for a second time what is damaged.
    except (
        ChromaError,
        httpx.HTTPError,
        ValueError,
        KeyError,
        TypeError,
        AttributeError,
    ) as error:
        raise IndexUnavailableError(f"{problem} ({error})") from error


def create_collection(client: Any, name: str, **more: object) -> Any:  # noqa: ANN401  Chroma's own types are vague
    """An empty collection; it fails if there is one of that name."""
    return client.create_collection(
        name, configuration=CONFIGURATION, embedding_function=None, **more
    )


def add_chunks(
    collection: Any,  # noqa: ANN401  as above
    chunks: Sequence[Chunk],
    vectors: Vectors,
    *,
    more: Callable[[int], Record] = lambda _: {},
    told: Callable[[int], object],
) -> None:
    """A record for each chunk, in order; ``more`` gives further fields by number."""
    for start in range(0, len(chunks), BATCH):
        numbers = range(start, min(start + BATCH, len(chunks)))
        collection.add(
            ids=[f"{number:08d}" for number in numbers],
            embeddings=vectors[numbers.start : numbers.stop],
            metadatas=[
                {"chunk": chunk_to_json(chunks[number]), **more(number)}
                for number in numbers
            ],
        )
        told(len(numbers))


def read_chunks(
    collection: Any,  # noqa: ANN401  as above
    *,
    dimension: int,
    size: int,
) -> tuple[tuple[Chunk, ...], Vectors, Sequence[Record]]:
    """The chunks of a collection in their order, their vectors, and their records."""
    vectors = np.zeros((size, dimension), dtype=np.float32)
    records: dict[int, Record] = {}
    for start in range(0, collection.count(), BATCH):
        page = collection.get(
            limit=BATCH, offset=start, include=["embeddings", "metadatas"]
        )
        for name, vector, record in zip(
            page["ids"], page["embeddings"], page["metadatas"], strict=True
        ):
            if name.isdecimal() and int(name) < size:
                vectors[int(name)] = vector
                records[int(name)] = record
    if len(records) != size:
        raise ValueError(f"{size} chunks are meant to be there, {len(records)} are")
    ordered = [records[number] for number in range(size)]
    return tuple(chunk_from_json(one["chunk"]) for one in ordered), vectors, ordered
