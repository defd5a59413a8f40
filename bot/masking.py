"""Personal data of contacts by their formats, taken out before a model sees them."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from bot.account_numbers import account_numbers

# Only from where it begins: from every letter on, a long word is read for ever.
MAIL = re.compile(r"(?<![\w.+-])[\w.+-]+@[\w-]+\.[\w.-]+")
# Eight digits and more, as telephones, cards and accounts are written; sums of money
# are shorter or grouped by commas and points. Letters before them: passports.
NUMBER = re.compile(
    r"(?<![\w.,])(?!20\d\d[-/]20\d\d\b)\+?\d(?:[ ()/-]{0,2}\d){7,}(?![\w]|[.,]\d)"
)
PASSPORT = re.compile(r"\b[A-Za-z]{1,2}\d{6,9}\b")


@dataclass(frozen=True, slots=True, kw_only=True)
class Hidden:
    """A text with marks in place of personal data, and what these stand for."""

    text: str
    marks: Mapping[str, str]

    def put_back(self, written: str) -> str:
        """What was made of the text, with the data where their marks stand."""
        for mark, data in self.marks.items():
            written = written.replace(mark, data)
        return written


def masked(text: str) -> str:
    """A text whose addresses and long numbers are named instead of shown."""
    return _replaced(text, lambda kind, _: f"[{kind}]")


def hidden(text: str) -> Hidden:
    """The same with marks that can be told apart: "[number 2]"."""
    marks: dict[str, str] = {}

    def mark(kind: str, data: str) -> str:
        name = f"[{kind} {len(marks) + 1}]"
        marks[name] = data
        return name

    return Hidden(text=_replaced(text, mark), marks=marks)


def _replaced(text: str, name: Callable[[str, str], str]) -> str:
    for account in account_numbers(text):
        text = text.replace(account, name("number", account), 1)
    for kind, pattern in (("e-mail", MAIL), ("number", NUMBER), ("number", PASSPORT)):
        text = pattern.sub(lambda match, kind=kind: name(kind, match[0]), text)  # type: ignore[misc]
    return text
