"""Fits the ranking and the probabilities on labelled conversations: ``weights.json``.

The right sections of each message are held against all others; conversations are left
out in turn where the probabilities are fitted, so that they hold for new ones.
"""

import json
import random
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize
from sklearn.linear_model import LogisticRegression

from bot.answering.decision import decide
from bot.answering.enquiry import Enquiry, Query
from bot.answering.retrieval.index import Index
from bot.answering.retrieval.ranking import (
    EVIDENCE,
    FEATURES,
    Weights,
    evidence,
    features,
    shares,
)
from bot.answering.retrieval.scores import Scores
from bot.answering.understanding.reader import Reader
from bot.clock import utc_now
from bot.conversations.ports import Author, Turn
from bot.evaluation.dialogues import Dialogue

Floats = npt.NDArray[np.float32]
FOLDS, SEED = 5, 7
# So many of the nearest sections are held against the right ones, by a first ranking.
KEPT = 60
RIDGE = 2e-3
# Of what is told at least this share should be right; what is offered should be right
# with this probability.
RIGHT_WHEN_SURE, RIGHT_WHEN_NEAR = 0.83, 0.25


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """A question, the sections that are right (none: it has no answer), its group."""

    scores: Scores
    table: Floats
    kept: npt.NDArray[np.int64]
    right: npt.NDArray[np.bool_]
    group: str
    weight: float = 1.0

    @property
    def answerable(self) -> bool:
        return bool(self.right.any())


def samples_of(
    dialogues: Iterable[Dialogue], *, index: Index, reader: Reader
) -> list[Sample]:
    """What is measured of every labelled message.

    The conversation goes on as it would with the weights of the index: what was really
    told and offered before a message is seldom all that should have been.
    """
    found = []
    for dialogue in dialogues:
        earlier: list[Turn] = []
        for turn in dialogue.turns:
            enquiry = reader.read(
                turn.text, earlier=earlier, section_asked_by=index.name_asked_by
            )
            right = {n for name in turn.sections for n in index.numbers_of(name)}
            if right or turn.unanswerable:
                query = enquiry.queries[0]
                found.append(sample_of(index, query, right, dialogue.id, 1.0))
            earlier += [Turn(Author.CONTACT, turn.text), _replied(enquiry, index)]
    return found


def _replied(enquiry: Enquiry, index: Index) -> Turn:
    """What is remembered of the reply to a message."""
    found = [index.search(query, today=utc_now().date()) for query in enquiry.queries]
    decision = decide(enquiry, found, weights=index.weights)
    return Turn(
        Author.BOT,
        decision.reason,
        outcome=decision.outcome,
        sections=tuple(chunk.name for chunk in decision.sections),
        choices=tuple(chunk.questions[0] for chunk in decision.choices),
    )


def sample_of(
    index: Index, query: Query, right: set[int], group: str, weight: float
) -> Sample:
    scores = index.scores(query)
    table = features(scores)
    rough = table[:, :3].sum(axis=1) + table[:, 4:].clip(-3, 3).sum(axis=1) / 4
    order = np.argsort(-rough)
    kept = np.array(
        [*sorted(right), *(n for n in order[:KEPT] if int(n) not in right)], np.int64
    )
    marks = np.array([int(n) in right for n in kept], bool)
    return Sample(
        scores=scores, table=table, kept=kept, right=marks, group=group, weight=weight
    )


def fit(
    samples: Sequence[Sample], *, encoder: str, few: Sequence[Sample] = ()
) -> Weights:
    """Ranking, probabilities and thresholds; ``few`` are for the last two only."""
    ranking = fit_ranking(samples)
    outcomes = left_out([*samples, *few], ranked_by=samples)
    rows = [row for row, _, _ in outcomes]
    is_right = [right for _, right, _ in outcomes]
    is_near = [near for _, _, near in outcomes]
    weights = [one.weight for one in (*samples, *few)]
    right, near = (_head(rows, labels, weights) for labels in (is_right, is_near))
    return Weights(
        encoder=encoder,
        ranking=dict(zip(FEATURES, map(_rounded, ranking), strict=True)),
        is_right=right,
        is_near=near,
        sure=_threshold(rows, right, is_right, weights, RIGHT_WHEN_SURE),
        near=RIGHT_WHEN_NEAR,
    )


