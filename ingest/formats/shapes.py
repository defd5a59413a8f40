"""What cells look like: figures, years, questions, marks of notes."""

import re

DIGIT = re.compile(r"\d")
YEARS = re.compile(r"(?:19|20)\d\d(?:\s?[/–-]\s?(?:(?:19|20)?\d\d))?")
# Figures with nothing but signs, units and currencies around them.
FIGURE = re.compile(
    r"[^\w]*(?:[A-Z]{2,3}|Rs\.?|kr\.?|zł)?[^\w]*\d[\d.,\s’']*(?:%|[^\W\d_]{0,4})[^\w]*"
)
WORD = re.compile(r"[^\W\d_][^\W\d_A-Z]{2}")
LETTERS = re.compile(r"[^\W\d_]+")
NUMBERS = re.compile(r"\d[\d.,\s:/-]*")
# How entries of lists of questions are marked.
QUESTION = re.compile(r"^(?:Q|Question|F|Frage|P)\s*\d*\s*[:.)]\s+")
ANSWER = re.compile(r"^(?:A|Answer|Antwort|R)\s*[:.]\s+")
MARK = re.compile(r"\s*(\*{1,3}|[†‡§¹²³⁴⁵⁶⁷⁸⁹]|\((?:\d|[a-z])\)|\[\d\])\s*$")
NOTE = re.compile(r"\s*(\*{1,3}|[†‡§¹²³⁴⁵⁶⁷⁸⁹]|\((?:\d|[a-z])\)|\[\d\]):?\s*(?=\S)")
ENDS = re.compile(r"[.!。।]\s*$")
LONG_NOTE = 9
# A sum of all rows belongs to no group of them.
TOTAL = re.compile(
    r"(?:grand |sub-?)?(?:totals?|sum|gesamt|summe|insgesamt|somme|totale|suma|totaal"
    r"|итого|всего|合计|合計|المجموع)\b",
    re.IGNORECASE,
)


def is_year(text: str) -> bool:
    """Whether it is a year or two, as they stand above columns."""
    return YEARS.fullmatch(text.strip()) is not None


def is_figure(text: str) -> bool:
    """Whether it is a sum, a share, a number, a time or a date, and no name."""
    return bool(DIGIT.search(text)) and not is_year(text)


def names_a_year(text: str) -> bool:
    """Whether it is words with a year, as above a column ("Fee 2027")."""
    rest = YEARS.sub("", text)
    return rest != text and not DIGIT.search(rest) and WORD.search(rest) is not None


def shape(text: str) -> str:
    """The same for texts that are written in the same way."""
    return LETTERS.sub("a", NUMBERS.sub("9", text)).strip()


def asks(text: str) -> bool:
    """Whether it is a question."""
    return text.rstrip().endswith(("?", "？", "؟"))


def is_note(text: str) -> bool:
    """Whether it is a sentence beside the rows, and no name of any."""
    words = text.split()
    return (
        bool(NOTE.match(text))
        or (
            len(words) > 2 and bool(ENDS.search(text))  # noqa: PLR2004
        )
        or len(words) > LONG_NOTE
    )
