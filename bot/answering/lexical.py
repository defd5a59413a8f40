"""Search by words: BM25 over stemmed terms, kept in memory."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from functools import cache, lru_cache
from math import log

import bm25s
import numpy as np
import Stemmer

from bot.answering.compounds import Compounds, joined_words
from bot.answering.spelling import Spelling, common_words, shorthand
from bot.answering.stop_words import STOP_WORDS

# Vowel signs of Arabic and Indic scripts belong to the word, unlike their full stops.
LETTER = r"(?:[^\W_]|[\u0300-\u036f\u064b-\u065f\u0670\u0900-\u0963\u0966-\u0dff])"
# Scripts written without spaces are cut into pairs of characters.
UNSPACED = r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\u0e00-\u0e7f]"
WORD = re.compile(
    f"(?P<unspaced>{UNSPACED}+)|(?:(?!{UNSPACED}){LETTER})+(?:'{LETTER}+)*"
)
LONGEST_TERM = 40
REMEMBERED = 20_000


class LexicalIndex:
    """BM25 over a fixed list of texts; texts are known by their number."""

    def __init__(self, texts: Sequence[str]) -> None:
        self._compounds = Compounds(texts)
        words = [_words(text) for text in texts]
        corpus = [_stems(found) for found in words]
        self._size = len(corpus)
        self._frequencies = Counter(term for found in corpus for term in set(found))
        self._spelling = Spelling(Counter(w for found in words for w in set(found)))
        self._engine: bm25s.BM25 | None = None
        if self._frequencies:
            self._engine = bm25s.BM25(backend="numpy")
            self._engine.index(corpus, show_progress=False)

    def search(self, query: str, k: int) -> list[tuple[int, float]]:
        """At most ``k`` numbers with their BM25 scores, best first, none of them 0."""
        words = [term for term in self.query_terms(query) if term in self._frequencies]
        if self._engine is None or not words:
            return []
        scores = self._engine.get_scores(words)
        best = np.argsort(-scores, kind="stable")[: max(k, 0)]
        return [(int(n), float(scores[n])) for n in best if scores[n] > 0]

    def query_terms(self, query: str) -> list[str]:
        """The terms of a question, mistyped ones replaced by what the texts hold."""
        return _stems(meant for word in _words(query) for meant in self._meant(word))

    def respelled(self, query: str) -> str:
        """A question with its words spelled as the texts spell them."""
        return WORD.sub(self._respelled_word, self._compounds.as_documents_write(query))

    def holds(self, term: str) -> bool:
        """Whether any of the texts has a term."""
        return term in self._frequencies

    def idf(self, term: str) -> float:
        """How rare a term is: Robertson and Spärck Jones's weight, never below 0."""
        seen = self._frequencies.get(term, 0)
        return log(1 + (self._size - seen + 0.5) / (seen + 0.5))

    def _meant(self, word: str) -> tuple[str, ...]:
        stem = _stems([word])[0]
        if stem in self._frequencies:
            return (word,)
        if word in shorthand():
            return tuple(shorthand()[word].split())
        if stem in _common_stems():
            return (word,)
        return self._spelling.corrected(word)

    def _respelled_word(self, match: re.Match[str]) -> str:
        word = match.group().casefold()
        if match["unspaced"] or word in STOP_WORDS:
            return match.group()
        meant = self._meant(word)
        return match.group() if meant == (word,) else " ".join(meant)


def terms(text: str) -> list[str]:
    """The stemmed words of a text that carry meaning, in order, with repetitions."""
    return _stems(_words(text))


@lru_cache(maxsize=REMEMBERED)
def term_set(text: str) -> frozenset[str]:
    """The same without order; remembered, since good passages are found often."""
    return frozenset(terms(text))


def _words(text: str) -> list[str]:
    return list(_meaningful(unicodedata.normalize("NFC", text).casefold()))


def _meaningful(text: str) -> Iterator[str]:
    text = text.replace("’", "'").replace("%", " percent ")
    yield from (word[:LONGEST_TERM] for word in joined_words(text))
    for match in WORD.finditer(text):
        word = match.group()
        if match["unspaced"]:
            yield from [word[i : i + 2] for i in range(len(word) - 1)] or [word]
        elif word not in STOP_WORDS:
            yield word.removesuffix("'s")[:LONGEST_TERM]


def _stems(words: Iterable[str]) -> list[str]:
    stems: list[str] = Stemmer.Stemmer("english").stemWords(list(words))
    return stems


@cache
def _common_stems() -> frozenset[str]:
    return frozenset(_stems(common_words()))
