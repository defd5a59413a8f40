"""Why a question is answered or not: what the assistant weighed, laid open."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.answering.answering import Answering
from bot.answering.embedding import Embedder
from bot.answering.enquiry import Enquiry
from bot.answering.evidence import calibration, signals
from bot.answering.fusion import Ranking
from bot.answering.index import Index
from bot.answering.passages import Passage
from bot.answering.searches import Rankings, Searched
from bot.clock import Clock, utc_now
from bot.config import Settings
from bot.conversations.ports import Answer, Author, Turn
from bot.organisation import load_organisation
from ingest.reasons import reason_of

Step = tuple[Enquiry, Answer]


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
    """What becomes of a question, and everything that led to it.

    ``searched`` is the question as it was searched for, after the ``context``;
    ``parts`` explains the questions of a message that has several answers.
    """

    question: str
    earlier: Sequence[str]
    outcome: str
    reason: str
    answerer: str
    language: str
    searched: str | None = None
    context: Sequence[str] = ()
    generation: str | None = None
    confidence: float = 0.0
    threshold: float = 0.0
    intercept: float = 0.0
    signals: Sequence[Signal] = ()
    chunks: Sequence[FoundChunk] = ()
    parts: Sequence["Explanation"] = ()


async def explain(
    settings: Settings,
    question: str,
    *,
    earlier: Sequence[str] = (),
    embedder: Embedder | None = None,
    clock: Clock = utc_now,
) -> Explanation:
    """Let the assistant answer earlier messages and then a question, and watch it.

    Raises:
        IndexUnavailableError: there is no index to answer from.
    """
    steps: list[Step] = []
    answering = Answering(
        settings,
        load_organisation(settings.organisation_file),
        embedder=embedder,
        clock=clock,
        watch=lambda enquiry, answer: steps.append((enquiry, answer)),
    )
    turns: list[Turn] = []
    language = None
    try:
        for text in earlier:
            said = await answering.assistant.answer(
                text, earlier=turns, language=language
            )
            turns += [Turn(Author.CONTACT, text), Turn(Author.BOT, said.text)]
            language = said.provenance.language
        steps.clear()
        answer = await answering.assistant.answer(
            question, earlier=turns, language=language
        )
        found = await _explained(answering, question, answer, steps)
        return replace(found, question=question, earlier=tuple(earlier))
    finally:
        answering.close()


async def _explained(
    answering: Answering, question: str, answer: Answer, steps: Sequence[Step]
) -> Explanation:
    """The last step decided; that of a part comes last where all parts count.

    Parts are looked up at the same time, and stand here as the question has them.
    """
    enquiry, _ = steps[-1]
    if not enquiry.brief:
        return await _step(answering, enquiry, answer)
    ordered = sorted(steps, key=lambda step: question.find(step[0].question))
    parts = [await _step(answering, *step) for step in ordered]
    reason = f"{len(parts)} questions, each looked up by itself"
    whole = _plain(enquiry, answer, reason)
    return replace(whole, parts=tuple(parts))


async def _step(answering: Answering, enquiry: Enquiry, answer: Answer) -> Explanation:
    found = _plain(enquiry, answer, reason_of(enquiry, answer))
    if enquiry.searched is None:
        return found
    searched = await answering.searched(enquiry.searched)
    return replace(
        found,
        searched=searched.query.text,
        context=searched.query.earlier,
        threshold=calibration().threshold,
        intercept=calibration().intercept,
        signals=_signals(enquiry.passages),
        chunks=_chunks(enquiry.passages, searched),
    )


def _plain(enquiry: Enquiry, answer: Answer, reason: str) -> Explanation:
    return Explanation(
        question=enquiry.question,
        earlier=enquiry.contact_texts,
        outcome=answer.outcome.value,
        reason=reason,
        answerer=answer.provenance.answerer,
        language=answer.provenance.language,
        generation=answer.provenance.generation,
        confidence=answer.confidence,
    )


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


def _chunks(passages: Sequence[Passage], searched: Searched) -> list[FoundChunk]:
    index = searched.index
    message, *others = [_places(index, found) for found in searched.rankings]
    context = others[0] if others else {}
    return [
        FoundChunk(
            document=passage.chunk.document,
            title=passage.chunk.title,
            headings=passage.chunk.headings,
            page=passage.chunk.page,
            score=passage.score,
            message=message.get(passage.chunk.id, {}),
            context=context.get(passage.chunk.id, {}),
            sentence=_best_sentence(passage),
        )
        for passage in passages
    ]


def _places(index: Index, found: Rankings) -> dict[str, dict[str, Place]]:
    """By the id of a chunk: its place in every search that found it."""
    searches: dict[str, Ranking] = {
        "dense": found.dense,
        "lexical": found.lexical,
        "sentence": found.sentences,
    }
    places: dict[str, dict[str, Place]] = {}
    for name, ranking in searches.items():
        for rank, (number, score) in enumerate(ranking, start=1):
            known = places.setdefault(index.chunks[number].id, {})
            known[name] = Place(rank=rank, score=score)
    return places


def _best_sentence(passage: Passage) -> str:
    scored = zip(passage.sentence_scores, passage.chunk.sentences, strict=True)
    best = max(scored, key=lambda pair: pair[0], default=None)
    return best[1].text if best else ""
