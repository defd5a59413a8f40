"""How a generation lies in one collection: records of chunks, and one of notes."""

from base64 import b64decode, b64encode
from collections.abc import Callable, Sequence
from itertools import accumulate
from typing import Any

import numpy as np

from bot.answering.encoding.encoder import Vectors
from bot.answering.store.generations import Generation, Manifest
from bot.answering.store.records import Record, add_chunks, read_chunks

DETAILS = "details"
NOTES = "notes"
NUMBER = np.dtype("<f4")


def write_records(
    collection: Any,  # noqa: ANN401  Chroma's own types are vague
    generation: Generation,
    *,
    notes: str,
    told: Callable[[int], object],
) -> None:
    """Chunks with the vectors of their details, and what the builder wrote down."""
    counts = [len(chunk.details) for chunk in generation.chunks]
    ends = list(accumulate(counts))

    def details(number: int) -> Record:
        start, end = ends[number] - counts[number], ends[number]
        part = generation.detail_vectors[start:end].astype(NUMBER)
        return {DETAILS: b64encode(part.tobytes()).decode("ascii")}

    add_chunks(
        collection,
        generation.chunks,
        generation.chunk_vectors,
        more=details,
        told=told,
    )
    # A record needs a vector, whatever it holds.
    vector = np.eye(1, generation.manifest.dimension, dtype=np.float32)
    collection.add(ids=[NOTES], embeddings=vector, metadatas=[{NOTES: notes}])


def read_records(
    collection: Any,  # noqa: ANN401  as above
    manifest: Manifest,
) -> Generation:
    """The generation that ``write_records`` wrote; fails if something is missing."""
    chunks, vectors, records = read_chunks(
        collection, dimension=manifest.dimension, size=manifest.chunks
    )
    found = Generation(
        manifest=manifest,
        chunks=chunks,
        chunk_vectors=vectors,
        detail_vectors=_details(records, manifest.dimension),
    )
    if not found.is_whole:
        raise ValueError("details are missing")
    return found


def read_notes(collection: Any) -> str | None:  # noqa: ANN401  as above
    """What the builder wrote down."""
    found = collection.get(ids=[NOTES], include=["metadatas"])
    return str(found["metadatas"][0][NOTES]) if found["ids"] else None


def _details(records: Sequence[Record], dimension: int) -> Vectors:
    whole = b"".join(b64decode(record[DETAILS]) for record in records)
    return np.frombuffer(whole, NUMBER).astype(np.float32).reshape(-1, dimension)
