"""Several rankings, one score: each is stretched to 0..1, then they are weighed.

The weights were chosen among coarse steps on several suites of labelled questions,
where the neighbouring steps differ by less than a percentage point.
"""

from collections.abc import Mapping, Sequence

MEANING, WORDS, SENTENCES = 0.35, 0.35, 0.3
# What a message that says much by itself counts for; the rest is its context: the last
# few messages before it, and the whole conversation.
MESSAGE = 0.5
RECENT, WHOLE = 0.3, 0.7
DOCUMENT = 0.2
# So many of a document's best passages speak for it.
SUPPORTERS = 3
# A heading that is nearly the question: what it gains at most, from which cosine on.
HEADING, NEARLY = 0.3, 0.7
# What a document gains at most by all that the contact has said.
CONVERSATION = 0.5
# What the message by itself counts for in the order of a document's passages.
WITHIN = 1.5
# A ranking counts down to this place; what comes after it is worth nothing.
DEPTH = 20

Ranking = Sequence[tuple[int, float]]


def stretched(ranking: Ranking) -> dict[int, float]:
    """Min-max: the best becomes 1, the last of the first ``DEPTH`` 0; one hit is 1."""
    if not ranking:
        return {}
    scores = sorted((score for _, score in ranking), reverse=True)[:DEPTH]
    high, low = scores[0], scores[-1]
    if high == low:
        return {number: float(score >= high) for number, score in ranking}
    return {number: max(score - low, 0.0) / (high - low) for number, score in ranking}


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


def in_context(
    views: Sequence[Mapping[int, float]], *, substance: float
) -> dict[int, float]:
    """The scores of a message and of ever more of what was said before it, as one.

    A message counts by its ``substance``: "and in Germany?" is found by what was said
    before it. The last view takes the weight of those that are missing.
    """
    message = MESSAGE * substance
    shares = (message, (1 - message) * RECENT, (1 - message) * WHOLE)
    weights = (*shares[: len(views) - 1], sum(shares[len(views) - 1 :]))
    found: dict[int, float] = {}
    for weight, scores in zip(weights, views, strict=True):
        for number, score in scores.items():
            found[number] = found.get(number, 0.0) + weight * score
    return found


def with_documents(
    scores: Mapping[int, float], document_of: Mapping[int, str]
) -> dict[int, float]:
    """Passages gain by the best ones that were found in their document."""
    found: dict[str, list[float]] = {}
    for number, score in scores.items():
        found.setdefault(document_of[number], []).append(score)
    support = {
        document: sum(sorted(best, reverse=True)[:SUPPORTERS])
        for document, best in found.items()
    }
    return {
        number: score + DOCUMENT * support[document_of[number]]
        for number, score in scores.items()
    }


def with_conversation(
    scores: Mapping[int, float],
    document_of: Mapping[int, str],
    fits: Mapping[str, float],
) -> dict[int, float]:
    """Passages gain by how well their document fits each of the messages."""
    return {
        number: score + CONVERSATION * fits[document_of[number]]
        for number, score in scores.items()
    }


def with_headings(
    scores: Mapping[int, float], headings: Mapping[int, float]
) -> dict[int, float]:
    """Passages gain by a heading that asks what the message asks."""
    return {
        number: score
        + HEADING * max(0.0, headings.get(number, 0.0) - NEARLY) / (1 - NEARLY)
        for number, score in scores.items()
    }


def ordered_within(
    scores: Mapping[int, float],
    document_of: Mapping[int, str],
    message: Mapping[int, float],
) -> dict[int, float]:
    """The passages of each document share its scores anew.

    A conversation tells which document is talked about, its last message which of the
    passages is asked for: ``message`` holds what speaks for each of them by the message
    alone. Documents keep the scores they have, and so their order.
    """
    passages: dict[str, list[int]] = {}
    for number in sorted(scores, key=lambda number: (-scores[number], number)):
        passages.setdefault(document_of[number], []).append(number)
    found: dict[int, float] = {}
    for numbers in passages.values():
        places = [scores[number] for number in numbers]
        asked = sorted(
            numbers, key=lambda number: -scores[number] - WITHIN * message[number]
        )
        found.update(zip(asked, places, strict=True))
    return found
