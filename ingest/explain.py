"""Why a question is answered or not: the assistant's own steps, laid open."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from bot.answering.embedding import Embedder
from bot.answering.enquiry import LONGEST_QUESTION, Enquiry
from bot.answering.evidence import calibration, confidence, signals
from bot.answering.fusion import Ranking
from bot.answering.index import Index
from bot.answering.library import IndexLibrary
from bot.answering.passages import Passage, Query
from bot.answering.replies import fixed_reply
from bot.answering.retriever import PASSAGES, Rankings, rankings, search_index
from bot.answering.store import open_store
from bot.answering.understanding import Intent, intent_of
from bot.clock import Clock, utc_now
from bot.config import Settings
from bot.conversations.ports import Author, Outcome, Turn

LANGUAGE = "en"


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a search put a chunk, counted from 1, and with which score."""

    rank: int
    score: float


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundChunk:
    """A chunk, with its place in each search that found it.

    ``message`` holds the searches for the message, ``context`` those for the message
    after what was asked before; both by the name of the search.
    """

    document: str
    title: str
    headings: Sequence[str]
    page: int | None
    score: float
    message: dict[str, Place]
    context: dict[str, Place]
    sentence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Signal:
    """What the decision looked at, and what that added to the evidence."""

    name: str
    value: float
    weight: float
    contribution: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """What becomes of a question, and everything that led to it."""

    question: str
    earlier: Sequence[str]
    outcome: str
    reason: str
    generation: str | None = None
    confidence: float = 0.0
    threshold: float = 0.0
    intercept: float = 0.0
    signals: Sequence[Signal] = ()
    chunks: Sequence[FoundChunk] = ()


def explain(
    settings: Settings,
    question: str,
    *,
    earlier: Sequence[str] = (),
    embedder: Embedder | None = None,
    clock: Clock = utc_now,
) -> Explanation:
    """Take the assistant's steps for a question after earlier ones.

    Raises:
        IndexUnavailableError: there is no index to answer from.
    """
    text = question.strip()[:LONGEST_QUESTION]
    turns = tuple(Turn(Author.CONTACT, before) for before in earlier)
    enquiry = Enquiry(
        question=text, earlier=turns, language=LANGUAGE, intent=intent_of(text)
    )
    if not enquiry.needs_documents:
        return _fixed(enquiry)
    embedder = embedder or Embedder(settings.embedding_model)
    library = IndexLibrary(open_store(settings), embedding_model=embedder.name)
    return _looked_up(library.index(), embedder, enquiry, clock().date())


def _fixed(enquiry: Enquiry) -> Explanation:
    intent = enquiry.intent or Intent.EMPTY
    return Explanation(
        question=enquiry.question,
        earlier=[turn.text for turn in enquiry.earlier],
        outcome=fixed_reply(intent, LANGUAGE).outcome.value,
        reason=f"the message is understood as {intent.value}; no document is looked at",
    )


def _looked_up(
    index: Index, embedder: Embedder, enquiry: Enquiry, today: date
) -> Explanation:
    query = Query(text=enquiry.question, earlier=enquiry.contact_texts)
    vectors = embedder.embed(query.views)
    searched = rankings(index, query, vectors, today=today)
    passages = search_index(index, query, vectors, today=today, limit=PASSAGES)
    enquiry = replace(
        enquiry, passages=tuple(passages), confidence=confidence(passages)
    )
    outcome, reason = _decision(enquiry)
    return Explanation(
        question=enquiry.question,
        earlier=[turn.text for turn in enquiry.earlier],
        outcome=outcome.value,
        reason=reason,
        generation=index.generation,
        confidence=enquiry.confidence,
        threshold=calibration().threshold,
        intercept=calibration().intercept,
        signals=_signals(passages),
        chunks=_chunks(index, passages, searched),
    )


def _decision(enquiry: Enquiry) -> tuple[Outcome, str]:
    likely, needed = f"{enquiry.confidence:.3f}", f"{calibration().threshold:.3f}"
    if enquiry.choices:
        about = ", ".join(enquiry.choices)
        return Outcome.CLARIFY, f"a short question that could be about: {about}"
    if not enquiry.passages:
        return Outcome.NO_ANSWER, "no search found anything"
    if enquiry.answerable:
        return Outcome.ANSWER, f"confidence {likely} reaches the threshold {needed}"
    return Outcome.NO_ANSWER, f"confidence {likely} is below the threshold {needed}"


def _signals(passages: Sequence[Passage]) -> list[Signal]:
    weights = calibration().weights
    return [
        Signal(
            name=name,
            value=value,
            weight=weights.get(name, 0.0),
            contribution=value * weights.get(name, 0.0),
        )
        for name, value in signals(passages).items()
    ]


def _chunks(
    index: Index, passages: Sequence[Passage], searched: Sequence[Rankings]
) -> list[FoundChunk]:
    numbers = {chunk.id: number for number, chunk in enumerate(index.chunks)}
    places = [_places(found) for found in searched]
    return [
        FoundChunk(
            document=passage.chunk.document,
            title=passage.chunk.title,
            headings=passage.chunk.headings,
            page=passage.chunk.page,
            score=passage.score,
            message=places[0].get(numbers[passage.chunk.id], {}),
            context=(
                places[1].get(numbers[passage.chunk.id], {}) if len(places) > 1 else {}
            ),
            sentence=_best_sentence(passage),
        )
        for passage in passages
    ]


def _places(found: Rankings) -> dict[int, dict[str, Place]]:
    """By the number of a chunk: its place in every search that found it."""
    searches: dict[str, Ranking] = {
        "dense": found.dense,
        "lexical": found.lexical,
        "sentence": found.sentences,
    }
    places: dict[int, dict[str, Place]] = {}
    for name, ranking in searches.items():
        for rank, (number, score) in enumerate(ranking, start=1):
            places.setdefault(number, {})[name] = Place(rank=rank, score=score)
    return places


def _best_sentence(passage: Passage) -> str:
    scored = zip(passage.sentence_scores, passage.chunk.sentences, strict=True)
    best = max(scored, key=lambda pair: pair[0], default=None)
    return best[1].text if best else ""
