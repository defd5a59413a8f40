"""Finds the passages for a question: two searches, for the message and its context."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np
from langchain_core.callbacks import (
    AsyncCallbackManagerForRetrieverRun,
    CallbackManagerForRetrieverRun,
)
from langchain_core.documents import Document
from langchain_core.retrievers import BaseRetriever
from pydantic import ConfigDict, PrivateAttr

from bot.answering.chunk_scores import chunk_scores
from bot.answering.coverage import coverage, rare_words, substance
from bot.answering.embedding import Embedder, Vectors
from bot.answering.executor import Executor
from bot.answering.facts import without_destinations
from bot.answering.index import Index
from bot.answering.library import IndexLibrary
from bot.answering.passages import Passage, Query
from bot.answering.reranker import Reranker
from bot.answering.searches import Searched, rankings
from bot.answering.understanding import folded

PASSAGES = 8
RERANKED = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """The passages for a query, best first, and the generation they come from."""

    passages: tuple[Passage, ...]
    generation: str


def search_index(
    index: Index, query: Query, vectors: Vectors, *, today: date, limit: int = PASSAGES
) -> list[Passage]:
    """The best passages; ``vectors`` are those of the query's texts."""
    searched = rankings(index, query, vectors, today=today)
    weights = rare_words(index, query.text)
    said = substance(index, weights)
    # A country stands in every passage about it: that it is covered says nothing.
    asked = rare_words(index, without_destinations(folded(query.text))) or weights
    scores = chunk_scores(index, query, vectors, searched, said=said)
    best = sorted(scores, key=lambda number: (-scores[number], number))[:limit]
    lexical = dict(searched[0].lexical)
    return [
        _passage(
            index,
            number,
            vectors[: len(searched)],
            score=scores[number],
            lexical=lexical.get(number, 0.0),
            weights=weights,
            asked=asked,
            said=said,
        )
        for number in best
    ]


def reranked(
    passages: Sequence[Passage], query: Query, reranker: Reranker
) -> list[Passage]:
    """The first ``RERANKED`` in the order of both scores, then the others."""
    first = passages[:RERANKED]
    said = reranker.scores(query.recent, [found.chunk.searchable for found in first])
    scored = [
        replace(found, score=found.score + score)
        for found, score in zip(first, said, strict=True)
    ]
    scored.sort(key=lambda found: -found.score)
    return [*scored, *passages[RERANKED:]]


class KnowledgeRetriever(BaseRetriever):
    """The search as a LangChain retriever; its documents carry their passages."""

    model_config = ConfigDict(arbitrary_types_allowed=True)

    _library: IndexLibrary = PrivateAttr()
    _embedder: Embedder = PrivateAttr()
    _executor: Executor = PrivateAttr()
    _today: Callable[[], date] = PrivateAttr()
    _reranker: Reranker | None = PrivateAttr()

    def __init__(
        self,
        library: IndexLibrary,
        *,
        embedder: Embedder,
        executor: Executor,
        today: Callable[[], date],
        reranker: Reranker | None = None,
    ) -> None:
        super().__init__()
        self._reranker = reranker
        self._library = library
        self._embedder = embedder
        self._executor = executor
        self._today = today

    def find(self, query: Query, *, limit: int = PASSAGES) -> Found:
        """Search the current generation; blocks for some milliseconds."""
        index, query, vectors = self._embedded(query)
        passages = search_index(
            index,
            query,
            vectors,
            today=self._today(),
            limit=max(limit, RERANKED) if self._reranker else limit,
        )
        if self._reranker:
            passages = reranked(passages, query, self._reranker)
        return Found(passages=tuple(passages[:limit]), generation=index.generation)

    def search(self, query: Query) -> Searched:
        """What every search by itself finds in the current generation."""
        index, query, vectors = self._embedded(query)
        found = rankings(index, query, vectors, today=self._today())
        return Searched(query=query, index=index, rankings=tuple(found))

    def _embedded(self, query: Query) -> tuple[Index, Query, Vectors]:
        index = self._library.index()
        query = query.respelled(index.respelled)
        return index, query, self._embedder.embed(query.texts)

    def _get_relevant_documents(
        self,
        query: str,
        *,
        run_manager: CallbackManagerForRetrieverRun,
        earlier: Sequence[str] = (),
        limit: int = PASSAGES,
    ) -> list[Document]:
        del run_manager
        found = self.find(Query(text=query, earlier=tuple(earlier)), limit=limit)
        return _documents(found)

    async def _aget_relevant_documents(
        self,
        query: str,
        *,
        run_manager: AsyncCallbackManagerForRetrieverRun,
        earlier: Sequence[str] = (),
        limit: int = PASSAGES,
    ) -> list[Document]:
        del run_manager
        found = await self._executor.run(
            self.find, Query(text=query, earlier=tuple(earlier)), limit=limit
        )
        return _documents(found)


def _documents(found: Found) -> list[Document]:
    return [
        Document(
            id=passage.chunk.id,
            page_content=passage.chunk.searchable,
            metadata={"passage": passage, "generation": found.generation},
        )
        for passage in found.passages
    ]


def _passage(
    index: Index,
    number: int,
    vectors: Vectors,
    *,
    score: float,
    lexical: float,
    weights: dict[str, float],
    asked: dict[str, float],
    said: float,
) -> Passage:
    chunk = index.chunks[number]
    sentences = index.sentence_vectors(number) @ vectors.T
    cosines = vectors @ index.chunk_vectors[number]
    return Passage(
        chunk=chunk,
        score=score,
        dense=float(cosines[0]),
        context=float(cosines[:2][-1]),
        lexical=lexical,
        coverage=coverage(chunk.searchable, asked),
        substance=said,
        sentence_scores=tuple(np.round(sentences[:, 0], 4).tolist()),
        context_scores=tuple(np.round(sentences[:, :2][:, -1], 4).tolist()),
        sentence_coverage=tuple(
            coverage(sentence.text, weights) for sentence in chunk.sentences
        ),
    )
