"""Several searches made one: scores brought to the same scale, weighted and added."""

from collections.abc import Iterable, Mapping

Scores = Mapping[int, float]


def min_max(scores: Scores) -> dict[int, float]:
    """Scores from 0 (the worst candidate) to 1 (the best one).

    Where all are equal there is no worst one, and each is 1.
    """
    if not scores:
        return {}
    low, high = min(scores.values()), max(scores.values())
    if high == low:
        return dict.fromkeys(scores, 1.0)
    return {number: (score - low) / (high - low) for number, score in scores.items()}


def fuse(searches: Iterable[tuple[float, Scores]]) -> dict[int, float]:
    """The weighted sum of searches; one that did not find a candidate adds nothing."""
    total: dict[int, float] = {}
    for weight, scores in searches:
        for number, score in scores.items():
            total[number] = total.get(number, 0.0) + weight * score
    return total
