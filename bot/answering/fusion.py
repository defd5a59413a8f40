"""Two rankings, one score: each is stretched to 0..1, then they are weighed."""

from collections.abc import Mapping, Sequence

DENSE_WEIGHT = 0.6

Ranking = Sequence[tuple[int, float]]


def stretched(ranking: Ranking) -> dict[int, float]:
    """Min-max: the best becomes 1, the worst 0; a single hit is worth 1."""
    if not ranking:
        return {}
    scores = [score for _, score in ranking]
    low, high = min(scores), max(scores)
    if high == low:
        return {number: 1.0 for number, _ in ranking}
    return {number: (score - low) / (high - low) for number, score in ranking}


def fused(dense: Ranking, lexical: Ranking) -> dict[int, float]:
    """A score from 0 to 1 for whatever either search found."""
    meaning, words = stretched(dense), stretched(lexical)
    return {
        number: DENSE_WEIGHT * meaning.get(number, 0.0)
        + (1 - DENSE_WEIGHT) * words.get(number, 0.0)
        for number in {*meaning, *words}
    }


def averaged(rankings: Sequence[Mapping[int, float]]) -> dict[int, float]:
    """The mean of several scores; what one of them lacks counts as 0 there."""
    numbers = {number for ranking in rankings for number in ranking}
    return {
        number: sum(ranking.get(number, 0.0) for ranking in rankings) / len(rankings)
        for number in numbers
    }
