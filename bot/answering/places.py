"""Which countries a document is about, held against the one that was asked about."""

from collections.abc import Mapping, Sequence
from functools import cache

from bot.answering.facts import understood_in
from bot.answering.passages import Passage


def countries_of(facets: Mapping[str, object]) -> frozenset[str]:
    """The countries of a document's front matter, by the names that facts have."""
    found = facets.get("country", [])
    return frozenset(map(_name, found if isinstance(found, list) else [found]))


def about(passages: Sequence[Passage], destination: str | None) -> tuple[Passage, ...]:
    """The passages without those whose documents are about other countries only.

    What is right for one country misleads in another. A document that names no country
    counts for all.
    """
    return tuple(
        passage
        for passage in passages
        if destination is None
        or not (places := countries_of(passage.chunk.facets))
        or destination in places
    )


@cache
def _name(country: object) -> str:
    name = str(country)
    return understood_in(name.replace("-", " ")).get("destination") or name
