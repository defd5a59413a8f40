"""How much a question says, and how much of it stands in a text."""

from collections.abc import Mapping
from math import exp

from bot.answering.index import Index
from bot.answering.lexical import term_set


def rare_words(index: Index, text: str) -> dict[str, float]:
    """The terms of a question with their weights: the rarer, the heavier."""
    return {term: index.idf(term) for term in index.query_terms(text)}


def coverage(text: str, weights: Mapping[str, float]) -> float:
    """The share of the terms, by weight, that stand in a text."""
    total = sum(weights.values())
    if not total:
        return 0.0
    present = term_set(text)
    return sum(weight for term, weight in weights.items() if term in present) / total


def substance(index: Index, weights: Mapping[str, float]) -> float:
    """How much a question says by itself, from 0 ("yes, I do") towards 1.

    One word as rare as words can be is worth 0.63, two of them 0.86.
    """
    rarest = index.idf("")
    return 1 - exp(-sum(weights.values()) / rarest) if rarest else 0.0
