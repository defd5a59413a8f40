"""The one formula by which sections are ranked, and how sure the first one is.

A section's score is a weighted sum of plain features, most of them counted apart for
messages that stand alone, for short ones that follow others and for long ones, and
where no reply before told anything. The softmax of the scores is each section's share;
the weights are the maximum of the likelihood of the right sections of labelled
conversations (a conditional logit: McFadden 1974). Two logistic regressions over what
stands out about the best ones give the probabilities. ``python -m bot calibrate`` fits
all of it into ``weights.json``.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np

from bot.answering.retrieval.scores import Floats, Scores, View
from bot.errors import IndexUnavailableError
from bot.logs import get_logger

WEIGHTS = Path(__file__).with_name("weights.json")
OWN_WEIGHTS = "weights.json"
# BM25 scores are compared with the best one, which counts in full from here on.
FULL_WORDS = 3.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Weights:
    """Everything that was fitted, and the encoder that it was fitted for.

    ``sure`` and ``near`` are what an answer and a question back need.
    """

    encoder: str
    ranking: Mapping[str, float]
    is_right: Mapping[str, float]
    is_near: Mapping[str, float]
    sure: float
    near: float

    def ranked(self, table: Floats) -> Floats:
        """The score of each row of features."""
        return table @ self.vector

    @property
    def vector(self) -> Floats:
        """The weights of the sum in the order of ``FEATURES``."""
        return np.array([self.ranking[name] for name in FEATURES], np.float32)


@cache
def shipped_weights() -> Weights:
    """The weights that come with the program; errors as those of ``read_weights``."""
    return read_weights(WEIGHTS)


def weights_for(encoder: str, folder: Path) -> Weights:
    """Those that were fitted for an encoder, by us or by ``calibrate`` in a folder.

    With those of another encoder everything works, less well: it is said in the log.
    """
    own = folder / OWN_WEIGHTS
    for found in (shipped_weights(), *([read_weights(own)] if own.is_file() else [])):
        if found.encoder == encoder:
            return found
    log.warning(
        "weights_of_another_encoder",
        encoder=encoder,
        remedy="run python -m bot calibrate --write",
    )
    return shipped_weights()


def read_weights(file: Path) -> Weights:
    """What ``calibrate`` wrote.

    Raises:
        IndexUnavailableError: it is missing or damaged.
    """
    try:
        return Weights(**json.loads(file.read_text("utf-8")))
    except (OSError, ValueError, TypeError) as error:
        raise IndexUnavailableError(
            f"{file} is missing or damaged; run python -m bot calibrate --write"
        ) from error


log = get_logger()

ALONE = ("text", "asked", "words", "best")
CONTEXT = (
    "after_text", "after_asked", "long_text", "long_asked", "topic_text", "topic_asked",
    "moved_text", "moved_asked", "after_words", "kin", "same_document", "just_told",
    "told_before",
)  # fmt: skip
# Where the replies so far tell nothing of the subject, only what was said does.
OPEN = (
    "after_text", "after_asked", "long_text", "long_asked", "moved_text", "moved_asked",
    "after_words", "long_words", "thread_text", "thread_words",
)  # fmt: skip
PLACE = (
    "named_here", "named_elsewhere", "remembered_here", "remembered_elsewhere",
    "is_faq", "is_programme",
)  # fmt: skip
FEATURES = (
    *ALONE,
    *(f"{name}_short" for name in (*ALONE, *CONTEXT)),
    *(f"{name}_long" for name in (*ALONE, *CONTEXT)),
    *(f"{name}_open" for name in (*ALONE, *OPEN)),
    *PLACE,
)


def features(scores: Scores) -> Floats:
    """``(sections, features)``; cosines as their distance from the mean of all."""
    text, asked = _spread(scores.alone.text), _spread(scores.alone.asked)
    alone = [text, asked, _share(scores.words), np.maximum(text, asked)]
    views = scores.after, scores.long, scores.topic, scores.moved
    after, long_, topic, moved = (_both(view, size=len(text)) for view in views)
    words_after = _share(scores.words_after)
    context = [
        *after, *long_, *topic, *moved,
        words_after,
        _spread(scores.kin) if scores.kin.any() else scores.kin,
        scores.same_document,
        scores.just_told,
        scores.told_before,
    ]  # fmt: skip
    thread = [
        *after, *long_, *moved,
        words_after,
        _share(scores.words_long),
        _spread(scores.thread_text),
        _share(scores.thread_words),
    ]  # fmt: skip
    place = [
        scores.named_here,
        scores.named_elsewhere,
        scores.remembered_here,
        scores.remembered_elsewhere,
        scores.is_faq,
        scores.is_programme,
    ]
    short = scores.shortness if scores.follows else 0.0
    long = 1 - scores.shortness if scores.follows else 0.0
    columns = [
        *alone,
        *(short * one for one in (*alone, *context)),
        *(long * one for one in (*alone, *context)),
        *(float(scores.is_open) * one for one in (*alone, *thread)),
        *place,
    ]
    return np.stack(columns, axis=1).astype(np.float32)


def shares(ranked: Floats) -> Floats:
    """The softmax of scores: what part of the probability each section has."""
    powers = np.exp(ranked - ranked.max(initial=-np.inf))
    found: Floats = (powers / powers.sum()).astype(np.float32)
    return found


EVIDENCE = (
    "share", "lead", "three", "text", "asked", "words", "text_above", "asked_above",
    "after_text", "after_asked", "follows", "follows_asked", "astray",
    "follows_astray",
)  # fmt: skip


def evidence(scores: Scores, share: Floats, order: Sequence[int]) -> Floats:
    """What stands out about the best sections, in the order of ``EVIDENCE``."""
    best, three = order[0], list(order[:3])
    second = float(share[order[1]]) if len(order) > 1 else 0.0
    logit = float(np.log(share[best] + 1e-6) - np.log(1 - share[best] + 1e-6))
    after = 1.0 if scores.follows else 0.0
    return np.array(
        [
            logit,
            float(np.log(share[best] + 1e-6) - np.log(second + 1e-6)),
            float(share[three].sum()),
            scores.alone.text[best] * 10,
            scores.alone.asked[best] * 10,
            min(float(scores.words[best]) / 10, 2.0),
            _spread(scores.alone.text)[best],
            _spread(scores.alone.asked)[best],
            after * scores.after.text[best] * 10,
            after * scores.after.asked[best] * 10,
            after,
            after * scores.alone.asked[best] * 10,
            float(scores.astray[best]),
            after * float(scores.astray[best]),
        ],
        np.float32,
    )


def probability(found: Floats, weights: Mapping[str, float]) -> float:
    """A logistic regression over the evidence; what it has not learned is nothing."""
    total = weights["intercept"] + sum(
        weights.get(name, 0.0) * float(value)
        for name, value in zip(EVIDENCE, found, strict=True)
    )
    return float(1 / (1 + np.exp(-total)))


def _both(view: View | None, *, size: int) -> tuple[Floats, Floats]:
    if view is None:
        none = np.zeros(size, np.float32)
        return none, none
    return _spread(view.text), _spread(view.asked)


def _spread(values: Floats) -> Floats:
    """Values by how many standard deviations they lie above the mean."""
    found: Floats = (values - values.mean()) / (values.std() + 1e-6)
    return found


def _share(values: Floats) -> Floats:
    found: Floats = FULL_WORDS * values / (values.max(initial=0.0) + FULL_WORDS)
    return found
