"""Chunks and passages for tests of what is made of them."""

from collections.abc import Sequence
from datetime import date

from bot.answering.chunks import Chunk, Sentence
from bot.answering.passages import Passage
from ingest.sentences import split_sentences


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
) -> Chunk:
    """A chunk whose sentences are those of its text."""
    return Chunk(
        id=f"{document}#0",
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
    )


def passage(
    of: Chunk,
    *,
    scores: Sequence[float] = (),
    score: float = 1.0,
    dense: float = 0.7,
    context: float = 0.7,
    lexical: float = 3.0,
    coverage: float = 1.0,
    substance: float = 1.0,
) -> Passage:
    """A passage; ``scores`` are those of its sentences, 0.5 each if left out."""
    each = tuple(scores) or (0.5,) * len(of.sentences)
    return Passage(
        chunk=of,
        score=score,
        dense=dense,
        context=context,
        lexical=lexical,
        coverage=coverage,
        substance=substance,
        sentence_scores=each,
        context_scores=each,
        sentence_coverage=(0.0,) * len(each),
    )
