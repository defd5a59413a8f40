"""Which programmes a message names, by the rare words of their titles."""

import math
from collections import Counter
from collections.abc import Iterable, Sequence

from bot.answering.programmes.programmes import Programme
from bot.answering.retrieval.lexical import terms

# A programme is named where so much of its title is, weighed by how rare its words are.
NAMED = 0.6


def named_in(text: str, programmes: Sequence[Programme]) -> tuple[Programme, ...]:
    """The programmes whose title or provider a message names, the most fully first."""
    said = set(terms(text))
    seen = Counter(word for one in programmes for word in one.words)
    size = len(programmes)

    def rare(words: Iterable[str]) -> float:
        return sum(math.log(size / seen[word]) for word in words)

    shares = {
        one.title: rare(said & own) / max(rare(own), 1e-9)
        for one in programmes
        for own in [set(terms(one.title))]
    }
    named = [one for one in programmes if shares[one.title] >= NAMED]
    return tuple(sorted(named, key=lambda one: -shares[one.title]))
