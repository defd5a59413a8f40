"""Programmes as data: read from the documents' fields, filtered, ranked and named."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from operator import attrgetter, itemgetter

from bot.answering.chunks import Chunk
from bot.answering.programmes.wishes import Wishes, number_of_weeks
from bot.answering.retrieval.lexical import terms
from bot.answering.understanding.plans import DESTINATIONS

SPAN = re.compile(
    r"(?P<number>\d+(?:\.\d+)?)\s*(?P<unit>day|week|month|year)", re.IGNORECASE
)
RANGE = re.compile(r"\b(\d+)\s*(?:-|–|to)\s*(\d+)")
VAGUE_SPAN = re.compile(r"\bcourses of\b|\bsemester\b|\beach\b", re.IGNORECASE)
HOURS = re.compile(r"(?P<number>\d+) hours (in all|altogether)", re.IGNORECASE)
# What a programme says where it asks for no degree.
OPEN = re.compile(r"^none\b|\bno (degree|qualification)s?\b", re.IGNORECASE)
# What programmes are ordered by; None for one that does not say it.
Rank = Callable[["Programme"], float | None]
BY_FEE: Rank = attrgetter("fee")
BY_WEEKS: Rank = attrgetter("weeks")
BY_HOURS: Rank = attrgetter("hours")
PROGRAMME = "programme"
MODE = "mode"
BEGINNERS = frozenset({"beginner", "introductory", "basic"})
GRADUATES = frozenset({"postgraduate", "graduate", "master"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Programme:
    """What the fields of a programme's document say; None where they say nothing.

    ``countries`` are their English names where these are known; ``weeks`` is the
    longest it takes, ``hours`` all the work; ``subjects`` are in small letters, and
    ``words`` the terms of title and provider.
    """

    chunk: Chunk
    countries: frozenset[str]
    subjects: frozenset[str]
    words: frozenset[str]
    weeks: float | None
    hours: float | None
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
    def needs_no_degree(self) -> bool:
        """Whether it says so; of others nobody can tell."""
        return bool(OPEN.search(self.field("entry_requirements") or ""))

    @property
    def fee_as_of(self) -> date | None:
        """The day on which the fee was so."""
        day = self.field("fee_as_of")
        return date.fromisoformat(day) if day else self.chunk.as_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """Programmes that fit, best first, and how many cannot be told for want of data.

    ``mode_unsaid`` says that none of them tells how it is taught.
    """

    fitting: tuple[Programme, ...]
    unpriced: int = 0
    unmeasured: int = 0
    mode_unsaid: bool = False


def programmes_of(chunks: Iterable[Chunk], *, today: date) -> tuple[Programme, ...]:
    """The programmes among documents that may be used today, by title."""
    first: dict[str, Chunk] = {}
    for chunk in chunks:
        if chunk.kind == PROGRAMME and chunk.valid_on(today):
            first.setdefault(chunk.document, chunk)
    return tuple(sorted(map(_programme, first.values()), key=lambda found: found.title))


def select(programmes: Iterable[Programme], wishes: Wishes) -> Selection:
    """Those that fit; a price or a length that is not told is counted, never guessed.

    Where none says that it is online, those come that don't say how they are taught.
    Those that say that no degree is needed come first.
    """
    like = [one for one in programmes if _alike(one, wishes)]
    taught = [one for one in like if wishes.mode in {None, one.field(MODE)}]
    found = _among(taught, wishes)
    if found.fitting or not wishes.mode:
        return found
    silent = _among([one for one in like if one.field(MODE) is None], wishes)
    return replace(silent, mode_unsaid=True) if silent.fitting else found


def _among(like: Sequence[Programme], wishes: Wishes) -> Selection:
    """Those within the limits, best first; of the others is counted what is silent."""
    measured = [one for one in like if _short_enough(one, wishes)]
    fitting = [one for one in measured if _affordable(one, wishes)]
    rank = _rank(fitting, wishes)
    fitting = _ranked(fitting, rank) or fitting
    fitting.sort(key=lambda one: bool(wishes.nearby - one.countries))
    if wishes.no_degree:
        fitting.sort(key=lambda one: not one.needs_no_degree)
    length = rank if wishes.sort == "weeks" else BY_WEEKS
    return Selection(
        fitting=tuple(fitting),
        unpriced=sum(
            one.fee is None if wishes.sort == "fee" else not _comparable(one, wishes)
            for one in measured
            if one not in fitting
        ),
        unmeasured=sum(
            length(one) is None
            for one in like
            if one not in fitting and (wishes.weeks or wishes.sort == "weeks")
        ),
    )


def weeks_in(text: str) -> float | None:
    """The longest time that a duration names, if it names one for the whole."""
    if VAGUE_SPAN.search(text):
        return None
    plain = RANGE.sub(r"\2", text)
    found = [
        number_of_weeks(match["number"], match["unit"])
        for match in SPAN.finditer(plain)
    ]
    return max((one for one in found if one is not None), default=None)


def _programme(chunk: Chunk) -> Programme:
    facets = chunk.facets
    duration, fee = facets.get("duration"), facets.get("fee")
    codes = {code: name for name, code in DESTINATIONS.items()}
    named = " ".join((chunk.title, *_texts(facets, "provider")))
    return Programme(
        chunk=chunk,
        countries=frozenset(
            codes.get(code, code.title()) for code in _texts(facets, "country")
        ),
        subjects=frozenset(one.casefold() for one in _texts(facets, "subject")),
        words=frozenset(terms(named)),
        weeks=weeks_in(duration) if isinstance(duration, str) else None,
        hours=_hours_in(facets.get("effort")),
        fee=float(fee) if isinstance(fee, int | float) else None,
        currency=str(facets["currency"]) if "currency" in facets else None,
    )


def _hours_in(effort: object) -> float | None:
    found = HOURS.search(RANGE.sub(r"\2", str(effort)))
    return float(found["number"]) if found else None


def _texts(facets: Mapping[str, object], name: str) -> list[str]:
    value = facets.get(name, [])
    return [str(one) for one in value] if isinstance(value, list) else [str(value)]


def _alike(one: Programme, wishes: Wishes) -> bool:
    """Whether it is of the kind that is wished, but for the way of teaching."""
    return (
        (not wishes.subjects or _is_of(one, wishes.subjects))
        and (not wishes.countries or bool(wishes.countries & one.countries))
        and _at_level(one, wishes.level)
        and (
            wishes.language is None
            or wishes.language in (one.field("language") or "").casefold()
        )
        and (not wishes.credit or one.field("credit") not in {None, "none"})
    )


def _is_of(one: Programme, subjects: frozenset[str]) -> bool:
    """Whether one of the subjects is the programme's, or named in its title."""
    title = one.title.casefold()
    return bool(subjects & one.subjects) or any(name in title for name in subjects)


