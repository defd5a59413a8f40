"""Which sections are offered as questions, and which are about another country."""

from collections.abc import Iterable, Sequence

from bot.answering.chunks import Chunk
from bot.answering.enquiry import Found, Hit, Query

CHOICES, CHOICES_BESIDE = 4, 2
# A section that has less than this part of the best one's share is no choice.
LEAST_OF_BEST = 0.04
# What has an answer in so many other countries depends on the country.
COUNTRIES_BESIDE, COMPARED = 2, 3


def fits(query: Query, hit: Hit) -> bool:
    """Whether a section is about the country that is asked about, or about none.

    That is what the question names, else what the contact plans for.
    """
    wanted = query.named or query.remembered
    countries = hit.chunk.countries
    return not (wanted and countries) or bool(wanted & countries)


def choices_of(query: Query, hits: Iterable[Hit]) -> tuple[Chunk, ...]:
    """The sections to offer: near the best one, not just told, not just declined."""
    left = [
        hit
        for hit in hits
        if hit.chunk.name not in query.told and hit.chunk.name not in query.declined
    ]
    fitting = [hit for hit in left if fits(query, hit)]
    if not fitting and not query.named:
        fitting = left
    if not fitting:
        return ()
    least = LEAST_OF_BEST * fitting[0].share
    chosen = [hit.chunk for hit in fitting if hit.share >= least]
    return tuple({chunk.name: chunk for chunk in chosen}.values())[:CHOICES]


def in_each_country(
    found: Found, offered: Sequence[Chunk], *, sure: bool
) -> tuple[Chunk, ...]:
    """The same matter in several countries, where the one that is meant is left open.

    It has to be ``sure`` which matter that is, or the choices are of the same. A
    section that compares them comes first, if it is near.
    """
    best = found.best
    if best is None or len(found.elsewhere) < COUNTRIES_BESIDE:
        return ()
    compared = [hit.chunk for hit in found.hits if len(hit.chunk.countries) >= COMPARED]
    each = (best.chunk, *found.elsewhere)
    same = sum(chunk in each for chunk in offered)
    return (*compared[:1], *each)[:CHOICES] if sure or same >= COUNTRIES_BESIDE else ()


def merged(offered: Sequence[tuple[Chunk, ...]]) -> tuple[Chunk, ...]:
    """The choices of several questions, in turn, so that each has some."""
    several = [one for one in offered if one]
    if len(several) <= 1:
        return several[0] if several else ()
    each = [one[:CHOICES_BESIDE] for one in several]
    return tuple(dict.fromkeys(chunk for one in each for chunk in one))
