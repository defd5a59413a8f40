"""Two rankings become one score."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.answering.fusion import (
    CONVERSATION,
    DEPTH,
    DOCUMENT,
    HEADING,
    MEANING,
    MESSAGE,
    NEARLY,
    RECENT,
    SENTENCES,
    WHOLE,
    WITHIN,
    WORDS,
    fused,
    in_context,
    ordered_within,
    stretched,
    with_conversation,
    with_documents,
    with_headings,
)

SCORES = st.dictionaries(
    st.integers(0, 20), st.floats(-1e6, 1e6, allow_nan=False), max_size=10
)
RANKINGS = SCORES.map(lambda found: list(found.items()))


@given(RANKINGS)
def test_a_stretched_ranking_runs_from_0_to_1_in_the_same_order(
    ranking: list[tuple[int, float]],
) -> None:
    found = stretched(ranking)

    assert found.keys() == dict(ranking).keys()
    assert all(0 <= score <= 1 for score in found.values())
    assert not ranking or found[max(ranking, key=lambda hit: hit[1])[0]] == 1
    for one, low in ranking:
        assert all(found[one] <= found[two] for two, high in ranking if low <= high)


@given(RANKINGS, RANKINGS, RANKINGS)
def test_fused_scores_lie_between_0_and_1(
    dense: list[tuple[int, float]],
    lexical: list[tuple[int, float]],
    sentences: list[tuple[int, float]],
) -> None:
    found = fused(dense, lexical, sentences)

    assert found.keys() == {n for n, _ in (*dense, *lexical, *sentences)}
    assert all(0 <= score <= 1 + 1e-12 for score in found.values())


def test_what_all_rankings_put_first_scores_1() -> None:
    found = fused([(1, 0.9), (2, 0.4)], [(1, 7.0), (3, 2.0)], [(1, 0.5)])

    assert found == {1: pytest.approx(1.0), 2: 0.0, 3: 0.0}


def test_each_ranking_counts_by_its_weight() -> None:
    found = fused([(1, 0.9)], [(2, 7.0)], [(3, 0.5)])

    assert found == {1: MEANING, 2: WORDS, 3: SENTENCES}


def test_a_single_hit_or_equal_ones_are_worth_1() -> None:
    assert stretched([(4, 0.2)]) == {4: 1.0}
    assert stretched([(4, 0.2), (5, 0.2)]) == {4: 1.0, 5: 1.0}


def test_nothing_found_is_no_score() -> None:
    assert fused([], [], []) == {}
    assert with_documents({}, {}) == {}


def test_a_ranking_counts_down_to_a_depth() -> None:
    found = stretched([(n, 100.0 - n) for n in range(DEPTH + 10)])

    assert found[0] == 1
    assert found[DEPTH - 1] == found[DEPTH + 9] == 0
    assert found[1] == pytest.approx(1 - 1 / (DEPTH - 1))


def test_a_first_message_counts_alone() -> None:
    assert in_context([{1: 0.5}], substance=0.2) == {1: 0.5}


@given(st.floats(0, 1))
def test_a_message_counts_by_what_it_says(substance: float) -> None:
    found = in_context([{1: 1.0}, {2: 1.0}, {3: 1.0}], substance=substance)

    assert found[1] == pytest.approx(MESSAGE * substance)
    assert found[2] == pytest.approx((1 - found[1]) * RECENT)
    assert found[3] == pytest.approx((1 - found[1]) * WHOLE)
    assert sum(found.values()) == pytest.approx(1.0)


def test_the_last_view_takes_the_weight_of_those_that_are_missing() -> None:
    found = in_context([{1: 1.0}, {1: 1.0, 2: 1.0}], substance=1)

    assert found == {1: pytest.approx(1.0), 2: pytest.approx(1 - MESSAGE)}


def test_a_document_with_several_good_passages_gains() -> None:
    scores = {1: 0.6, 2: 0.5, 3: 0.6, 4: 0.4, 5: 0.3}
    found = with_documents(scores, {1: "a", 2: "a", 3: "b", 4: "a", 5: "a"})

    assert found[1] == pytest.approx(0.6 + DOCUMENT * (0.6 + 0.5 + 0.4))
    assert found[3] == pytest.approx(0.6 + DOCUMENT * 0.6)
    assert found[1] > found[3]


def test_a_document_that_fits_the_conversation_gains() -> None:
    found = with_conversation({1: 0.6, 2: 0.6}, {1: "a", 2: "b"}, {"a": 1.0, "b": 0.5})

    assert found[1] == pytest.approx(0.6 + CONVERSATION)
    assert found[2] == pytest.approx(0.6 + CONVERSATION / 2)


def test_a_heading_that_is_nearly_the_question_gains() -> None:
    found = with_headings({1: 0.5, 2: 0.5, 3: 0.5}, {1: 1.0, 2: NEARLY})

    assert found == {1: pytest.approx(0.5 + HEADING), 2: 0.5, 3: 0.5}


def test_the_message_orders_the_passages_of_a_document_and_not_the_documents() -> None:
    scores = {1: 2.0, 2: 1.5, 3: 1.4, 4: 0.5}
    document_of = {1: "a", 2: "a", 3: "b", 4: "b"}
    found = ordered_within(scores, document_of, {1: 0.0, 2: 1.0, 3: 0.0, 4: 0.1})

    assert found == {2: 2.0, 1: 1.5, 3: 1.4, 4: 0.5}
    less = 0.9 * (scores[1] - scores[2]) / WITHIN
    few = {1: 0.0, 2: less, 3: 0.0, 4: 0.0}
    assert ordered_within(scores, document_of, few) == scores
