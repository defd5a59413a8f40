"""What goes along the chain: a message as read, what was found and decided."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

import numpy as np
import numpy.typing as npt

from bot.answering.chunks import QUESTION_MARKS, Chunk
from bot.conversations.ports import Outcome, OwnData, Tokens, Turn

Vector = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """What is looked up: a question, and what was said before it.

    ``vector`` is the question's, ``before`` are those of the contact's earlier
    messages, the newest first (all of length 1), ``together`` is that of the question
    read behind the last of them; ``said`` are their texts, the newest last, and
    ``moved`` is the vector of that one asked of the country that the question names.
    ``told`` and ``told_before`` are the sections that the bot showed last and earlier
    (``path#heading``), ``offered`` those that it has just offered, ``declined``
    those that it offered in vain; ``named`` are the countries that the question names,
    ``remembered`` the one that the contact plans for, both as documents name them.
    ``apart`` are the questions that it may be made of, to be looked up in its place.
    ``placeless`` says that neither it nor what was said before it names a country.
    """

    text: str
    vector: Vector
    before: tuple[Vector, ...] = ()
    said: tuple[str, ...] = ()
    together: Vector | None = None
    moved: Vector | None = None
    told: tuple[str, ...] = ()
    told_before: frozenset[str] = frozenset()
    offered: tuple[str, ...] = ()
    declined: frozenset[str] = frozenset()
    named: frozenset[str] = frozenset()
    remembered: frozenset[str] = frozenset()
    apart: "tuple[Query, ...]" = ()
    placeless: bool = False

    @property
    def about(self) -> tuple[str, ...]:
        """What was spoken about last: what was offered first, else what was told."""
        return self.offered[:1] or self.told

    @property
    def may_be_two(self) -> bool:
        """Whether it may ask several things, though it was looked up as one."""
        after = f"{self.text[1:]} "
        ends = [
            mark in QUESTION_MARKS and then not in QUESTION_MARKS
            for mark, then in zip(self.text, after, strict=True)
        ]
        return bool(self.apart) or sum(ends) > 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """A section that was found.

    ``share`` is its part (0 to 1) of all the probability that the ranking gives;
    ``text`` and ``asked`` are cosines of the question with the section and with the
    nearest question it is known by; ``parts`` are those of a long section's sentences
    with the question in its conversation; ``signals`` is what each feature adds
    to its score.
    """

    chunk: Chunk
    number: int
    share: float
    text: float
    asked: float
    lexical: float
    parts: tuple[float, ...] = ()
    signals: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """The nearest sections, best first.

    ``sure`` is the probability that the first answers the question; ``near`` that one
    of the first three does. ``elsewhere`` are sections on the same matter in other
    countries, where the question leaves open which one is meant.
    """

    hits: tuple[Hit, ...]
    sure: float
    near: float
    generation: str
    elsewhere: tuple[Chunk, ...] = ()
    signals: Mapping[str, float] = field(default_factory=dict)

    @property
    def best(self) -> Hit | None:
        return self.hits[0] if self.hits else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Enquiry:
    """A message as it was read.

    ``queries`` are the questions in it, without thanks and greetings. ``wants`` is what
    it wants besides, by ``sure`` (0 to 1), and how likely it wants what are its
    ``chances``; ``also_asks`` says that there is a question beside it; ``nearest`` are
    the numbers of the labelled messages that are likest. ``picked`` is what it picks of
    what was offered; ``accepts_person`` and ``declines`` are its answer to an offer.
    ``facts`` are what is known of the contact's plans, ``understood`` what this message
    says of them. ``romanised`` is set where it is in a language of other letters
    written in Latin ones (``hi-Latn``); ``unread`` counts the questions in it that are
    not looked up, since a reply has room for two. ``unspoken`` is the language of a
    message that comes in one that replies do not, for the first time. ``own_data`` is
    what it wants of what is kept of its author.
    """

    text: str
    earlier: tuple[Turn, ...]
    language: str
    wants: str
    sure: float
    also_asks: bool
    queries: tuple[Query, ...]
    picked: str | None = None
    accepts_person: bool = False
    declines: bool = False
    facts: Mapping[str, str] = field(default_factory=dict)
    understood: Mapping[str, str | None] = field(default_factory=dict)
    chances: Mapping[str, float] = field(default_factory=dict)
    nearest: tuple[int, ...] = ()
    romanised: str | None = None
    unread: int = 0
    unspoken: str | None = None
    own_data: OwnData | None = None

    @property
    def question(self) -> str:
        """What is to be looked up of it, as one text."""
        return "\n".join(query.text for query in self.queries)


class Reasoned(StrEnum):
    """Why it was decided so."""

    SURE = "sure"
    PICKED = "picked"
    UNSURE = "unsure"
    NOTHING_NEAR = "nothing_near"
    DECLINED = "declined"
    WANTED = "wanted"
    EMPTY = "empty"
    PROGRAMMES = "programmes"
    ORGANISATION = "organisation"
    TOLD_ALREADY = "told_already"
    MODEL = "model"
    OWN_DATA_ERASE = OwnData.ERASE.value
    OWN_DATA_COPY = OwnData.COPY.value
    OWN_DATA_LEAVE = OwnData.LEAVE.value


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What becomes of a message; by code, or revised by a model within the same type.

    ``sections`` are told whole, in this order; ``choices`` are sections offered as
    questions; ``words`` names a fixed sentence, said behind them or in their place;
    ``notes`` name those that say what was left unanswered;
    ``text`` are words made elsewhere (of programmes, the organisation, a model) and
    ``shown`` the choices that these words name. ``confidence`` is the
    probability that the sections found answer the question; ``tokens`` are what models
    took for it. What ``may_be_revised`` is no matter of safety and no wish of the
    contact's.
    """

    outcome: Outcome
    reason: Reasoned
    confidence: float = 0.0
    sections: tuple[Chunk, ...] = ()
    choices: tuple[Chunk, ...] = ()
    words: str | None = None
    notes: tuple[str, ...] = ()
    text: str | None = None
    shown: tuple[str, ...] = ()
    handoff: str | None = None
    answerer: str = "sections"
    model: str | None = None
    prompt_version: str | None = None
    generation: str | None = None
    tokens: Tokens | None = None
    may_be_revised: bool = True
