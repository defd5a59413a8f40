"""How near chunks are to several texts at once, by cosine."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from bot.answering.embedding import Vectors
from bot.answering.index import Index


@dataclass(frozen=True, slots=True, kw_only=True)
class Nearness:
    """Cosines ``(chunks, texts)``, the chunks in the order of their ``numbers``.

    ``passages`` are those of the chunks; ``sentences`` those of the best sentence of
    each, 0 where it has none.
    """

    numbers: Sequence[int]
    passages: Vectors
    sentences: Vectors


def nearness(index: Index, numbers: Iterable[int], vectors: Vectors) -> Nearness:
    """Of some chunks, in the order of their numbers, to texts by their ``vectors``."""
    found = sorted(numbers)
    sentences = np.zeros((len(found), len(vectors)), dtype=np.float32)
    for row, number in enumerate(found):
        cosines = index.sentence_vectors(number) @ vectors.T
        sentences[row] = np.max(cosines, axis=0, initial=0)
    return Nearness(
        numbers=found,
        passages=index.chunk_vectors[found] @ vectors.T,
        sentences=sentences,
    )
