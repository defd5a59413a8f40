"""Checks that what a model wrote stands in the passages it cites."""

import re
from collections.abc import Sequence

from bot.errors import ModelError

MARKER = re.compile(r"\s*\[(\d{1,2})\]")
NUMBER = re.compile(r"\d+(?:[.,\u00a0\u202f ]\d{3})*(?:[.,]\d+)?")
LIST_NUMBER = re.compile(r"^\s*\d{1,2}[.)]\s", re.MULTILINE)
LINK = re.compile(r"(?:https?://|www\.)[^\s<>\"')\]]+", re.IGNORECASE)
MAIL = re.compile(r"[\w.+-]+@[\w-]+\.[\w.-]+")
MONTH = re.compile(
    r"\b(january|february|march|april|may(?= \d)|june|july|august|september|october"
    r"|november|december)\b",
    re.IGNORECASE,
)
IN_WORDS = {
    word: str(number)
    for number, word in enumerate(
        [
            "zero",
            "one",
            "two",
            "three",
            "four",
            "five",
            "six",
            "seven",
            "eight",
            "nine",
            "ten",
            "eleven",
            "twelve",
            "thirteen",
            "fourteen",
            "fifteen",
            "sixteen",
            "seventeen",
            "eighteen",
            "nineteen",
            "twenty",
        ]
    )
}
LONGEST = 2000


def checked(text: str, sources: Sequence[str]) -> tuple[str, tuple[int, ...]]:
    """The text without its markers, and the places in ``sources`` that it cites.

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
    ground = "\n".join(sources[place] for place in cited)
    for name, find in (("figure", figures), ("month", months), ("link", links)):
        if not find(plain) <= find(ground):
            raise ModelError(f"a {name} that the cited passages do not hold")
    return plain, cited


def figures(text: str) -> set[str]:
    """Every number in a text, written in one way: ``1,500.00`` is ``1500``."""
    bare = LINK.sub(" ", MAIL.sub(" ", LIST_NUMBER.sub(" ", text)))
    words = re.findall(r"[a-z]+", bare.casefold())
    found = {_plain_number(match) for match in NUMBER.findall(bare)}
    # Words count as figures of the sources; "one" in an answer is rarely a figure.
    return found | ({IN_WORDS[word] for word in words if word in IN_WORDS} - {"1"})


def months(text: str) -> set[str]:
    """Every month named in a text."""
    return {match.casefold() for match in MONTH.findall(text)}


def links(text: str) -> set[str]:
    """Every web and mail address in a text."""
    found = [*LINK.findall(text), *MAIL.findall(text)]
    return {_plain_link(address) for address in found}


def _plain_number(text: str) -> str:
    whole, point, rest = text, "", ""
    if match := re.fullmatch(r"(.*)([.,])(\d{1,2}|\d{4,})", text):
        whole, point, rest = match.groups()
    digits = re.sub(r"\D", "", whole).lstrip("0") or "0"
    rest = rest.rstrip("0")
    return f"{digits}.{rest}" if point and rest else digits


def _plain_link(address: str) -> str:
    bare = address.casefold().rstrip(".,;:!?/")
    return bare.removeprefix("https://").removeprefix("http://").removeprefix("www.")
