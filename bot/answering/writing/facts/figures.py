"""The figures and links of a text, each written in one way."""

import re
from collections.abc import Iterable, Iterator

from bot.answering.understanding.folding import uniform
from bot.answering.writing.facts.month_names import without_months
from bot.answering.writing.facts.number_words import measures_in_words, numbers_in_words
from bot.answering.writing.facts.units import unit_before, unit_behind, units_near

# Also as India groups them, 1,50,000, and with Arabic separators.
NUMBER = re.compile(
    r"(?P<whole>[1-9]\d{0,2}(?:[.,\u066c\u00a0\u202f ]\d{3})+(?!\d)"
    r"|[1-9]\d?(?:,\d\d)+,\d{3}(?!\d)|\d+)"
    r"(?:[.,\u066b](?P<rest>\d+))?"
)
DIGIT = re.compile(r"\d")
# A text is read once: nothing here goes on for ever from each of its letters.
LETTERS_NEAR = 60
LIST_NUMBER = re.compile(r"^[^\S\n]*\d{1,2}[.)]\s", re.MULTILINE)
MAIL = re.compile(r"(?<![\w.+-])[\w.+-]+@[\w-]+\.[\w.-]+")
LINK = re.compile(
    r"(?:https?://|www\.)[^\s<>\"')\]]+"
    r"|\b(?:[\w-]{1,63}\.){1,10}[^\W\d_]{2,63}\b(?:/[^\s<>\"')\]]*)?",
    re.IGNORECASE,
)


def figures(text: str, languages: Iterable[str] = ("en",)) -> set[str]:
    """Every number in a text, written in one way: ``1,500.00`` is ``1500``.

    Numbers in words count too, but for "one", which is rarely a figure; the numbers of
    months do not.
    """
    bare = _bare(text, languages)
    digits = {_plain_number(match) for match in NUMBER.finditer(bare)}
    return digits | set(map(_shown, numbers_in_words(bare, languages)))


def told_figures(text: str, languages: Iterable[str] = ("en",)) -> set[str]:
    """Those that tell something: not the "two" of "these two ways", which count."""
    return {figure for figure, _ in measures(text, languages)}


def measures(
    text: str, languages: Iterable[str] = ("en",)
) -> Iterator[tuple[str, str | None]]:
    """The same with what each of them measures, as "year" or "money"."""
    bare = _bare(text, languages)
    for match in NUMBER.finditer(bare):
        before, behind = bare[: match.start()], bare[match.end() :]
        yield _plain_number(match), unit_behind(behind) or unit_before(before)
    for number, unit in measures_in_words(bare, languages).items():
        yield _shown(number), unit


def measured_near(
    text: str, languages: Iterable[str] = ("en",)
) -> Iterator[tuple[str, set[str]]]:
    """Each number in digits with every measure that is named near it."""
    bare = _bare(text, languages)
    for match in NUMBER.finditer(bare):
        yield (
            _plain_number(match),
            units_near(
                bare[: match.start()][-LETTERS_NEAR:],
                bare[match.end() :][:LETTERS_NEAR],
            ),
        )


def edge_number(text: str, *, last: bool) -> str | None:
    """The first number in digits, or the last; None if there is none."""
    found = [_plain_number(match) for match in NUMBER.finditer(text)]
    return found[-1 if last else 0] if found else None


def without_links(text: str) -> str:
    """The text without its web and mail addresses."""
    return LINK.sub(" ", MAIL.sub(" ", text))


def links(text: str) -> set[str]:
    """Every web and mail address in a text."""
    found = [*LINK.findall(MAIL.sub(" ", text)), *MAIL.findall(text)]
    return {_plain_link(address) for address in found}


def _bare(text: str, languages: Iterable[str]) -> str:
    """A text without addresses, months and the numbers of a list, in plain digits."""
    digits = DIGIT.sub(lambda digit: str(int(digit[0])), uniform(text))
    unlisted = LIST_NUMBER.sub(" ", digits)
    return without_months(without_links(unlisted), languages)


def _plain_number(match: re.Match[str]) -> str:
    whole = int(re.sub(r"\D", "", match["whole"]))
    rest = (match["rest"] or "").rstrip("0")
    return f"{whole}.{rest}" if rest else str(whole)


def _shown(number: float) -> str:
    return str(number) if number % 1 else str(int(number))


def _plain_link(address: str) -> str:
    bare = address.casefold().rstrip(".,;:!?/")
    return bare.removeprefix("https://").removeprefix("http://").removeprefix("www.")
