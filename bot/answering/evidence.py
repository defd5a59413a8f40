"""How likely the documents answer a question, told from what was found."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from math import exp
from pathlib import Path

import yaml

from bot.answering.passages import Passage

WEIGHTS = Path(__file__).with_name("evidence.yaml")
LOOKED_AT = 3


@dataclass(frozen=True, slots=True)
class Calibration:
    """A logistic model: few weights, one threshold; ``evidence.yaml`` holds them."""

    intercept: float
    weights: Mapping[str, float]
    threshold: float


def signals(passages: Sequence[Passage]) -> dict[str, float]:
    """What the decision looks at; each is 0 where nothing was found.

    ``sentence``: best cosine of a sentence, or of a heading that asks nearly the same,
    with the message; ``first``: the same in the first passage; ``coverage``: the
    largest share of the message's rare words in one passage; ``context``: best cosine
    of a passage with the message after those before it. A message that says little by
    itself is judged by its context, and has few words to be covered. For a first
    message context and message are the same, so the length of a history says nothing
    by itself.
    """
    top = passages[:LOOKED_AT]
    best = [passage.best_sentence for passage in passages]
    return {
        "sentence": max(best, default=0.0),
        "first": best[0] if best else 0.0,
        "coverage": max((_covered(passage) for passage in top), default=0.0),
        "context": max((passage.context for passage in top), default=0.0),
    }


def _covered(passage: Passage) -> float:
    return 1 - passage.substance * (1 - passage.coverage)


def confidence(passages: Sequence[Passage]) -> float:
    """The probability, 0 to 1, that the passages hold an answer."""
    model = calibration()
    found = signals(passages)
    total = model.intercept + sum(
        weight * found[name] for name, weight in model.weights.items()
    )
    return 1.0 / (1.0 + exp(-total))


@cache
def calibration() -> Calibration:
    """The weights in ``evidence.yaml``; ``benchmarks/calibrate.py`` made them."""
    return Calibration(**yaml.safe_load(WEIGHTS.read_text("utf-8")))
