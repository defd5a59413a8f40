"""Whether least and most, first and last stay what they are, and dates stay beside."""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from bot.answering.writing.checks.closed_words import Bound, bounds, denies
from bot.answering.writing.checks.passages import Passage
from bot.answering.writing.facts.figures import edge_number, figures
from bot.answering.writing.facts.month_names import months

# What is bounded stands so near; what is told in figures of two digits is a fact.
NEAR, LETTERS = 3, 40
YEAR = re.compile(r"(?<!\d)20\d\d(?!\d)")
FIGURE = 2


def turns_a_bound_round(said: Passage, sources: Sequence[Passage]) -> bool:
    """Whether a figure or date that is the least in its sources is told as the most.

    "Not more than 20" is the most, as "up to 20" is. Where a source has both, or a
    sentence could be read either way, nothing is found.
    """
    held: dict[object, set[int]] = defaultdict(set)
    for source in sources:
        for what, ways in _ways(source).items():
            held[what] |= ways
    return any(
        what in held and not ways & held[what] for what, ways in _ways(said).items()
    )


def leaves_a_date_out(said: Passage, reply: str, sources: Sequence[Passage]) -> bool:
    """Whether a figure is told without the date from or until which it is so."""
    told = figures(reply, (said.language,))
    for figure in figures(said.text, (said.language,)):
        is_fact = len(figure) >= FIGURE and not YEAR.fullmatch(figure)
        years = list(_years_of(figure, sources)) if is_fact else []
        if years and all(years) and not told & set().union(*years):
            return True
    return False


def bounded(text: Passage) -> frozenset[object]:
    """What a text says the least or the most of."""
    return frozenset(_ways(text))


def _ways(text: Passage) -> Mapping[object, set[int]]:
    """Of each bounded figure or month, whether it is the least (1) or the most (-1)."""
    found: dict[object, set[int]] = defaultdict(set)
    for sentence in text.sentences():
        denied = denies(sentence.text, text.language)
        for clause in sentence.clauses():
            here = denies(clause.text, text.language)
            signs = {-1} if here else {1, -1} if denied else {1}
            for bound in bounds(clause.text, text.language):
                for what in _bounded_by(bound, text.language):
                    found[what] |= {sign * bound.direction for sign in signs}
    return found


def _bounded_by(bound: Bound, language: str) -> set[object]:
    words = bound.beside.split()
    near = " ".join(words[-NEAR:] if bound.behind else words[:NEAR])
    near = near[-LETTERS:] if bound.behind else near[:LETTERS]
    number = edge_number(near, last=bound.behind)
    if number is not None:
        return {number}
    named = {("month", month) for month in months(near, (language,))}
    return {*figures(near, (language,)), *named}


def _years_of(figure: str, sources: Sequence[Passage]) -> Iterator[set[str]]:
    """Of each sentence that has the figure, the years from or until which it holds."""
    for source in sources:
        for sentence in source.sentences():
            if figure in figures(sentence.text, (source.language,)):
                near = (
                    " ".join(bound.beside.split()[: NEAR + 1])
                    for clause in sentence.clauses()
                    for bound in bounds(clause.text, source.language)
                    if not bound.behind
                )
                yield {year for text in near for year in YEAR.findall(text)}
