"""Checks that what a model wrote stands in the passages it cites."""

import re
from collections.abc import Iterable, Iterator, Sequence

from bot.answering.understanding.folding import uniform
from bot.answering.understanding.languages import spoken_in
from bot.answering.writing.month_names import months, without_months
from bot.answering.writing.number_words import numbers_in_words
from bot.errors import ModelError

MARKER = re.compile(r"\s*\[(\d{1,2})\]")
# Also as India groups them, 1,50,000, and with Arabic separators.
NUMBER = re.compile(
    r"(?P<whole>[1-9]\d{0,2}(?:[.,\u066c\u00a0\u202f ]\d{3})+(?!\d)"
    r"|[1-9]\d?(?:,\d\d)+,\d{3}(?!\d)|\d+)"
    r"(?:[.,\u066b](?P<rest>\d+))?"
)
DIGIT = re.compile(r"\d")
LIST_NUMBER = re.compile(r"^\s*\d{1,2}[.)]\s", re.MULTILINE)
MAIL = re.compile(r"[\w.+-]+@[\w-]+\.[\w.-]+")
LINK = re.compile(
    r"(?:https?://|www\.)[^\s<>\"')\]]+"
    r"|\b(?:[a-z0-9-]+\.)+[a-z]{2,}\b(?:/[^\s<>\"')\]]*)?",
    re.IGNORECASE,
)
LONGEST = 2000


def checked(
    text: str,
    sources: Sequence[str],
    *,
    language: str = "en",
    languages: Sequence[str] = (),
) -> tuple[str, tuple[int, ...]]:
    """The text without its markers, and the places in ``sources`` that it cites.

    It is meant to be in ``language``; it and the sources are read in their own, one
    of ``languages``.

    Raises:
        ModelError: it is empty or endless, cites nothing or what does not exist, or
            holds a figure, month, link or address that the cited sources do not.
    """
    if not text.strip() or len(text) > LONGEST:
        raise ModelError("empty or endless")
    cited = tuple(dict.fromkeys(int(number) - 1 for number in MARKER.findall(text)))
    if not cited:
        raise ModelError("no citation")
    if not all(0 <= place < len(sources) for place in cited):
        raise ModelError("a citation that does not exist")
    plain = MARKER.sub("", text).strip()
    if not any(character.isalnum() for character in plain):
        raise ModelError("nothing but citations")
    ground = [sources[place] for place in cited]
    for name, held in _held(plain, ground, language, languages):
        if not held:
            raise ModelError(f"a {name} that the cited passages do not hold")
    return plain, cited


def figures(text: str, languages: Iterable[str] = ("en",)) -> set[str]:
    """Every number in a text, written in one way: ``1,500.00`` is ``1500``.

    Numbers in words count too, but for "one", which is rarely a figure; the numbers of
    months do not.
    """
    digits = DIGIT.sub(lambda digit: str(int(digit[0])), uniform(text))
    unlisted = LIST_NUMBER.sub(" ", digits)
    bare = without_months(LINK.sub(" ", MAIL.sub(" ", unlisted)), languages)
    named = {_shown(number) for number in numbers_in_words(bare, languages)}
    return {_plain_number(match) for match in NUMBER.finditer(bare)} | named


def links(text: str) -> set[str]:
    """Every web and mail address in a text."""
    found = [*LINK.findall(MAIL.sub(" ", text)), *MAIL.findall(text)]
    return {_plain_link(address) for address in found}


def _held(
    text: str, sources: Sequence[str], language: str, languages: Sequence[str]
) -> Iterator[tuple[str, bool]]:
    """What is looked at, and whether the sources hold all of it."""
    spoken = spoken_in(text, known=language, allowed=languages)
    read = [
        (source, spoken_in(source, known="en", allowed=languages)) for source in sources
    ]
    for name, find in (("figure", figures), ("month", months)):
        ground = set[object]().union(*(find(*source) for source in read))
        yield name, find(text, spoken) <= ground
    yield "link", links(text) <= set[str]().union(*map(links, sources))


def _plain_number(match: re.Match[str]) -> str:
    whole = int(re.sub(r"\D", "", match["whole"]))
    rest = (match["rest"] or "").rstrip("0")
    return f"{whole}.{rest}" if rest else str(whole)


def _shown(number: float) -> str:
    return str(number) if number % 1 else str(int(number))


def _plain_link(address: str) -> str:
    bare = address.casefold().rstrip(".,;:!?/")
    return bare.removeprefix("https://").removeprefix("http://").removeprefix("www.")
