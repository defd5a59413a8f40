"""Search by words: BM25 over stemmed terms, kept in memory."""

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache

import bm25s
import numpy as np
import numpy.typing as npt
import Stemmer

# Vowel signs of Arabic and Indic scripts belong to the word, unlike their full stops.
LETTER = r"(?:[^\W_]|[\u0300-\u036f\u064b-\u065f\u0670\u0900-\u0963\u0966-\u0dff])"
# Scripts written without spaces are cut into pairs of characters.
UNSPACED = r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\u0e00-\u0e7f]"
WORD = re.compile(
    f"(?P<unspaced>{UNSPACED}+)|(?:(?!{UNSPACED}){LETTER})+(?:'{LETTER}+)*"
)
LONGEST_TERM = 40
REMEMBERED = 20_000
# Words in more texts than this share say nothing about any of them.
COMMON = 0.2
# Among so few texts every word counts.
FEW = 10


class LexicalIndex:
    """BM25 over a fixed list of texts; texts are known by their number."""

    def __init__(self, texts: Sequence[str]) -> None:
        self._size = len(texts)
        corpus = [terms(text) for text in texts]
        seen: dict[str, int] = {}
        for found in corpus:
            for term in set(found):
                seen[term] = seen.get(term, 0) + 1
        most = max(1.0, COMMON * len(corpus))
        self._known = frozenset(
            term for term, number in seen.items() if number <= most or self._size < FEW
        )
        self._engine: bm25s.BM25 | None = None
        if self._known:
            self._engine = bm25s.BM25(backend="numpy")
            self._engine.index(corpus, show_progress=False)

    def scores(self, query: str) -> npt.NDArray[np.float32]:
        """The BM25 score of every text, 0 where no word of the query stands."""
        words = [term for term in terms(query) if term in self._known]
        if self._engine is None or not words:
            return np.zeros(self._size, np.float32)
        scores: npt.NDArray[np.float32] = self._engine.get_scores(words)
        return scores


def terms(text: str) -> list[str]:
    """The stemmed words of a text, in order, with repetitions."""
    return list(_terms(text))


@lru_cache(maxsize=1024)
def _terms(text: str) -> tuple[str, ...]:
    plain = unicodedata.normalize("NFC", text).casefold().replace("’", "'")
    words: list[str] = []
    for match in WORD.finditer(plain.replace("%", " percent ")):
        word = match.group()
        if match["unspaced"]:
            words += [word[i : i + 2] for i in range(len(word) - 1)] or [word]
        else:
            words.append(word.removesuffix("'s")[:LONGEST_TERM])
    # Made anew, since several threads may not share one.
    return tuple(Stemmer.Stemmer("english").stemWords(words))
