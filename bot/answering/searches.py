"""The searches by themselves: by meaning, by words, and by the best sentence."""

from dataclasses import dataclass
from datetime import date

import numpy as np

from bot.answering.embedding import Vectors
from bot.answering.fusion import Ranking
from bot.answering.index import Index
from bot.answering.passages import Query

CANDIDATES = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class Rankings:
    """What every search found for one text: chunk numbers with scores, best first."""

    dense: Ranking
    lexical: Ranking
    sentences: Ranking


@dataclass(frozen=True, slots=True, kw_only=True)
class Searched:
    """A query as it was searched for, with what each search found for its views."""

    query: Query
    index: Index
    rankings: tuple[Rankings, ...]


def rankings(
    index: Index, query: Query, vectors: Vectors, *, today: date
) -> list[Rankings]:
    """For each of the query's views; ``vectors`` are those of its texts."""
    vectors = vectors[: len(query.views)]
    meaning = index.dense(vectors, CANDIDATES)
    words = [index.lexical(text, CANDIDATES) for text in query.views]
    return [
        _usable(index, dense, lexical, vector, today)
        for dense, lexical, vector in zip(meaning, words, vectors, strict=True)
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