def _at_level(one: Programme, level: str | None) -> bool:
    said = set(re.findall(r"[a-z]+", (one.field("level") or "").casefold()))
    if level is None:
        return True
    return bool(said & (BEGINNERS if level == "beginner" else GRADUATES))


def _short_enough(one: Programme, wishes: Wishes) -> bool:
    if wishes.hours is not None:
        return one.hours is not None and one.hours <= wishes.hours
    if wishes.weeks is None:
        return True
    return one.weeks is not None and one.weeks <= wishes.weeks


def _affordable(one: Programme, wishes: Wishes) -> bool:
    if wishes.free:
        return one.fee == 0
    if wishes.fee is None:
        return True
    return _comparable(one, wishes) and one.fee is not None and one.fee <= wishes.fee


def _comparable(one: Programme, wishes: Wishes) -> bool:
    """Whether a fee can be held against the wish; currencies are not converted."""
    if wishes.free:
        return one.fee is not None
    if wishes.fee is None:
        return True
    return one.fee is not None and wishes.currency in {None, one.currency}


def _rank(programmes: Sequence[Programme], wishes: Wishes) -> Rank:
    """By price, or by what more of them tell of their length: weeks or hours."""
    if not wishes.sort:
        return lambda _: None
    if wishes.sort == "fee":
        return BY_FEE
    hours = sum(one.hours is not None for one in programmes)
    weeks = sum(one.weeks is not None for one in programmes)
    return BY_HOURS if hours > weeks else BY_WEEKS


def _ranked(programmes: Sequence[Programme], rank: Rank) -> list[Programme]:
    """Those that can be ranked, the smallest first."""
    known = [(value, one) for one in programmes if (value := rank(one)) is not None]
    return [one for _, one in sorted(known, key=itemgetter(0))]
