"""Generations of an index with texts and vectors that a test chooses."""

from collections.abc import Sequence
from datetime import UTC, date, datetime

import numpy as np

from bot.answering.chunks import Chunk, Role, Sentence, SentenceKind
from bot.answering.encoding.encoder import BUNDLED_NAME, Encoder, Vectors
from bot.answering.store.generations import FORMAT, Generation, Manifest
from bot.answering.store.store import Store


def make_chunk(text: str, *, number: int = 0, **more: object) -> Chunk:
    """A chunk of one sentence, with a vector and one of its heading as a question."""
    fields: dict[str, object] = {
        "id": f"guide.md#{number}",
        "document": "guide.md",
        "position": number,
        "title": "Guide",
        "headings": ("Part", f"Section {number}"),
        "text": text,
        "sentences": (Sentence(text, SentenceKind.ITEM),),
        "kind": "guidance",
        "url": "https://example.org/guide",
        "as_of": date(2026, 6, 1),
        "facets": {"country": "DE", "credits": 5},
        **more,
    }
    return Chunk(**fields)  # type: ignore[arg-type]  # fields by name


def write_generation(
    store: Store,
    chunks: Sequence[Chunk],
    *,
    encoder: Encoder,
    name: str = "one",
    model: str = BUNDLED_NAME,
    previous: str | None = None,
) -> Manifest:
    """Write a whole generation, which is then in use."""
    generation = encoded_generation(
        chunks, encoder=encoder, name=name, model=model, previous=previous
    )
    keep(store, generation)
    return generation.manifest


def keep(store: Store, generation: Generation) -> None:
    """Write a generation at hand, which is then in use."""
    with store.writing() as writer:
        writer.write(generation, notes="[]", told=lambda _: None)
        writer.switch_to(generation.manifest)


def encoded_generation(
    chunks: Sequence[Chunk],
    *,
    encoder: Encoder,
    name: str = "one",
    model: str = BUNDLED_NAME,
    previous: str | None = None,
) -> Generation:
    """A generation in memory, with the vectors that a sync would give it."""
    encode = {Role.QUERY: encoder.queries, Role.PASSAGE: encoder.passages}
    details = [
        encode[role]([text])[0] for chunk in chunks for text, role in chunk.details
    ]
    texts = [chunk.searchable for chunk in chunks]
    return make_generation(
        chunks,
        chunk_vectors=encoder.passages(texts) if texts else random_vectors(0),
        detail_vectors=np.stack(details) if details else random_vectors(0),
        name=name,
        model=model,
        previous=previous,
    )


def make_generation(
    chunks: Sequence[Chunk],
    *,
    chunk_vectors: Vectors | None = None,
    detail_vectors: Vectors | None = None,
    name: str = "one",
    model: str = BUNDLED_NAME,
    previous: str | None = None,
) -> Generation:
    """A generation in memory; vectors that are left out have no meaning."""
    details = sum(len(chunk.details) for chunk in chunks)
    if chunk_vectors is None:
        chunk_vectors = random_vectors(len(chunks))
    if detail_vectors is None:
        detail_vectors = random_vectors(details)
    manifest = Manifest(
        format=FORMAT,
        generation=name,
        created_at=datetime(2026, 11, 1, tzinfo=UTC).isoformat(),
        embedding_model=model,
        dimension=384,
        recipe="by hand",
        fingerprint="00",
        documents=1,
        chunks=len(chunks),
        details=details,
        previous=previous,
    )
    return Generation(
        manifest=manifest,
        chunks=tuple(chunks),
        chunk_vectors=chunk_vectors,
        detail_vectors=detail_vectors,
    )


def random_vectors(size: int) -> Vectors:
    """Unit vectors without meaning, the same every time."""
    drawn = np.random.default_rng(1).normal(size=(size, 384)).astype(np.float32)
    lengths = np.linalg.norm(drawn, axis=1, keepdims=True)
    unit: Vectors = (drawn / lengths).astype(np.float32)
    return unit
