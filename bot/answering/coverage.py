"""How much of what is rare in a question a passage holds."""

from collections.abc import Mapping, Sequence

from bot.answering.chunks import Chunk
from bot.answering.index import Index


def rare_words(index: Index, text: str) -> dict[str, float]:
    """The terms of a question with their weights: the rarer, the heavier."""
    return {term: index.idf(term) for term in index.query_terms(text)}


def coverage(index: Index, chunk: Chunk, weights: Mapping[str, float]) -> float:
    """The share of the terms, by weight, that stand in a chunk."""
    total = sum(weights.values())
    if not total:
        return 0.0
    words: Sequence[str] = index.terms(chunk.searchable)
    present = set(words)
    return sum(weight for term, weight in weights.items() if term in present) / total
