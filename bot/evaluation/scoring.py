"""From replies to figures."""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from statistics import mean

import numpy as np

from bot.conversations.ports import Answer, Outcome
from bot.evaluation.suites import ANSWERABLE, Question

WORD = re.compile(r"\w+")
ENOUGH_GOLD = 0.6
HITS = 5
RANKS = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What came of a question; ``ranking`` holds the documents found, best first."""

    question: Question
    answer: Answer
    ranking: tuple[str, ...]
    milliseconds: float

    @property
    def rank(self) -> int | None:
        """The place of the first right document, from 1; None if it was not found."""
        places = (
            place
            for place, document in enumerate(self.ranking[:RANKS], start=1)
            if document in self.question.wanted
        )
        return next(places, None)

    @property
    def gold_recall(self) -> float:
        """The share of a gold text's words that the answer shows; the best of them."""
        shown = _words(self.answer.text)
        return max(
            (
                len(words & shown) / len(words)
                for gold in self.question.gold
                if (words := _words(gold))
            ),
            default=0.0,
        )

    @property
    def answered(self) -> bool:
        """Whether the contact got an answer."""
        return self.answer.outcome is Outcome.ANSWER

    @property
    def answerable(self) -> bool:
        """Whether the contact should have got one."""
        return self.question.expected == ANSWERABLE


def figures(replies: Sequence[Reply]) -> dict[str, object]:
    """Every figure of a suite; None where a suite has nothing to measure it by."""
    located = [reply for reply in replies if reply.answerable and reply.question.wanted]
    gilded = [reply for reply in replies if reply.answerable and reply.question.gold]
    answered = [reply for reply in replies if reply.answered]
    latencies = [reply.milliseconds for reply in replies]
    first = [reply for reply in replies if not reply.question.earlier]
    later = [reply for reply in replies if reply.question.earlier]
    return {
        "questions": len(replies),
        "hit_at_1": _mean(located, lambda reply: reply.rank == 1),
        "hit_at_5": _mean(located, lambda reply: (reply.rank or RANKS) <= HITS),
        "mrr_at_10": _mean(located, lambda r: 1 / r.rank if r.rank else 0.0),
        "gold_recall": _mean(gilded, lambda reply: reply.gold_recall),
        "gold_share": _mean(gilded, lambda r: r.gold_recall >= ENOUGH_GOLD),
        "words": _mean(answered, lambda reply: len(reply.answer.text.split())),
        "confusion": confusion(replies),
        **decisions(replies),
        "first_turns": decisions(first),
        "later_turns": decisions(later),
        "latency_ms_p50": _rounded(np.percentile(latencies, 50)),
        "latency_ms_p95": _rounded(np.percentile(latencies, 95)),
    }


def decisions(replies: Sequence[Reply]) -> dict[str, float | None]:
    """How well what the documents answer is told from what they do not."""
    should = [reply for reply in replies if reply.answerable]
    should_not = [r for r in replies if r.question.expected == Outcome.NO_ANSWER]
    return {
        "answered_when_should": _mean(should, lambda reply: reply.answered),
        "answered_when_should_not": _mean(should_not, lambda reply: reply.answered),
        "auroc": auroc(
            [reply.answer.confidence for reply in should],
            [reply.answer.confidence for reply in should_not],
        ),
    }


def confusion(replies: Iterable[Reply]) -> dict[str, dict[str, int]]:
    """How often each outcome came of each expectation."""
    table: dict[str, Counter[str]] = {}
    for reply in replies:
        counts = table.setdefault(reply.question.expected, Counter())
        counts[reply.answer.outcome.value] += 1
    return {
        expected: {outcome.value: counts[outcome.value] for outcome in Outcome}
        for expected, counts in sorted(table.items())
    }


def auroc(yes: Sequence[float], no: Sequence[float]) -> float | None:
    """The chance that a number of ``yes`` is above one of ``no``; a tie counts half."""
    if not yes or not no:
        return None
    higher = np.asarray(yes)[:, None] - np.asarray(no)[None, :]
    return _rounded((higher > 0).mean() + (higher == 0).mean() / 2)


def reliability(
    replies: Sequence[Reply], *, bins: int = 10
) -> list[tuple[float, float, int]]:
    """(mean confidence, share answerable, questions) for each tenth of confidence."""
    labelled = [
        reply
        for reply in replies
        if reply.question.expected in {ANSWERABLE, Outcome.NO_ANSWER}
    ]
    found: dict[int, list[Reply]] = {}
    for reply in labelled:
        place = min(int(reply.answer.confidence * bins), bins - 1)
        found.setdefault(place, []).append(reply)
    return [
        (
            mean(reply.answer.confidence for reply in group),
            mean(reply.answerable for reply in group),
            len(group),
        )
        for _, group in sorted(found.items())
    ]


def _mean(replies: Sequence[Reply], measure: Callable[[Reply], float]) -> float | None:
    return _rounded(mean(measure(reply) for reply in replies)) if replies else None


def _rounded(value: float) -> float:
    return round(float(value), 4)


def _words(text: str) -> set[str]:
    return set(WORD.findall(text.casefold()))
