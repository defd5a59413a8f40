"""Whether a figure that only the contact wrote is told as theirs, or as what is so."""

import re
from collections.abc import Callable, Sequence

from bot.answering.writing.checks.closed_words import begins_with, denies, has
from bot.answering.writing.checks.passages import Passage
from bot.answering.writing.facts.figures import measures

Spoken = Callable[[str], frozenset[str]]
YEAR = re.compile(r"(?:19|20)\d\d")
MONEY = "money"


def confirms_their_figure(
    said: Passage, sources: Sequence[str], spoken: Spoken
) -> bool:
    """Whether a sentence has the contact's figure where its sources have another.

    "With your 5.5 you are below 6.0" is theirs, told beside what is so; "yes, the fee
    is 300" is not. ``spoken`` says in which languages a text is to be read. A sentence
    that denies, or that speaks to the contact and does not begin with a yes, may name
    their figure; so may one that tells a figure of its sources of the same kind.
    """
    agrees = begins_with(said.text, said.language, "yes") > 0
    about_them = has(said.text, said.language, "you") and not agrees
    if about_them or denies(said.text, said.language):
        return False
    held = {pair for one in sources for pair in _measures(one, spoken)}
    known = {figure for figure, _ in held}
    told = set(_measures(said.text, spoken))
    own = {kind for figure, kind in told if figure not in known}
    compared = {kind for figure, kind in told if figure in known}
    others = {kind for _, kind in held}
    return any(_is_of(kind, others) and not _is_of(kind, compared) for kind in own)


def _measures(text: str, spoken: Spoken) -> list[tuple[str, str | None]]:
    """The figures of a text with what they measure, without years."""
    found = measures(text, spoken(text))
    return [(figure, kind) for figure, kind in found if not YEAR.fullmatch(figure)]


def _is_of(kind: str | None, kinds: set[str | None]) -> bool:
    """Whether a kind is among others; a bare figure may be a sum or a mark."""
    return kind in kinds or (kind is None and MONEY in kinds)
