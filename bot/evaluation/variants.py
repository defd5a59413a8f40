"""Labelled messages as other offices have them: without catalogues, with few sections.

What is learned from one large, well-kept index alone is sure of nothing in a small one.
"""

import random
from collections.abc import Iterable, Iterator
from copy import copy
from dataclasses import fields, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from bot.answering.retrieval.index import Index
from bot.answering.retrieval.ranking import features
from bot.answering.retrieval.scores import Scores, View
from bot.evaluation.calibration import Sample

# A small index has so many sections, and counts for so much.
FEWEST, MOST, OF_OTHERS = 6, 80, 0.5
# So often it lacks what would have been right.
LACKS = 0.25
SEED = 7
Numbers = npt.NDArray[np.int64]


def few(samples: Iterable[Sample]) -> Iterator[Sample]:
    """Each message asked of a few sections: the best ones, and others by chance.

    Where one was right, it is there or not: a small office lacks much.
    """
    chance = random.Random(SEED)  # noqa: S311  no secret
    for sample in samples:
        count = len(sample.table)
        size = min(count, chance.randint(FEWEST, MOST))
        drawn = {chance.randrange(count) for _ in range(size)}
        right = set(map(int, sample.kept[sample.right]))
        if chance.random() > LACKS:
            drawn |= right
        else:
            drawn -= right
        yield _among(sample, np.array(sorted(drawn), np.int64), right)


def as_others(samples: Iterable[Sample]) -> list[Sample]:
    """The same, counted for less than ours."""
    return [replace(one, weight=one.weight * OF_OTHERS) for one in samples]


def without_catalogues(index: Index) -> Index:
    """The same index, whose sections are known by their headings alone."""
    bare = copy(index)
    bare.know_by_headings()
    return bare


def with_names(samples: Iterable[Sample]) -> Iterator[Sample]:
    """The same where headings are mere names, and only the texts can be asked."""
    for sample in samples:
        views: dict[str, Any] = {
            name: View(text=view.text, asked=view.text)
            for name in ("alone", "after", "long", "topic", "moved")
            if (view := getattr(sample.scores, name)) is not None
        }
        scores = replace(sample.scores, **views)
        yield replace(sample, scores=scores, table=features(scores))


def _among(sample: Sample, numbers: Numbers, right: set[int]) -> Sample:
    scores = _sliced(sample.scores, numbers)
    marks = np.array([int(number) in right for number in numbers], bool)
    return replace(
        sample,
        scores=scores,
        table=features(scores),
        kept=np.arange(len(numbers)),
        right=marks,
        weight=sample.weight * OF_OTHERS,
    )


def _sliced(scores: Scores, numbers: Numbers) -> Scores:
    found: dict[str, Any] = {}
    for one in fields(scores):
        value = getattr(scores, one.name)
        if isinstance(value, View):
            value = View(text=value.text[numbers], asked=value.asked[numbers])
        elif isinstance(value, np.ndarray):
            value = value[numbers]
        found[one.name] = value
    # Sections drawn from here and there stand in documents of their own.
    found |= {"thread_text": found["long"].text, "thread_words": found["words_long"]}
    return Scores(**found)
