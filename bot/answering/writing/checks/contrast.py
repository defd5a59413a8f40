"""Whether a sentence in another language keeps the "not" and "only" of its source.

The encoder finds the sentence that it rests on, across languages. Where one of the two
denies and the other does not, the denial is taken out: if that brings them nearer to
each other, they spoke of the same thing and said the opposite. In the same way a source
without its case is held against it.
"""

from collections.abc import Callable, Iterator, Sequence

import numpy as np
import numpy.typing as npt

from bot.answering.writing.checks.closed_words import (
    NARROWS,
    denies,
    has,
    narrowings,
    undenied,
)
from bot.answering.writing.checks.passages import Passage

Encode = Callable[[Sequence[str]], npt.NDArray[np.float32]]
# By so much (cosine) a sentence is nearer to what says the opposite, or leaves the case
# out. Of 263 sentences of a capable model in ten languages none comes to this.
DENIAL, CASE = 0.022, 0.03
SHORTEST = 15
STRONG = {"only", "except"}


class Contrast:
    """Compares sentences by what they mean; texts are encoded once."""

    def __init__(self, encode: Encode) -> None:
        self._encode = encode
        self._vectors: dict[str, npt.NDArray[np.float32]] = {}

    def denies_what_is_said(self, said: Passage, sources: Sequence[Passage]) -> bool:
        """Whether a sentence says the opposite of what its sources say."""
        bare = said.unanswered()
        denied = denies(bare.text, bare.language)
        if all(denies(one.text, one.language) is denied for one in _long(sources)):
            return False
        nearest = self._nearest(bare, sources)
        if nearest is None or denies(nearest.text, nearest.language) is denied:
            return False
        one, other = (bare, nearest) if denied else (nearest, bare)
        changed = undenied(one.text, one.language)
        return self._nearer(other.text, changed, than=one.text) >= DENIAL

    def leaves_a_case_out(self, said: Passage, sources: Sequence[Passage]) -> bool:
        """Whether a rule that is so only for some is told as if it were for all."""
        if has(said.text, said.language, *NARROWS):
            return False
        narrowed = (has(one.text, one.language, *STRONG) for one in _long(sources))
        nearest = self._nearest(said, sources) if any(narrowed) else None
        if nearest is None:
            return False
        return any(
            self._nearer(said.text, rule, than=nearest.text) >= CASE
            for rule in _rules(nearest)
        )

    def _nearest(self, said: Passage, sources: Sequence[Passage]) -> Passage | None:
        found = list(_long(sources))
        self._learn([said.text, *(one.text for one in found)])
        return max(found, key=lambda one: self._like(said.text, one.text), default=None)

    def _nearer(self, text: str, changed: str, *, than: str) -> float:
        self._learn([text, changed, than])
        return self._like(text, changed) - self._like(text, than)

    def _like(self, one: str, other: str) -> float:
        return float(self._vectors[one] @ self._vectors[other])

    def _learn(self, texts: Sequence[str]) -> None:
        new = [text for text in dict.fromkeys(texts) if text not in self._vectors]
        if new:
            self._vectors |= dict(zip(new, self._encode(new), strict=True))


def _long(sources: Sequence[Passage]) -> Iterator[Passage]:
    for source in sources:
        yield from (one for one in source.sentences() if len(one.text) >= SHORTEST)


def _rules(sentence: Passage) -> Iterator[str]:
    """What a sentence says without each word that narrows it, and what is behind."""
    for kind, before, _ in narrowings(sentence.text, sentence.language):
        if kind in STRONG and len(before.split()) > 1:
            yield before.rstrip(" ,;:")
