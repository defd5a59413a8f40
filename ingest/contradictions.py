"""Documents that say different things about the same programme or the same figure.

It is kept precise: a list of false alarms is read once and then never again.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

from bot.answering.chunks import Chunk
from bot.answering.retrieval.lexical import terms
from ingest.documents import Document
from ingest.findings import Finding, Trouble

ALIKE = 0.6
FEWEST_SHARED = 2
NUMBER = r"\d[\d,.]*\d|\d"
FIGURE = re.compile(
    rf"(?P<before>(?:US|AU|CA|NZ|A|C)?[$€£]|\b(?:USD|EUR|GBP|AUD|CAD|NZD)\s)\s?"
    rf"(?P<money>{NUMBER})"
    rf"|(?P<plain>{NUMBER})\s?-?(?P<after>%|percent|euros?|pounds?|dollars?|EUR|USD|GBP"
    rf"|AUD|CAD|NZD|hours?|days?|weeks?|months?|credits?|ECTS)(?!\w)",
    re.IGNORECASE,
)
DATED = re.compile(
    r",?\s*\bas of (?:early |late |mid-?)?(?:\d{1,2} )?(?:[A-Z]\w+ )?\d{4}\b"
)
PERIOD = re.compile(
    r"\b(?:a|an|per|each|every|for a|for one|one) "
    r"(hour|day|week|month|term|semester|year)\b",
    re.IGNORECASE,
)
CURRENCIES = {
    "€": "EUR", "euro": "EUR", "£": "GBP", "pound": "GBP",
    "us$": "USD", "a$": "AUD", "au$": "AUD", "c$": "CAD", "ca$": "CAD", "nz$": "NZD",
    "$": "$", "dollar": "$", "percent": "%",
}  # fmt: skip
# Words that hold a sentence together, and those that say only that a figure follows.
EMPTY = set(
    terms(
        "a about also am an and any are as at be because been being both but by can "
        "could did do does each for from get had he her his how i if in into is it its "
        "just many may me might more most much my no not of on once or other our out "
        "same shall she should so some such than that the their them then there these "
        "they this those to up us very was we well were what when where which while "
        "who whose why will with would "
        "cost costs price amount need needs needed require required show shows shown "
        "pay paid must hold least around roughly usually total currently now take "
        "takes last lasts have has you your one all"
    )
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """A number with its unit, and the words that say what it is the number of."""

    chunk: Chunk
    sentence: str
    value: str
    unit: tuple[str, str]
    subject: frozenset[str]


def contradictions(
    documents: Sequence[Document], chunks: Sequence[Chunk]
) -> Iterator[Finding]:
    """Both kinds: between programmes, and between figures in sentences."""
    yield from _programmes(documents)
    yield from _figures(chunks)


def programme_key(document: Document) -> tuple[str, str]:
    """The same for documents that describe the same programme."""
    about = document.about
    return _folded(about.title), _folded(about.provider or "")


def figures_in(chunk: Chunk) -> Iterator[Figure]:
    """The figures that stand alone in their sentence, so that it is clear whose."""
    for sentence in chunk.sentences:
        text = DATED.sub("", sentence.text)
        found = list(FIGURE.finditer(text))
        if len(found) != 1:
            continue
        period = PERIOD.search(text)
        words = PERIOD.sub(" ", FIGURE.sub(" ", text))
        yield Figure(
            chunk=chunk,
            sentence=sentence.text,
            value=_value(found[0]["money"] or found[0]["plain"]),
            unit=(
                _unit(found[0]["before"] or found[0]["after"]),
                period[1].casefold() if period else "",
            ),
            subject=frozenset(terms(words)) - EMPTY,
        )


def _programmes(documents: Sequence[Document]) -> Iterator[Finding]:
    named: dict[tuple[str, str], list[Document]] = {}
    for document in documents:
        if document.about.kind == "programme":
            named.setdefault(programme_key(document), []).append(document)
    for same in named.values():
        for one, other in combinations(same, 2):
            for field, first, second in _differences(one, other):
                yield Finding(
                    Trouble.CONTRADICTING,
                    one.path,
                    f"{field} of {one.about.title} is {first}, but {second} in "
                    f"{other.path}",
                )


def _differences(one: Document, other: Document) -> Iterator[tuple[str, str, str]]:
    fields = ("fee", "currency", "duration", "effort", "credit")
    for field in fields:
        first, second = getattr(one.about, field), getattr(other.about, field)
        if None in {first, second} or _folded(str(first)) == _folded(str(second)):
            continue
        yield field, str(first), str(second)


def _figures(chunks: Sequence[Chunk]) -> Iterator[Finding]:
    measured: dict[tuple[str, str], list[Figure]] = {}
    for chunk in chunks:
        for figure in figures_in(chunk):
            if len(figure.subject) >= FEWEST_SHARED:
                measured.setdefault(figure.unit, []).append(figure)
    for figures in measured.values():
        for one, other in combinations(figures, 2):
            if _disagree(one, other):
                yield Finding(
                    Trouble.CONTRADICTING,
                    one.chunk.document,
                    f"“{one.sentence}”, but {other.chunk.document} says "
                    f"“{other.sentence}”",
                )


def _disagree(one: Figure, other: Figure) -> bool:
    return (
        one.value != other.value
        and one.chunk.document != other.chunk.document
        and _same_country(one.chunk, other.chunk)
        and _same_subject(*_without_countries(one, other))
    )


def _same_subject(one: frozenset[str], other: frozenset[str]) -> bool:
    shared = len(one & other)
    if shared < FEWEST_SHARED:
        return False
    return one <= other or other <= one or shared / len(one | other) >= ALIKE


def _same_country(one: Chunk, other: Chunk) -> bool:
    first, second = one.countries, other.countries
    return not first or not second or bool(first & second)


def _without_countries(
    one: Figure, other: Figure
) -> tuple[frozenset[str], frozenset[str]]:
    """A country's name says where, not what, and the facets say that already.

    "German" and "Germany" begin alike.
    """
    names = " ".join(str(c) for f in (one, other) for c in f.chunk.countries)
    begun = tuple({word[:5] for word in terms(names.replace("-", " "))})
    return (
        frozenset(term for term in one.subject if not term.startswith(begun)),
        frozenset(term for term in other.subject if not term.startswith(begun)),
    )


def _value(digits: str) -> str:
    """Without separators of thousands: 11,904 and 11904 and 11.904 are the same."""
    whole = re.sub(r"[,.](?=\d{3}(?!\d))", "", digits)
    return re.sub(r"\.0+$", "", whole)


def _unit(text: str) -> str:
    short = text.strip().casefold()
    if len(short) > 1:
        short = short.removesuffix("s")
    return CURRENCIES.get(short, short.upper() if short.isalpha() else short)


def _folded(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.casefold()))
