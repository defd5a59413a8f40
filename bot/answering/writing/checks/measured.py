"""Whether figures measure what they measure in their sources: £500 are not 500 days."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence

from bot.answering.writing.checks.passages import Passage
from bot.answering.writing.facts.figures import measured_near, measures

Spoken = Callable[[str], frozenset[str]]


def measures_otherwise(said: Passage, sources: Sequence[str], spoken: Spoken) -> bool:
    """Whether a figure has a measure that it has nowhere in its sources.

    Where no source names one near the figure, as in a table, nothing is found.
    """
    held = _near(sources, spoken)
    return any(
        unit is not None and held.get(figure) and unit not in held[figure]
        for figure, unit in measures(said.text, spoken(said.text))
    )


def _near(sources: Sequence[str], spoken: Spoken) -> Mapping[str, set[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    for source in sources:
        languages = spoken(source) | {"en"}
        for figure, units in measured_near(source, languages):
            found[figure] |= units
        for figure, unit in measures(source, languages):
            found[figure] |= {unit} if unit else set()
    return found
