"""Several rankings, one score: each is stretched to 0..1, then they are weighed.

The weights were chosen among coarse steps on several suites of labelled questions,
where the neighbouring steps differ by less than a percentage point.
"""

from collections.abc import Mapping, Sequence

MEANING, WORDS, SENTENCES = 0.3, 0.5, 0.2
# The message alone, after the last few before it, and the whole conversation.
VIEWS = (0.45, 0.15, 0.4)
DOCUMENT = 0.25
# How much a document's best passages speak for it: the second counts half, and so on.
SHARES = (1.0, 0.5, 0.25)

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


def fused(dense: Ranking, lexical: Ranking, sentences: Ranking) -> dict[int, float]:
    """A score from 0 to 1 for whatever any of the rankings holds."""
    parts = (
        (MEANING, stretched(dense)),
        (WORDS, stretched(lexical)),
        (SENTENCES, stretched(sentences)),
    )
    return {
        number: sum(weight * part.get(number, 0.0) for weight, part in parts)
        for number in {number for _, part in parts for number in part}
    }


def in_context(views: Sequence[Mapping[int, float]]) -> dict[int, float]:
    """The scores of a message and of ever more of what was said before it, as one.

    The last of them takes the weight of those that are missing.
    """
    weights = (*VIEWS[: len(views) - 1], sum(VIEWS[len(views) - 1 :]))
    found: dict[int, float] = {}
    for weight, scores in zip(weights, views, strict=True):
        for number, score in scores.items():
            found[number] = found.get(number, 0.0) + weight * score
    return found


def with_documents(
    scores: Mapping[int, float], document_of: Mapping[int, str]
) -> dict[int, float]:
    """Passages gain by what else was found in their document."""
    found: dict[str, list[float]] = {}
    for number, score in scores.items():
        found.setdefault(document_of[number], []).append(score)
    support = {
        document: sum(
            share * score
            for share, score in zip(SHARES, sorted(best, reverse=True), strict=False)
        )
        for document, best in found.items()
    }
    return {
        number: score + DOCUMENT * support[document_of[number]]
        for number, score in scores.items()
    }
