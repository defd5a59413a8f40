"""Sections are ranked by named features, and how sure that is is a probability."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from bot.answering.retrieval.ranking import (
    EVIDENCE,
    FEATURES,
    evidence,
    features,
    probability,
    shares,
    shipped_weights,
)
from bot.answering.retrieval.scores import Floats, Scores, View, shortness

SIZE = 4
NONE = np.zeros(SIZE, np.float32)
FIRST = np.array([1, 0, 0, 0], np.float32)
FLAT = View(text=NONE, asked=NONE)
SCORES = Scores(
    alone=FLAT, after=FLAT, long=FLAT, topic=FLAT, moved=None,
    words=NONE, words_after=NONE, words_long=NONE, thread_text=NONE,
    thread_words=NONE, kin=NONE, same_document=NONE,
    just_told=NONE, told_before=NONE, named_here=NONE, named_elsewhere=NONE,
    remembered_here=NONE, remembered_elsewhere=NONE, is_faq=NONE, is_programme=NONE,
    astray=NONE,
    follows=True, shortness=0.75,
)  # fmt: skip


def with_(**fields: Any) -> Scores:  # noqa: ANN401  any of the fields
    return replace(SCORES, **fields)


def column(scores: Scores, name: str) -> list[float]:
    found: list[float] = features(scores)[:, FEATURES.index(name)].tolist()
    return found


def test_every_feature_has_a_name_a_column_and_a_weight() -> None:
    assert len(set(FEATURES)) == len(FEATURES)
    assert features(SCORES).shape == (SIZE, len(FEATURES))
    assert shipped_weights().vector.shape == (len(FEATURES),)
    assert {"intercept", *EVIDENCE} == shipped_weights().is_right.keys()
    assert {"intercept", *EVIDENCE} == shipped_weights().is_near.keys()


@pytest.mark.parametrize(
    "name",
    ["named_here", "named_elsewhere", "remembered_here", "remembered_elsewhere",
     "is_faq", "is_programme"],
)  # fmt: skip
def test_what_is_or_is_not_so_stands_in_the_column_of_its_name(name: str) -> None:
    scores = with_(**{name: FIRST})
    assert column(scores, name) == [1, 0, 0, 0]
    changed = features(scores) != features(SCORES)
    assert [FEATURES[n] for n in np.flatnonzero(changed.any(axis=0))] == [name]


@pytest.mark.parametrize("name", ["same_document", "just_told", "told_before"])
def test_what_depends_on_the_conversation_counts_by_how_short_a_message_is(
    name: str,
) -> None:
    scores = with_(**{name: FIRST})
    assert column(scores, f"{name}_short") == [0.75, 0, 0, 0]
    assert column(scores, f"{name}_long") == [0.25, 0, 0, 0]


@pytest.mark.parametrize(
    ("view", "name"),
    [
        ("alone", "text"),
        ("alone", "text_short"),
        ("after", "after_text_short"),
        ("long", "long_text_long"),
        ("topic", "topic_text_short"),
        ("moved", "moved_text_short"),
    ],
)
def test_likeness_is_how_far_it_stands_out(view: str, name: str) -> None:
    near = View(text=np.array([0.9, 0.8, 0.8, 0.8], np.float32), asked=NONE)
    found = column(with_(**{view: near}), name)
    assert found[0] > 0 > found[1]
    assert sum(found) == pytest.approx(0, abs=1e-4)
    higher = View(text=near.text + 0.05, asked=NONE)
    again = column(with_(**{view: higher}), name)
    assert again == pytest.approx(found, abs=1e-3)


def test_a_first_message_has_nothing_before_it() -> None:
    scores = replace(
        SCORES,
        follows=False,
        just_told=FIRST,
        kin=FIRST,
        alone=View(text=FIRST, asked=FIRST),
    )
    before = [name for name in FEATURES if name.endswith(("_short", "_long"))]
    assert before
    assert not any(any(column(scores, name)) for name in before)


def test_words_count_in_full_only_where_there_are_enough() -> None:
    few, many = FIRST * np.float32(0.5), FIRST * np.float32(20)
    weak = column(replace(SCORES, words=few), "words")[0]
    strong = column(replace(SCORES, words=many), "words")[0]
    assert 0 < weak < strong


def test_shares_are_probabilities_and_what_may_not_be_used_has_none() -> None:
    found = shares(np.array([3.0, 1.0, -np.inf], np.float32))
    assert float(found.sum()) == pytest.approx(1.0)
    assert found[0] > found[1] > found[2] == 0


def test_the_evidence_says_how_far_the_best_is_ahead() -> None:
    share = np.array([0.7, 0.2, 0.1, 0.0], np.float32)
    clear = evidence(SCORES, share, [0, 1, 2, 3])
    close = evidence(SCORES, np.array([0.4, 0.4, 0.2, 0], np.float32), [0, 1, 2, 3])
    assert clear.shape == close.shape == (len(EVIDENCE),)
    assert value(clear, "lead") > value(close, "lead") == pytest.approx(0, abs=1e-5)
    assert value(clear, "three") == pytest.approx(1)


def test_a_probability_lies_between_nought_and_one_and_rises_with_the_evidence() -> (
    None
):
    weights = dict.fromkeys(("intercept", *EVIDENCE), 0.0) | {"share": 1.0}
    rising = [
        probability(np.full(len(EVIDENCE), x, np.float32), weights) for x in (-9, 0, 9)
    ]
    assert rising[0] < rising[1] == pytest.approx(0.5)
    assert rising[1] < rising[2] <= 1


def test_a_message_of_a_few_words_looks_like_one_that_goes_on() -> None:
    long = "How much money do I have to show for a student visa in Germany?"
    assert shortness("and Canada?") > 0.8
    assert shortness(long) < 0.2
    assert shortness("那加拿大呢") > 0.8


def value(found: Floats, name: str) -> float:
    return float(found[EVIDENCE.index(name)])
