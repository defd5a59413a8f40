"""Which programmes a message names, by the rare words of their titles."""

import math
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from bot.answering.chunks import Chunk
from bot.answering.programmes.programmes import PROGRAMME, Programme
from bot.answering.retrieval.lexical import terms

# A programme is named where so much of its title is, weighed by how rare its words are.
NAMED = 0.65
# What many programmes are, said behind their names.
KIND = " Professional Certificate"
# What plans call that which most of our programmes are.
MICRO = "micro-credential"


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


def names_of(chunks: Iterable[Chunk]) -> frozenset[str]:
    """What programmes and their providers are called, in full and in short."""
    documents = {one.document: one for one in chunks if one.kind == PROGRAMME}
    return frozenset(
        name.strip()
        for one in documents.values()
        for full in (one.title, str(one.facets.get("provider", "")))
        for name in _shortened(full)
        if name.strip()
    )


def _shortened(name: str) -> Iterator[str]:
    """A name without what stands in brackets, and without its common words."""
    bare = name.partition("(")[0].strip()
    yield from (bare, bare.removeprefix("The "), bare.removesuffix(KIND))


def leads_to(degree: str, programme: Programme) -> bool:
    """Whether a programme gives a degree, as plans name it; a MicroMasters is none."""
    if degree == MICRO:
        return True
    credential = (programme.field("credential") or "").casefold()
    stem = degree.casefold().removesuffix("'s")
    return any(word.startswith(stem) for word in credential.split())
