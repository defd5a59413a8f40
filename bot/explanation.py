"""Why a message got the reply it got: everything that was read, found and decided."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundSection:
    """A section, its share of the probability, and what speaks for and against it."""

    section: str
    share: float
    text: float
    asked: float
    lexical: float
    signals: Mapping[str, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Lookup:
    """A question that was looked up, and what was found for it."""

    question: str
    previous: str
    told: Sequence[str]
    named: Sequence[str]
    remembered: Sequence[str]
    sure: float
    near: float
    evidence: Mapping[str, float]
    sections: Sequence[FoundSection]


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """What becomes of a message, and everything that led to it.

    ``wants`` is what it was taken to want, ``chances`` what it most likely wants and
    ``examples`` the labelled messages that are nearest to it; ``needs`` are what an
    answer and a question back need of ``sure`` and ``near``; ``choices`` are what is
    offered below the reply, and ``sources`` what it cites.
    """

    question: str
    earlier: Sequence[str]
    outcome: str
    reason: str
    answerer: str
    language: str
    wants: str
    chances: Mapping[str, float]
    examples: Sequence[str]
    picked: str | None
    facts: Mapping[str, str]
    generation: str | None
    needs: Mapping[str, float]
    lookups: Sequence[Lookup]
    reply: str
    choices: Sequence[str] = ()
    sources: Sequence[Mapping[str, object]] = ()
