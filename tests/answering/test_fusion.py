"""Two rankings become one score."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.answering.fusion import DENSE_WEIGHT, averaged, fused, stretched

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


@given(RANKINGS, RANKINGS)
def test_fused_scores_lie_between_0_and_1(
    dense: list[tuple[int, float]], lexical: list[tuple[int, float]]
) -> None:
    found = fused(dense, lexical)

    assert found.keys() == dict(dense).keys() | dict(lexical).keys()
    assert all(0 <= score <= 1 + 1e-12 for score in found.values())


@given(st.lists(SCORES, min_size=1, max_size=3))
def test_an_average_lies_between_the_least_and_the_most(
    rankings: list[dict[int, float]],
) -> None:
    for number, mean in averaged(rankings).items():
        scores = [ranking.get(number, 0.0) for ranking in rankings]
        assert min(scores) - 1e-6 <= mean <= max(scores) + 1e-6


def test_what_both_searches_put_first_scores_1() -> None:
    found = fused([(1, 0.9), (2, 0.4)], [(1, 7.0), (3, 2.0)])

    assert found == {1: pytest.approx(1.0), 2: 0.0, 3: 0.0}


def test_meaning_weighs_more_than_words() -> None:
    found = fused([(1, 0.9), (2, 0.4)], [(2, 7.0), (1, 2.0)])

    assert found[1] == pytest.approx(DENSE_WEIGHT)
    assert found[2] == pytest.approx(1 - DENSE_WEIGHT)
    assert found[1] > found[2]


def test_a_single_hit_or_equal_ones_are_worth_1() -> None:
    assert stretched([(4, 0.2)]) == {4: 1.0}
    assert stretched([(4, 0.2), (5, 0.2)]) == {4: 1.0, 5: 1.0}


def test_nothing_found_is_no_score() -> None:
    assert fused([], []) == {}
    assert averaged([]) == {}


def test_what_one_ranking_lacks_counts_as_0_there() -> None:
    assert averaged([{1: 1.0, 2: 0.5}, {2: 1.0}]) == {1: 0.5, 2: 0.75}