def left_out(
    samples: Sequence[Sample], *, ranked_by: Sequence[Sample] | None = None
) -> list[tuple[Floats, bool, bool]]:
    """What stands out for each, whether the first is right, and whether one of three.

    Each is ranked by what was fitted on other conversations.
    """
    ranked_by = samples if ranked_by is None else ranked_by
    found: dict[int, tuple[Floats, bool, bool]] = {}
    for part in folds(samples):
        own = fit_ranking([one for one in ranked_by if one.group not in part])
        found |= {
            number: _outcome(one, own)
            for number, one in enumerate(samples)
            if one.group in part
        }
    return [found[number] for number in range(len(samples))]


def fit_ranking(samples: Sequence[Sample]) -> Floats:
    """The weights of the features: the maximum of the likelihood of the right ones."""
    chosen = [one for one in samples if one.answerable and not one.right.all()]
    size = max(len(one.kept) for one in chosen)
    table = np.zeros((len(chosen), size, len(FEATURES)), np.float64)
    there = np.full((len(chosen), size), -np.inf)
    right = np.full((len(chosen), size), -np.inf)
    for n, one in enumerate(chosen):
        count = len(one.kept)
        table[n, :count] = one.table[one.kept]
        there[n, :count] = 0
        right[n, :count][one.right] = 0
    each = np.array([one.weight for one in chosen])
    each = each / each.sum()
    rows = table.reshape(-1, len(FEATURES))

    def loss(weights: npt.NDArray[np.float64]) -> tuple[float, object]:
        ranked = (rows @ weights).reshape(there.shape)
        all_, best = _soft(ranked + there), _soft(ranked + right)
        difference = all_[1] - best[1]
        gradient = (each[:, None] * difference).ravel() @ rows
        total = float(each @ (all_[0] - best[0])) + RIDGE * float(weights @ weights)
        return total, gradient + 2 * RIDGE * weights

    start = np.zeros(len(FEATURES))
    found = minimize(loss, start, jac=True, method="L-BFGS-B", options={"maxiter": 300})
    return np.asarray(found.x, np.float32)


def folds(samples: Sequence[Sample]) -> Iterable[set[str]]:
    """The conversations in parts, by the groups of their samples."""
    groups = sorted({one.group for one in samples})
    random.Random(SEED).shuffle(groups)  # noqa: S311  no secret
    for part in range(FOLDS):
        yield set(groups[part::FOLDS])


def write(weights: Weights, path: Path) -> None:
    """As ``shipped_weights`` reads them."""
    path.write_text(json.dumps(asdict(weights), indent=1) + "\n", "utf-8")


def _outcome(sample: Sample, ranking: Floats) -> tuple[Floats, bool, bool]:
    """What stands out, whether the first is right, and whether one of three is."""
    ranked = sample.table @ ranking
    share = shares(ranked)
    order = [int(n) for n in np.argsort(-ranked)[:10]]
    right = {int(n) for n, mark in zip(sample.kept, sample.right, strict=True) if mark}
    row = evidence(sample.scores, share, order)
    return row, order[0] in right, bool(right & set(order[:3]))


def _head(
    rows: Sequence[Floats], labels: Sequence[bool], weights: Sequence[float]
) -> dict[str, float]:
    table = np.stack(rows)
    spread = table.std(axis=0) + 1e-6
    head = LogisticRegression(C=1.0, max_iter=2000)
    head.fit(table / spread, labels, sample_weight=weights)
    coefficients = head.coef_[0] / spread
    named = dict(zip(EVIDENCE, map(_rounded, coefficients), strict=True))
    return {"intercept": _rounded(head.intercept_[0]), **named}


def _threshold(
    rows: Sequence[Floats],
    head: dict[str, float],
    labels: Sequence[bool],
    weights: Sequence[float],
    wanted: float,
) -> float:
    """The least probability above which so large a share is right."""
    names = np.array([head[name] for name in EVIDENCE])
    logits = np.stack(rows) @ names + head["intercept"]
    chances = 1 / (1 + np.exp(-logits))
    order = np.argsort(-chances)
    each = np.array(weights)[order]
    share = np.cumsum(np.array(labels, float)[order] * each) / np.cumsum(each)
    enough = np.flatnonzero(share >= wanted)
    return _rounded(chances[order][enough[-1]]) if len(enough) else 1.0


def _soft(
    values: npt.NDArray[np.float64],
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """The logarithm of the sum of exponentials in each row, and the softmax."""
    most = values.max(axis=1, keepdims=True)
    powers = np.exp(values - most)
    total = powers.sum(axis=1, keepdims=True)
    return (most + np.log(total))[:, 0], powers / total


def _rounded(value: float) -> float:
    return round(float(value), 4)
