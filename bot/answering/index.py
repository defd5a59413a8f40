"""A generation opened for searching: all of it in memory, nothing approximate."""

from collections import Counter

import numpy as np

from bot.answering.embedding import Vectors
from bot.answering.generations import Generation
from bot.answering.lexical import LexicalIndex


class Index:
    """One generation, ready to be searched; chunks are known by their number."""

    def __init__(self, generation: Generation) -> None:
        self.manifest = generation.manifest
        self.generation = generation.manifest.generation
        self.chunks = generation.chunks
        self.chunk_vectors = generation.chunk_vectors
        self._sentence_matrix = generation.sentence_vectors
        counts = [len(chunk.sentences) for chunk in self.chunks]
        self._offsets = [0, *np.cumsum(counts, dtype=int).tolist()]
        self._passages = Counter(chunk.document for chunk in self.chunks)
        self._lexical = LexicalIndex([chunk.searchable for chunk in self.chunks])

    def dense(self, vectors: Vectors, k: int) -> list[list[tuple[int, float]]]:
        """For each of ``vectors`` (q, d): chunk numbers with cosine, best first."""
        return [_best(row, k) for row in vectors @ self.chunk_vectors.T]

    def lexical(self, query: str, k: int) -> list[tuple[int, float]]:
        """Chunk numbers with BM25 scores, best first, none of them 0."""
        return self._lexical.search(query, k)

    def sentence_vectors(self, number: int) -> Vectors:
        """``(len(chunk.sentences), dimension)`` for a chunk."""
        start, end = self._offsets[number], self._offsets[number + 1]
        part: Vectors = self._sentence_matrix[start:end]
        return part

    def holds(self, term: str) -> bool:
        """Whether any chunk has a term."""
        return self._lexical.holds(term)

    def size(self, document: str) -> int:
        """How many chunks a document has."""
        return self._passages[document]

    def query_terms(self, query: str) -> list[str]:
        """The words of a question as the lexical search looks for them."""
        return self._lexical.query_terms(query)

    def respelled(self, text: str) -> str:
        """A question with its words spelled as the documents spell them."""
        return self._lexical.respelled(text)

    def idf(self, term: str) -> float:
        """How rare a term is in this index."""
        return self._lexical.idf(term)


def _best(scores: Vectors, k: int) -> list[tuple[int, float]]:
    """The ``k`` best numbers; of equals the first ones come first."""
    if not 0 < k < len(scores):
        candidates = np.arange(len(scores) if k > 0 else 0)
    else:
        candidates = np.argpartition(-scores, k - 1)[:k]
    best = candidates[np.lexsort((candidates, -scores[candidates]))]
    return [(int(number), float(scores[number])) for number in best]
