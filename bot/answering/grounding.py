"""Checks that what a model wrote stands in the passages it cites."""

import re
import unicodedata
from collections.abc import Sequence

from bot.errors import ModelError

MARKER = re.compile(r"\s*\[(\d{1,2})\]")
NUMBER = re.compile(
    r"(?P<whole>[1-9]\d{0,2}(?:[.,\u00a0\u202f ]\d{3})+(?!\d)|\d+)"
    r"(?:[.,](?P<rest>\d+))?"
)
LIST_NUMBER = re.compile(r"^\s*\d{1,2}[.)]\s", re.MULTILINE)
MAIL = re.compile(r"[\w.+-]+@[\w-]+\.[\w.-]+")
LINK = re.compile(
    r"(?:https?://|www\.)[^\s<>\"')\]]+"
    r"|\b(?:[a-z0-9-]+\.)+[a-z]{2,}\b(?:/[^\s<>\"')\]]*)?",
    re.IGNORECASE,
)
MONTH = re.compile(
    r"\b(jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may(?=,? \d)|(?<=\d )may"
    r"|(?<=\d[a-z]{2} )may|june?|july?|aug(?:ust)?"
    r"|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\b",
    re.IGNORECASE,
)
ONES = ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine"]
TEENS = ["ten", "eleven", "twelve"] + [
    f"{start}teen" for start in ("thir", "four", "fif", "six", "seven", "eigh", "nine")
]
TENS = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
IN_WORDS = (
    {"zero": 0, "half": 0.5, "dozen": 12, "hundred": 100, "thousand": 1000}
    | {"million": 1_000_000}
    | {word: number for number, word in enumerate(ONES + TEENS, start=1)}
    | {ten: 10 * number for number, ten in enumerate(TENS, start=2)}
    | {
        f"{ten}-{one}": 10 * number + rest
        for number, ten in enumerate(TENS, start=2)
        for rest, one in enumerate(ONES, start=1)
    }
)
WORD = re.compile(rf"(?:{'|'.join(TENS)})[- ](?:{'|'.join(ONES)})\b|[a-z]+")
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
    if not any(character.isalnum() for character in plain):
        raise ModelError("nothing but citations")
    ground = "\n".join(sources[place] for place in cited)
    for name, find in (("figure", figures), ("month", months), ("link", links)):
        if not find(plain) <= find(ground):
            raise ModelError(f"a {name} that the cited passages do not hold")
    return plain, cited


def figures(text: str) -> set[str]:
    """Every number in a text, written in one way: ``1,500.00`` is ``1500``.

    Numbers in words count too, but for "one", which is rarely a figure.
    """
    bare = LINK.sub(" ", MAIL.sub(" ", LIST_NUMBER.sub(" ", _folded(text))))
    words = (word.replace(" ", "-") for word in WORD.findall(bare.casefold()))
    named = {f"{IN_WORDS[word]}" for word in words if word in IN_WORDS}
    return {_plain_number(match) for match in NUMBER.finditer(bare)} | (named - {"1"})


def months(text: str) -> set[str]:
    """Every month named in a text."""
    return {match.casefold()[:3] for match in MONTH.findall(text)}


def links(text: str) -> set[str]:
    """Every web and mail address in a text."""
    found = [*LINK.findall(MAIL.sub(" ", text)), *MAIL.findall(text)]
    return {_plain_link(address) for address in found}


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", text)


def _plain_number(match: re.Match[str]) -> str:
    whole = int(re.sub(r"\D", "", match["whole"]))
    rest = "".join(str(int(digit)) for digit in match["rest"] or "").rstrip("0")
    return f"{whole}.{rest}" if rest else str(whole)


def _plain_link(address: str) -> str:
    bare = address.casefold().rstrip(".,;:!?/")
    return bare.removeprefix("https://").removeprefix("http://").removeprefix("www.")
