"""Lets the assistant answer labelled conversations; holds each reply to its label."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from statistics import mean
from time import perf_counter

import numpy as np

from bot.answering.assembly import Answering
from bot.answering.understanding.examples import WANTS, Want
from bot.answering.understanding.folding import shortened
from bot.conversations.ports import Answer, Author, Outcome, Turn
from bot.conversations.states import Reason
from bot.evaluation.dialogues import Dialogue, Labelled, Request

HANDOFFS = {
    "handoff": {Reason.ASKED_FOR_PERSON},
    "callback": {Reason.ASKED_FOR_CALL},
    "complaint": {Reason.COMPLAINT},
    "distress": {Reason.DISTRESS, Reason.MAY_BE_DISTRESS},
    "stop": {Reason.ASKED_TO_STOP},
}
KIND = frozenset({"thanks", "greeting", "goodbye", "smalltalk", "start", "correction"})
BY_DATA = frozenset({"programme", "comparison"})
OF_OURS = frozenset({"hours", "identity"})
PERCENTILES = (50, 95)


class Verdict(StrEnum):
    """What a reply is by its label alone; a person judges the words.

    ``told`` and ``offered``: the right thing was shown, or stood among the choices;
    ``wrong``: something else was shown as the answer; ``missed``: neither; ``right``:
    what was wanted was recognised, or rightly not known.
    """

    TOLD = "told"
    OFFERED = "offered"
    RIGHT = "right"
    WRONG = "wrong"
    MISSED = "missed"


GOOD = frozenset({Verdict.TOLD, Verdict.OFFERED, Verdict.RIGHT})


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """A message of a conversation with its reply."""

    dialogue: str
    language: str
    place: int
    labelled: Labelled
    answer: Answer
    offered: tuple[str, ...]
    milliseconds: float
    verdict: Verdict

    @property
    def first(self) -> bool:
        return self.place == 0


async def converse(
    answering: Answering,
    dialogues: Iterable[Dialogue],
    *,
    told: Callable[[int], object] = lambda _: None,
) -> list[Judged]:
    """Every reply, in the order of the messages; after a handoff staff hand back."""
    found = []
    for dialogue in dialogues:
        turns: list[Turn] = []
        language: str | None = None
        for place, labelled in enumerate(dialogue.turns):
            start = perf_counter()
            answer = await answering.assistant.answer(
                labelled.text, earlier=turns, language=language
            )
            milliseconds = (perf_counter() - start) * 1000
            offered = _sections_behind(answering, answer.choices)
            found.append(
                Judged(
                    dialogue=dialogue.id,
                    language=dialogue.language,
                    place=place,
                    labelled=labelled,
                    answer=answer,
                    offered=offered,
                    milliseconds=milliseconds,
                    verdict=verdict_of(labelled, answer, offered),
                )
            )
            turns += [Turn(Author.CONTACT, labelled.text), answer.as_turn]
            language = answer.provenance.language
        told(1)
    return found


def verdict_of(
    labelled: Labelled, answer: Answer, offered: Sequence[str] = ()
) -> Verdict:
    """What a reply is by the label of its message.

    Who asks for a person has to get one: telling them about it is not enough.
    """
    wanted = set(labelled.sections)
    told = set(answer.provenance.sections)
    if labelled.expect in HANDOFFS:
        handed = answer.handoff_reason in HANDOFFS[labelled.expect]
        return Verdict.RIGHT if handed else Verdict.MISSED
    if told & wanted:
        return Verdict.TOLD
    if _answerer_for(labelled.expect) == answer.provenance.answerer:
        return Verdict.RIGHT
    if wanted & set(offered):
        return Verdict.OFFERED
    if told and answer.outcome is Outcome.ANSWER:
        return Verdict.WRONG
    nothing_wanted = labelled.expect in KIND or labelled.unanswerable
    handed_over = answer.handoff_reason is not None
    return Verdict.RIGHT if nothing_wanted and not handed_over else Verdict.MISSED


def _answerer_for(expect: str) -> str | None:
    """Who answers what stands in no section."""
    if expect in OF_OURS:
        return "organisation"
    return "programmes" if expect in BY_DATA else None


def figures(judged: Sequence[Judged]) -> dict[str, object]:
    """Shares of verdicts: of all, by place, by expectation and by language."""
    languages = sorted({one.language for one in judged})
    expected = sorted({one.labelled.expect for one in judged})
    milliseconds = [one.milliseconds for one in judged]
    p50, p95 = (round(float(np.percentile(milliseconds, n)), 1) for n in PERCENTILES)
    return {
        "messages": len(judged),
        "all": shares(judged),
        "questions": shares(questions(judged)),
        "first questions": shares([one for one in questions(judged) if one.first]),
        "later questions": shares([one for one in questions(judged) if not one.first]),
        "not held": shares([one for one in judged if one.labelled.unanswerable]),
        "by expectation": {
            name: shares([one for one in judged if one.labelled.expect == name])
            for name in expected
        },
        "questions by language": {
            name: shares([one for one in questions(judged) if one.language == name])
            for name in languages
        },
        "words": _mean(
            [len(o.answer.text.split()) for o in judged if o.verdict is Verdict.TOLD]
        ),
        "latency_ms_p50": p50,
        "latency_ms_p95": p95,
    }


def questions(judged: Iterable[Judged]) -> list[Judged]:
    """Those that some section answers."""
    return [one for one in judged if one.labelled.sections]


def shares(judged: Sequence[Judged]) -> dict[str, float | int]:
    """How many, and the share of each verdict; ``good`` are told, offered and right."""
    if not judged:
        return {"messages": 0}
    found: dict[str, float | int] = {
        verdict.value: round(mean(one.verdict is verdict for one in judged), 3)
        for verdict in Verdict
    }
    good = round(mean(one.verdict in GOOD for one in judged), 3)
    return {"messages": len(judged), "good": good, **found}


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """A single message, and what it was taken to want."""

    request: Request
    taken: Want
    also_asks: bool

    @property
    def right(self) -> bool:
        """Whether all that it wants was heard, and nothing that it does not want."""
        heard = {self.taken, Want.NONE} if self.also_asks else {self.taken}
        return self.taken in self.request.labels and heard >= set(self.request.labels)


async def hear(answering: Answering, requests: Sequence[Request]) -> list[Heard]:
    """What each message is taken to want, by itself."""
    found = []
    for request in requests:
        enquiry = await answering.read(shortened(request.text))
        heard = Heard(
            request=request, taken=Want(enquiry.wants), also_asks=enquiry.also_asks
        )
        found.append(heard)
    return found


def request_figures(heard: Sequence[Heard]) -> dict[str, object]:
    """For each label, how often it was found and how often others were taken for it."""
    single = [one for one in heard if len(one.request.labels) == 1]
    ordinary = [one for one in single if one.request.labels == (Want.NONE,)]
    several = [one for one in heard if len(one.request.labels) > 1]
    found: dict[str, object] = {
        want.value: {
            "messages": len(own),
            "found": _mean([one.taken is want for one in own]),
            "ordinary taken for it": _mean([one.taken is want for one in ordinary]),
        }
        for want in WANTS
        if (own := [one for one in single if one.request.labels == (want,)])
    }
    return {
        "messages": len(heard),
        "labels": found,
        "right": _mean([one.right for one in single]),
        "two labels, one of them heard": _mean(
            [one.taken in one.request.labels for one in several]
        ),
        "by language": {
            name: _mean([o.right for o in single if o.request.language == name])
            for name in sorted({one.request.language for one in single})
        },
    }


def _sections_behind(answering: Answering, choices: Sequence[str]) -> tuple[str, ...]:
    index = answering.library.index()
    chunks = (index.asked_by(choice) for choice in choices)
    return tuple(chunk.name for chunk in chunks if chunk)


def _mean(values: Sequence[float]) -> float | None:
    return round(mean(values), 3) if values else None
