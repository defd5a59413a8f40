"""Documents and chunks that say the same twice, so that one of them goes stale."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

import numpy as np

from bot.answering.chunks import Chunk
from bot.answering.encoding.encoder import Vectors
from ingest.contradictions import programme_key
from ingest.documents import Document
from ingest.findings import Finding, Trouble

NEARLY_THE_SAME = 0.99
BLOCK = 1000


def same_texts(texts: Mapping[str, str]) -> Iterator[Finding]:
    """Documents with the same words, by their path."""
    first: dict[str, str] = {}
    for path, text in texts.items():
        words = " ".join(re.findall(r"\w+", text.casefold()))
        if first.setdefault(words, path) != path:
            yield _finding(path, f"has the same text as {first[words]}")


def same_programmes(documents: Iterable[Document]) -> Iterator[Finding]:
    """Programmes that are described twice."""
    first: dict[tuple[str, str], str] = {}
    for document in documents:
        if document.about.kind == "programme":
            path = first.setdefault(programme_key(document), document.path)
            if path != document.path:
                yield _finding(document.path, f"describes the same programme as {path}")


def same_chunks(chunks: Sequence[Chunk], vectors: Vectors) -> Iterator[Finding]:
    """Chunks of different documents that mean nearly the same; ``vectors`` (n, d).

    Programmes are like one another by nature and are told apart by their names.
    """
    seen = set()
    for start in range(0, len(chunks), BLOCK):
        alike = vectors[start : start + BLOCK] @ vectors.T >= NEARLY_THE_SAME
        for row, column in np.argwhere(alike):
            one, other = chunks[start + row], chunks[column]
            pair = (one.document, other.document)
            if start + row >= column or one.document == other.document or pair in seen:
                continue
            if one.kind == other.kind == "programme":
                continue
            seen.add(pair)
            yield _finding(
                other.document,
                f"“{_name(other)}” says nearly the same as “{_name(one)}” in "
                f"{one.document}",
            )


def _finding(where: str, message: str) -> Finding:
    return Finding(Trouble.DUPLICATED, where, message)


def _name(chunk: Chunk) -> str:
    return " > ".join((chunk.title, *chunk.headings))
