"""Looks up what a message asks: as one question, or as the several it is made of."""

from dataclasses import replace
from datetime import date

from bot.answering.enquiry import Enquiry, Found, Hit, Query
from bot.answering.retrieval.index import Index
from bot.answering.retrieval.ranking import Weights

# A question of fewer words may mean many things, though a section is known by it.
FEWEST_WORDS = 4
# So many questions of one sentence are looked up.
MOST_APART = 2
# A section about so many countries compares them.
COMPARED = 3
Pair = tuple[Query, Found]


def look_up(
    index: Index, enquiry: Enquiry, *, today: date
) -> tuple[Enquiry, list[Found]]:
    """What was found for each question; those that were told apart are in its place."""
    pairs: list[Pair] = []
    for query in enquiry.queries:
        found = _search(index, query, enquiry.picked, today)
        whole = query, _left_open(index, query, found, today)
        pairs += _told_apart(index, whole, today) or [whole]
    unread = sum(len(query.apart[MOST_APART:]) for query in enquiry.queries)
    told_apart = len(pairs) > len(enquiry.queries)
    enquiry = replace(
        enquiry,
        queries=tuple(query for query, _ in pairs),
        unread=enquiry.unread + (unread if told_apart else 0),
    )
    return enquiry, [found for _, found in pairs]


def _told_apart(index: Index, whole: Pair, today: date) -> list[Pair]:
    """The questions of a sentence with what was found for each; none if it is one.

    A question about several countries is asked of each, unless one section speaks of
    all.
    """
    query, found = whole
    if not query.apart or (query.named and _speaks_of(found, query.named)):
        return []
    asked = query.apart[:MOST_APART]
    each = [(one, index.search(one, today=today)) for one in asked]
    if len(query.named) > 1:
        return each
    return _halves(index.weights, whole, each)


def _halves(weights: Weights, whole: Pair, halves: list[Pair]) -> list[Pair]:
    """The halves of a sentence, if they ask for different things that are here.

    The second one may lean on the first; where that is not sure, nothing is told. What
    is surely an answer to the whole has to be one to a half.
    """
    each = [found for _, found in halves]
    best = {one.best.chunk.name for one in each if one.best}
    near = all(one.near >= weights.near for one in each)
    if len(best) < len(halves) or not near:
        return []
    found = whole[1]
    if not _is_sure(each[0], weights):
        unsure = [(query, replace(one, sure=0.0)) for query, one in halves]
        return [] if _is_sure(found, weights) else unsure
    sure = {one.best.chunk.name for one in each if one.best and _is_sure(one, weights)}
    fits = found.best is not None and found.best.chunk.name in sure
    return halves if fits or sure == best or not _is_sure(found, weights) else []


def _left_open(index: Index, query: Query, found: Found, today: date) -> Found:
    """What was found, with the same in other countries where none is spoken of.

    What was told of one country goes on being spoken of.
    """
    names = (*query.told, *query.told_before)
    told = (n for name in names for n in index.numbers_of(name))
    placed = any(0 < len(index.chunks[n].countries) < COMPARED for n in told)
    if found.best is None or not query.placeless or placed:
        return found
    elsewhere = index.elsewhere(found.best.chunk.name, today=today)
    return replace(found, elsewhere=elsewhere)


def _is_sure(found: Found, weights: Weights) -> bool:
    return found.sure >= weights.sure


def _speaks_of(found: Found, countries: frozenset[str]) -> bool:
    """Whether the first section is about all of some countries, or about none."""
    own = found.best.chunk.countries if found.best else frozenset()
    return not own or countries <= own


def _search(index: Index, query: Query, picked: str | None, today: date) -> Found:
    """The section that was picked, or is known by these very words, comes first.

    So does the table with the row that the words name. That is sure; of words that do
    not stand alone only a pick is.
    """
    found = index.search(query, today=today)
    alone = picked or (query.text if len(query.text.split()) >= FEWEST_WORDS else "")
    chunk = index.asked_by(alone)
    number = index.numbers_of(chunk.name)[0] if chunk else index.row_named_in(alone)
    if number is None or not index.chunks[number].valid_on(today):
        return found
    known = next((hit for hit in found.hits if hit.number == number), None)
    hit = known or Hit(
        chunk=index.chunks[number],
        number=number,
        share=1.0,
        text=1.0,
        asked=1.0,
        lexical=0.0,
    )
    others = tuple(one for one in found.hits if one is not known)
    return replace(found, hits=(hit, *others), sure=1.0, near=1.0)
