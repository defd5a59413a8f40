"""Checks that what a model wrote stands in the sources that it names."""

import re
from collections.abc import Callable, Iterator, Sequence

from bot.answering.retrieval.lexical import terms
from bot.answering.understanding.languages import is_english, spoken_in
from bot.answering.understanding.money import sums_in, tokens_of
from bot.answering.writing.checks.sums import keeps_currencies
from bot.answering.writing.facts.figures import figures, links, told_figures
from bot.answering.writing.facts.month_names import months
from bot.answering.writing.facts.promises import denies, promises

# Of English sentences that a capable model wrote from sources here one in a hundred
# shares less with those that it named; of others it did not name half share .38.
LEAST_SHARED = 0.25
# Behind this a sum is the contact's own.
YOURS = re.compile(r"\byour\b", re.IGNORECASE)


def unfounded(
    text: str,
    sources: Sequence[str],
    *,
    said: str = "",
    language: str = "en",
    languages: Sequence[str] = (),
) -> str | None:
    """What a sentence says that the sources it names do not hold; None if nothing.

    Figures and months may also be those that the contact ``said``: "with your 5.5 …".
    It is meant to be in ``language``; it and the sources are read in their own, one
    of ``languages``. Nor may it promise what nobody can.
    """
    if not any(character.isalnum() for character in text):
        return "nothing is said"
    if promises(text):
        return "a promise"
    held = _held(text, sources, said, _spoken_by(language, languages))
    missing = (name for name, holds in held if not holds)
    name = next(missing, None)
    if name:
        return f"a {name} that its sources do not hold"
    return None


def shares_little(text: str, sources: Sequence[str], *, said: str) -> bool:
    """Whether an English sentence has hardly a word of its sources or the contact's.

    Those that say what is *not* known may have none.
    """
    if denies(text) or not is_english(text):
        return False
    return shared(text, "\n".join((*sources, said))) < LEAST_SHARED


def shared(text: str, source: str) -> float:
    """The share of a text's words that its source has, by their stems, 0 to 1."""
    words, ground = terms(text), frozenset(terms(source))
    return sum(word in ground for word in words) / max(len(words), 1)


def _held(
    text: str,
    sources: Sequence[str],
    said: str,
    spoken: Callable[[str, str | None], frozenset[str]],
) -> Iterator[tuple[str, bool]]:
    """What is looked at, and whether the sources hold all of it."""
    read = [(source, spoken(source, "en")) for source in sources]
    read.append((said, spoken(said, None)))
    own = spoken(text, None)
    looks = (
        ("figure", figures, told_figures(text, own)),
        ("month", months, months(text, own)),
    )
    theirs = {_figure(value) for value, _ in sums_in(tokens_of(said))}
    for name, find, told in looks:
        ground = set[object]().union(*(find(*source) for source in read))
        yield name, told <= ground | theirs
    yield "link", links(text) <= set[str]().union(*map(links, sources))
    stated = {source: figures(source, spoken(source, "en")) for source in sources}
    spared = said if denies(text) or YOURS.search(text) else ""
    yield "currency", keeps_currencies(text, stated, said=spared)


def _figure(value: float) -> str:
    """A sum, "20 lakh", as figures are written: ``2000000``."""
    return str(int(value)) if value.is_integer() else str(value)


def _spoken_by(
    language: str, languages: Sequence[str]
) -> Callable[[str, str | None], frozenset[str]]:
    """The languages to read a text in; its own is that of the reply if not given."""
    return lambda text, own: spoken_in(text, known=own or language, allowed=languages)
