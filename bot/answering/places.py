"""Which countries a document is about, held against those that were asked about."""

from collections.abc import Mapping, Sequence
from functools import cache

from bot.answering.fact_rules import DESTINATION
from bot.answering.facts import destinations_in, elsewhere, understood_in
from bot.answering.passages import Passage
from bot.answering.remarks import about_any_country, compares_countries
from bot.answering.understanding import folded

PROGRAMME = "programme"
LETTERS_OF_A_CODE = 2


def countries_of(facets: Mapping[str, object]) -> frozenset[str]:
    """The countries of a document's front matter, by the names that facts have."""
    found = facets.get("country", [])
    return frozenset(map(_name, found if isinstance(found, list) else [found]))


def about(passages: Sequence[Passage], text: str) -> tuple[Passage, ...]:
    """The passages without those that are about other countries than a text names.

    What is right for one country misleads in another. A document that names no country
    counts for all, and all count where the text names none. Where it compares some,
    a heading that names one more compares something else. What compares all comes last
    where the text is about one.
    """
    asked = frozenset(destinations_in(text))
    found = [one for one in passages if not asked or _is_about(one, asked)]
    if len(asked) == 1 and not about_any_country(text):
        found.sort(key=_compares)
    return tuple(found)


def nearby(passages: Sequence[Passage], country: str | None) -> tuple[Passage, ...]:
    """The passages for who means to go to a country; programmes are for everybody."""
    if country is None:
        return ()
    return tuple(
        passage
        for passage in passages
        if passage.chunk.kind == PROGRAMME or _is_about(passage, frozenset({country}))
    )


def unheld(text: str, passages: Sequence[Passage]) -> tuple[str, ...]:
    """The countries that a text asks about and no passage does.

    Only where documents tell their countries at all.
    """
    if not any(countries_of(passage.chunk.facets) for passage in passages):
        return ()
    return tuple(
        country
        for country in elsewhere(text)
        if not any(_holds(passage, country) for passage in passages)
    )


def _is_about(passage: Passage, asked: frozenset[str]) -> bool:
    if not countries_of(passage.chunk.facets):
        return True
    if len(asked) > 1 and not _in_heading(passage) <= asked:
        return False
    return any(_holds(passage, country) for country in asked)


def _compares(passage: Passage) -> bool:
    chunk = passage.chunk
    return compares_countries(" ".join((chunk.title, *chunk.headings[-1:])))


def _in_heading(passage: Passage) -> frozenset[str]:
    return frozenset(destinations_in(" ".join(passage.chunk.headings[-1:])))


def _holds(passage: Passage, country: str) -> bool:
    if country in countries_of(passage.chunk.facets):
        return True
    return f" {folded(country)}" in f" {folded(passage.chunk.searchable)}"


@cache
def _name(country: object) -> str:
    name = str(country)
    known = understood_in(name.replace("-", " ")).get(DESTINATION)
    return known or (name.upper() if len(name) == LETTERS_OF_A_CODE else name)
