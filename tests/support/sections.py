"""Sections, and what was read and found, for tests of what is made of them."""

from collections.abc import Mapping, Sequence
from datetime import date
from types import MappingProxyType

import numpy as np

from bot.answering.chunks import Ask, Chunk, Sentence
from bot.answering.enquiry import Enquiry, Found, Hit, Query
from bot.answering.retrieval.ranking import Weights
from bot.answering.understanding.examples import Want
from bot.conversations.ports import Turn
from ingest.sentences import split_sentences

# Only what an answer and a question back need counts: nothing is ranked by these.
WEIGHTS = Weights(
    encoder="none", ranking={}, is_right={}, is_near={}, sure=0.6, near=0.3
)


def chunk(
    text: str = "A course takes six weeks.",
    *,
    title: str = "How long a course takes",
    document: str = "guidance/duration.md",
    kind: str = "guidance",
    page: int | None = None,
    headings: Sequence[str] = (),
    sentences: Sequence[Sentence] | None = None,
    as_of: date | None = date(2026, 6, 1),
    facets: dict[str, object] | None = None,
    valid_from: date | None = None,
    valid_until: date | None = None,
    asks: Sequence[Ask] = (),
    answers: dict[str, str] | None = None,
) -> Chunk:
    """A chunk whose sentences are those of its text."""
    return Chunk(
        id=f"{document}#{'/'.join(headings)}",
        document=document,
        page=page,
        position=0,
        title=title,
        headings=tuple(headings),
        text=text,
        sentences=split_sentences(text) if sentences is None else tuple(sentences),
        kind=kind,
        as_of=as_of,
        valid_from=valid_from,
        valid_until=valid_until,
        facets=facets or {},
        asks=tuple(asks),
        answers=answers or {},
    )


def question(
    heading: str, *, document: str = "faq/a.md", country: Sequence[str] = ()
) -> Chunk:
    """A section of questions and answers."""
    facets: dict[str, object] = {"country": list(country)} if country else {}
    return chunk(
        f"The answer to {heading}",
        document=document,
        title="Questions",
        headings=(heading,),
        facets=facets,
    )


def found(
    *sections: Chunk, sure: float = 0.0, near: float = 0.0, falls: float = 0.5
) -> Found:
    """Sections that were found, best first; each has ``falls`` of the one before."""
    hits = tuple(
        Hit(
            chunk=section,
            number=number,
            share=0.5 * falls**number,
            text=0.8,
            asked=0.8,
            lexical=1.0,
        )
        for number, section in enumerate(sections)
    )
    return Found(hits=hits, sure=sure, near=max(sure, near), generation="one")


def query(
    text: str = "How long does it take?",
    *,
    told: Sequence[str] = (),
    declined: Sequence[str] = (),
    named: Sequence[str] = (),
) -> Query:
    """A question without a meaning."""
    return Query(
        text=text,
        vector=np.zeros(4, np.float32),
        told=tuple(told),
        declined=frozenset(declined),
        named=frozenset(named),
    )


def enquiry(
    *queries: Query,
    text: str = "How long does it take?",
    wants: Want = Want.NONE,
    language: str = "en",
    also_asks: bool = False,
    picked: str | None = None,
    accepts_person: bool = False,
    declines: bool = False,
    understood: Mapping[str, str | None] = MappingProxyType({}),
    earlier: Sequence[Turn] = (),
    romanised: str | None = None,
    sure: float = 1.0,
) -> Enquiry:
    """A message as it was read."""
    asked = queries or (query(text),)
    return Enquiry(
        text=text,
        earlier=tuple(earlier),
        romanised=romanised,
        language=language,
        wants=wants,
        sure=sure,
        also_asks=also_asks,
        queries=tuple(asked),
        picked=picked,
        accepts_person=accepts_person,
        declines=declines,
        understood=understood,
    )
