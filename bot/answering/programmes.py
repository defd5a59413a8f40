"""Programmes as data: read from the documents' fields, filtered and ranked."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from bot.answering.chunks import Chunk
from bot.answering.lexical import terms
from bot.answering.places import PROGRAMME, countries_of
from bot.answering.wishes import Wishes, number_in

SPAN = re.compile(
    r"(?P<number>\d+(?:\.\d+)?)\s*(?P<unit>day|week|month|year)", re.IGNORECASE
)
RANGE = re.compile(r"\b(\d+)\s*(?:-|–|to)\s*(\d+)")
VAGUE_SPAN = re.compile(r"\bcourses of\b|\bsemester\b|\beach\b", re.IGNORECASE)
BEGINNERS = frozenset({"beginner", "introductory", "basic"})
GRADUATES = frozenset({"postgraduate", "graduate", "master"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Programme:
    """What the fields of a programme's document say; None where they say nothing.

    ``countries`` are named as destinations are, where they are among them; ``weeks`` is
    the longest it takes; ``words`` are the terms of title, subject,
    provider, credential and country.
    """

    chunk: Chunk
    countries: frozenset[str]
    words: frozenset[str]
    weeks: float | None
    fee: float | None
    currency: str | None

    @property
    def title(self) -> str:
        return self.chunk.title

    def field(self, name: str) -> str | None:
        """A field as it was written."""
        value = self.chunk.facets.get(name)
        return value if isinstance(value, str) else None

    @property
    def fee_as_of(self) -> date | None:
        """The day on which the fee was so."""
        day = self.field("fee_as_of")
        return date.fromisoformat(day) if day else self.chunk.as_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """Programmes that fit, best first, and how many cannot be told for want of data."""

    fitting: tuple[Programme, ...]
    unpriced: int = 0
    unmeasured: int = 0


def programmes_of(chunks: Iterable[Chunk], *, today: date) -> tuple[Programme, ...]:
    """The programmes among documents that may be used today, by title."""
    first: dict[str, Chunk] = {}
    for chunk in chunks:
        if chunk.kind == PROGRAMME and chunk.valid_on(today):
            first.setdefault(chunk.document, chunk)
    return tuple(sorted(map(_programme, first.values()), key=lambda found: found.title))


def select(programmes: Iterable[Programme], wishes: Wishes) -> Selection:
    """Those that fit; what a programme does not say is counted, never guessed."""
    like = [one for one in programmes if _alike(one, wishes)]
    measured = [one for one in like if _short_enough(one, wishes)]
    unmeasured = sum(one.weeks is None for one in like) if wishes.weeks else 0
    fitting = [one for one in measured if _affordable(one, wishes)]
    unpriced = sum(not _comparable(one, wishes) for one in measured)
    if wishes.sort:
        known = [one for one in fitting if _rank(one, wishes) is not None]
        if known:
            fitting = sorted(known, key=lambda one: _rank(one, wishes) or 0.0)
            if wishes.sort == "fee":
                unpriced = sum(one.fee is None for one in measured)
            else:
                unmeasured = sum(one.weeks is None for one in measured)
    fitting.sort(key=lambda one: bool(wishes.nearby - one.countries))
    return Selection(fitting=tuple(fitting), unpriced=unpriced, unmeasured=unmeasured)


def weeks_in(text: str) -> float | None:
    """The longest time that a duration names, if it names one for the whole."""
    if VAGUE_SPAN.search(text):
        return None
    plain = RANGE.sub(r"\2", text)
    found = [
        number_in(match["number"], match["unit"]) for match in SPAN.finditer(plain)
    ]
    return max(found, default=None)


def _programme(chunk: Chunk) -> Programme:
    facets = chunk.facets
    duration, fee = facets.get("duration"), facets.get("fee")
    named = [
        word
        for name in ("subject", "provider", "credential", "country")
        for word in _texts(facets, name)
    ]
    return Programme(
        chunk=chunk,
        countries=countries_of(facets),
        words=frozenset(terms(" ".join((chunk.title, *named)))),
        weeks=weeks_in(duration) if isinstance(duration, str) else None,
        fee=float(fee) if isinstance(fee, int | float) else None,
        currency=str(facets["currency"]) if "currency" in facets else None,
    )


def _texts(facets: Mapping[str, object], name: str) -> list[str]:
    value = facets.get(name, [])
    return [str(one) for one in value] if isinstance(value, list) else [str(value)]


def _alike(one: Programme, wishes: Wishes) -> bool:
    return (
        wishes.words <= one.words
        and (not wishes.countries or bool(wishes.countries & one.countries))
        and (wishes.mode is None or one.field("mode") == wishes.mode)
        and _at_level(one, wishes.level)
        and (
            wishes.language is None
            or wishes.language in (one.field("language") or "").casefold()
        )
        and (not wishes.credit or one.field("credit") not in {None, "none"})
    )


def _at_level(one: Programme, level: str | None) -> bool:
    said = set(re.findall(r"[a-z]+", (one.field("level") or "").casefold()))
    if level is None:
        return True
    return bool(said & (BEGINNERS if level == "beginner" else GRADUATES))


def _short_enough(one: Programme, wishes: Wishes) -> bool:
    if wishes.weeks is None:
        return True
    return one.weeks is not None and one.weeks <= wishes.weeks


def _affordable(one: Programme, wishes: Wishes) -> bool:
    if wishes.free:
        return one.fee == 0
    if wishes.fee is None:
        return True
    if not _comparable(one, wishes):
        return not wishes.strict
    return one.fee is not None and one.fee <= wishes.fee


def _comparable(one: Programme, wishes: Wishes) -> bool:
    """Whether a fee can be held against the wish; currencies are not converted."""
    if wishes.free:
        return one.fee is not None
    if wishes.fee is None:
        return True
    return one.fee is not None and one.currency == wishes.currency


def _rank(one: Programme, wishes: Wishes) -> float | None:
    return one.fee if wishes.sort == "fee" else one.weeks
