"""Programmes by filters that a model sets, as sources for it to answer from."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date

from bot.answering.chunks import Chunk
from bot.answering.programmes.lines import notes, programme_line
from bot.answering.programmes.programmes import programmes_of, select
from bot.answering.programmes.wishes import Wishes, wishes_in
from bot.answering.writing.models.reply import Filters
from bot.answering.writing.models.sources import Source
from bot.phrases import phrase

MOST = 5


def sources_by_filters(
    filters: Filters, chunks: Iterable[Chunk], *, today: date
) -> Sequence[Source]:
    """What fits, best first, each with its document; and what nobody can tell."""
    wishes = wishes_of(filters)
    selection = select(programmes_of(chunks, today=today), wishes)
    best = selection.fitting[:MOST]
    said = [
        f"Programmes found: {len(selection.fitting)}",
        *notes(selection, wishes, "en", told=len(best)),
        phrase("programmes_not_all", "en"),
    ]
    found = [
        Source(
            text=f"{programme_line(one, 'en')}\n{one.chunk.searchable}",
            sections=(one.chunk,),
        )
        for one in best
    ]
    return [Source(text="\n".join(said)), *found]


def wishes_of(filters: Filters) -> Wishes:
    """The same wishes as those of a contact who writes these words and limits.

    A subject that is none of ours is looked for in the titles.
    """
    named = (filters.subject, filters.country, filters.mode, filters.level)
    spoken = f"in {filters.language}" if filters.language else None
    words = "; ".join(one for one in (*named, spoken, filters.sort) if one)
    read = wishes_in(words, facts={})
    own = filters.subject and frozenset({filters.subject.casefold()})
    currency = (filters.currency or "").upper() or None
    return replace(
        read,
        subjects=read.subjects or own or frozenset(),
        weeks=filters.most_weeks,
        hours=filters.most_hours,
        fee=filters.most_fee,
        currency=currency if filters.most_fee is not None else None,
        free=bool(filters.free),
        credit=bool(filters.credit),
        no_degree=bool(filters.no_degree),
        sort={"fee": "fee", "weeks": "weeks"}.get(filters.sort or "", read.sort),
    )
