"""Finds the passages for a question: two searches, for the message and its context."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from langchain_core.callbacks import (
    AsyncCallbackManagerForRetrieverRun,
    CallbackManagerForRetrieverRun,
)
from langchain_core.documents import Document
from langchain_core.retrievers import BaseRetriever
from pydantic import ConfigDict, PrivateAttr

from bot.answering.chunks import Chunk, SentenceKind
from bot.answering.coverage import coverage, rare_words
from bot.answering.embedding import Embedder, Vectors
from bot.answering.executor import Executor
from bot.answering.fusion import Ranking, fused, in_context, with_documents
from bot.answering.index import Index
from bot.answering.library import IndexLibrary

CANDIDATES = 40
PASSAGES = 8
LONGEST_QUERY = 2000
RECENT = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """A chunk that was found, with everything that speaks for it.

    ``dense`` and ``context`` are cosines with the message and with the message after
    the last few of the contact's earlier ones; ``lexical`` is the message's BM25 score;
    ``sentence_scores`` are cosines of its sentences with the message, and
    ``context_scores`` with the context; ``coverage`` is the share of the message's
    terms, weighed by how rare they are, that stand in the passage.
    """

    chunk: Chunk
    score: float
    dense: float
    context: float
    lexical: float
    coverage: float
    sentence_scores: tuple[float, ...]
    context_scores: tuple[float, ...]

    @property
    def best_sentence(self) -> float:
        """The best score of a sentence; headings promise, they do not answer."""
        scored = zip(self.chunk.sentences, self.sentence_scores, strict=True)
        return max(
            (s for found, s in scored if found.kind is not SentenceKind.HEADING),
            default=0.0,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """A message, and what its contact wrote before it, oldest first."""

    text: str
    earlier: tuple[str, ...] = ()

    @property
    def views(self) -> tuple[str, ...]:
        """The message, then with the last few before it, then with all of them.

        Each stands only where it differs from the one before. An embedding model reads
        only so many words: of a long conversation the beginning, which names the topic.
        """
        recent = "\n".join((*self.earlier[-RECENT:], self.text))
        whole = "\n".join((*self.earlier, self.text))
        views = dict.fromkeys((self.text, recent[-LONGEST_QUERY:], whole))
        return tuple(view[:LONGEST_QUERY] for view in views)

    def respelled(self, spelling: Callable[[str], str]) -> "Query":
        """The same messages with their words spelled in another way."""
        return Query(
            text=spelling(self.text), earlier=tuple(map(spelling, self.earlier))
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """The passages for a query, best first, and the generation they come from."""

    passages: tuple[Passage, ...]
    generation: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Rankings:
    """What every search found for one text: chunk numbers with scores, best first."""

    dense: Ranking
    lexical: Ranking
    sentences: Ranking


def rankings(
    index: Index, query: Query, vectors: Vectors, *, today: date
) -> list[Rankings]:
    """For each of the query's views; ``vectors`` are theirs."""
    meaning = index.dense(vectors, CANDIDATES)
    words = [index.lexical(text, CANDIDATES) for text in query.views]
    return [
        _usable(index, dense, lexical, vector, today)
        for dense, lexical, vector in zip(meaning, words, vectors, strict=True)
    ]


def search_index(
    index: Index, query: Query, vectors: Vectors, *, today: date, limit: int = PASSAGES
) -> list[Passage]:
    """The best passages; ``vectors`` are those of the query's views."""
    searched = rankings(index, query, vectors, today=today)
    scores = in_context(
        [fused(each.dense, each.lexical, each.sentences) for each in searched]
    )
    scores = with_documents(scores, {n: index.chunks[n].document for n in scores})
    best = sorted(scores, key=lambda number: (-scores[number], number))[:limit]
    lexical = dict(searched[0].lexical)
    weights = rare_words(index, query.text)
    return [
        _passage(
            index,
            number,
            vectors,
            score=scores[number],
            lexical=lexical.get(number, 0.0),
            weights=weights,
        )
        for number in best
    ]


class KnowledgeRetriever(BaseRetriever):
    """The search as a LangChain retriever; its documents carry their passages."""

    model_config = ConfigDict(arbitrary_types_allowed=True)

    _library: IndexLibrary = PrivateAttr()
    _embedder: Embedder = PrivateAttr()
    _executor: Executor = PrivateAttr()
    _today: Callable[[], date] = PrivateAttr()

    def __init__(
        self,
        library: IndexLibrary,
        *,
        embedder: Embedder,
        executor: Executor,
        today: Callable[[], date],
    ) -> None:
        super().__init__()
        self._library = library
        self._embedder = embedder
        self._executor = executor
        self._today = today

    def find(self, query: Query, *, limit: int = PASSAGES) -> Found:
        """Search the current generation; blocks for some milliseconds."""
        index = self._library.index()
        query = query.respelled(index.respelled)
        vectors = self._embedder.embed(query.views)
        passages = search_index(index, query, vectors, today=self._today(), limit=limit)
        return Found(passages=tuple(passages), generation=index.generation)

    def _get_relevant_documents(
        self,
        query: str,
        *,
        run_manager: CallbackManagerForRetrieverRun,
        earlier: Sequence[str] = (),
    ) -> list[Document]:
        del run_manager
        return _documents(self.find(Query(text=query, earlier=tuple(earlier))))

    async def _aget_relevant_documents(
        self,
        query: str,
        *,
        run_manager: AsyncCallbackManagerForRetrieverRun,
        earlier: Sequence[str] = (),
    ) -> list[Document]:
        del run_manager
        found = await self._executor.run(
            self.find, Query(text=query, earlier=tuple(earlier))
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


def _usable(
    index: Index, dense: Ranking, lexical: Ranking, vector: Vectors, today: date
) -> Rankings:
    usable = {
        number
        for number, _ in (*dense, *lexical)
        if index.chunks[number].valid_on(today)
    }
    sentences = [(number, _best_sentence(index, number, vector)) for number in usable]
    return Rankings(
        dense=[hit for hit in dense if hit[0] in usable],
        lexical=[hit for hit in lexical if hit[0] in usable],
        sentences=sorted(sentences, key=lambda hit: (-hit[1], hit[0])),
    )


def _best_sentence(index: Index, number: int, vector: Vectors) -> float:
    return float(np.max(index.sentence_vectors(number) @ vector, initial=0.0))


def _passage(
    index: Index,
    number: int,
    vectors: Vectors,
    *,
    score: float,
    lexical: float,
    weights: dict[str, float],
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
        coverage=coverage(index, chunk, weights),
        sentence_scores=tuple(np.round(sentences[:, 0], 4).tolist()),
        context_scores=tuple(np.round(sentences[:, :2][:, -1], 4).tolist()),
    )
