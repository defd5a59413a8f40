"""Generations of an index with texts and vectors that a test chooses."""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from pathlib import Path

import numpy as np

from bot.answering.chunks import Chunk, Sentence, SentenceKind
from bot.answering.embedding import BUNDLED_NAME, Embedder, Vectors
from bot.answering.generations import FORMAT, Manifest, switch_to, write_manifest
from bot.answering.store import GenerationBuilder


def make_chunk(text: str, *, number: int = 0, **more: object) -> Chunk:
    """A chunk of one sentence."""
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
    index_dir: Path,
    chunks: Sequence[Chunk],
    *,
    embedder: Embedder,
    name: str = "one",
    model: str = BUNDLED_NAME,
) -> Path:
    """A whole generation, which the pointer then names; one sentence a chunk."""
    vectors = embedder.embed([chunk.searchable for chunk in chunks])
    sentences = embedder.embed([chunk.text for chunk in chunks])
    return write_vectors(
        index_dir,
        chunks,
        chunk_vectors=vectors,
        sentence_vectors=sentences,
        name=name,
        model=model,
    )


def write_vectors(
    index_dir: Path,
    chunks: Sequence[Chunk],
    *,
    chunk_vectors: Vectors,
    sentence_vectors: Vectors,
    name: str = "one",
    model: str = BUNDLED_NAME,
) -> Path:
    """As ``write_generation``, with vectors at hand."""
    folder = index_dir / name
    builder = GenerationBuilder(folder)
    builder.add(chunks, chunk_vectors=chunk_vectors, sentence_vectors=sentence_vectors)
    builder.close()
    write_manifest(
        folder,
        Manifest(
            format=FORMAT,
            generation=name,
            created_at=datetime(2026, 11, 1, tzinfo=UTC).isoformat(),
            embedding_model=model,
            dimension=384,
            chunker=1,
            fingerprint="00",
            documents=1,
            chunks=len(chunks),
            sentences=len(sentence_vectors),
        ),
    )
    switch_to(index_dir, name)
    return folder


def random_vectors(size: int) -> Vectors:
    """Unit vectors without meaning, the same every time."""
    drawn = np.random.default_rng(1).normal(size=(size, 384)).astype(np.float32)
    lengths = np.linalg.norm(drawn, axis=1, keepdims=True)
    unit: Vectors = (drawn / lengths).astype(np.float32)
    return unit
