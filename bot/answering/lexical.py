"""Search by words: BM25 over stemmed terms, kept in memory."""

import re
from collections import Counter
from collections.abc import Sequence
from math import log

import bm25s
import numpy as np
import Stemmer

WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
# Scripts written without spaces are cut into pairs of characters.
UNSPACED = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\u0e00-\u0e7f]+")
STOP_WORDS = frozenset(
    [
        "a",
        "about",
        "am",
        "an",
        "and",
        "any",
        "are",
        "as",
        "at",
        "be",
        "been",
        "but",
        "by",
        "can",
        "could",
        "do",
        "does",
        "did",
        "for",
        "from",
        "get",
        "had",
        "has",
        "have",
        "how",
        "i",
        "if",
        "in",
        "into",
        "is",
        "it",
        "its",
        "it's",
        "i'm",
        "just",
        "me",
        "my",
        "no",
        "not",
        "of",
        "on",
        "one",
        "or",
        "our",
        "please",
        "pls",
        "plz",
        "shall",
        "should",
        "so",
        "some",
        "that",
        "the",
        "their",
        "them",
        "then",
        "there",
        "these",
        "they",
        "this",
        "those",
        "to",
        "u",
        "ur",
        "us",
        "was",
        "we",
        "were",
        "what",
        "when",
        "where",
        "which",
        "who",
        "whom",
        "whose",
        "why",
        "will",
        "with",
        "would",
        "you",
        "your",
    ]
)
LONGEST_TERM = 40


class LexicalIndex:
    """BM25 over a fixed list of texts; texts are known by their number."""

    def __init__(self, texts: Sequence[str]) -> None:
        corpus = [terms(text) for text in texts]
        self._size = len(corpus)
        self._frequencies = Counter(term for words in corpus for term in set(words))
        self._engine: bm25s.BM25 | None = None
        if self._frequencies:
            self._engine = bm25s.BM25(backend="numpy")
            self._engine.index(corpus, show_progress=False)

    def search(self, query: str, k: int) -> list[tuple[int, float]]:
        """At most ``k`` numbers with their BM25 scores, best first, none of them 0."""
        words = [term for term in terms(query) if term in self._frequencies]
        if self._engine is None or not words:
            return []
        scores = self._engine.get_scores(words)
        best = np.argsort(-scores, kind="stable")[: max(k, 0)]
        return [(int(n), float(scores[n])) for n in best if scores[n] > 0]

    def idf(self, term: str) -> float:
        """How rare a term is: Robertson and Spärck Jones's weight, never below 0."""
        seen = self._frequencies.get(term, 0)
        return log(1 + (self._size - seen + 0.5) / (seen + 0.5))


def terms(text: str) -> list[str]:
    """The stemmed words of a text that carry meaning, in order, with repetitions."""
    found = []
    stem = Stemmer.Stemmer("english").stemWord
    for word in WORD.findall(text.casefold().replace("’", "'")):
        if UNSPACED.match(word):
            pairs = [word[i : i + 2] for i in range(len(word) - 1)]
            found += pairs or [word]
        elif word not in STOP_WORDS:
            found.append(stem(word.removesuffix("'s")[:LONGEST_TERM]))
    return found
