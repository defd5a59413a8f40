"""How numbers, sums of money and dates are written in a language, and read again."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from babel import Locale, UnknownLocaleError
from babel.dates import format_date, format_skeleton

SIGNS = {
    "GBP": "£", "EUR": "€", "INR": "₹",
    "USD": "US$", "CAD": "CA$", "AUD": "A$", "NZD": "NZ$",
}  # fmt: skip
CURRENCY = re.compile(r"[A-Z]{3}")
NUMBER = r"\d(?:[\d.,\u00a0\u202f]*\d)?"
MONEY = rf"(?:[A-Z]{{1,2}})?\$|[£€₹]|{'|'.join(SIGNS)}"
SUM = re.compile(
    rf"(?<![A-Za-z\d$])(?P<before>{MONEY})\s?(?P<first>{NUMBER})"
    rf"|(?<![A-Za-z\d.,])(?P<second>{NUMBER})\s?(?P<behind>{MONEY})(?![A-Za-z]|\s?\d)"
)
GROUPED = re.compile(r"[.,\u00a0\u202f](?=\d{3}(?:\D|$))")
BRITISH = Locale("en", "GB")
MONTH, DAY = "yMMMM", "long"
SCORE = "score"
# As exact as a date is: a year, a month, a day.
YEAR_DIGITS, MONTH_DIGITS = len("2026"), len("2026-04")


@dataclass(frozen=True, slots=True)
class Format:
    """What parts thousands, what decimals, and where the sign of a currency stands."""

    group: str
    point: str
    money: str


DEFAULT = Format(",", ".", "{sign}{number}")
# Of the other languages; in Spanish as in Mexico and Peru.
FORMATS = {
    "de": Format(".", ",", "{number}\u00a0{sign}"),
    "fr": Format("\u202f", ",", "{number}\u00a0{sign}"),
    "pt": Format(".", ",", "{sign}\u00a0{number}"),
    "vi": Format(".", ",", "{number}\u00a0{sign}"),
}


def sum_written(value: Decimal, unit: str, language: str) -> str:
    """A sum with the sign of its currency; of what is counted only the number.

    A score stands as on a certificate, "6.5" in every language.
    """
    if unit == SCORE:
        return f"{value:f}"
    how = FORMATS.get(language.partition("-")[0], DEFAULT)
    parts = str.maketrans(",.", how.group + how.point)
    number = f"{value:,f}".translate(parts)
    if not is_currency(unit):
        return number
    sign = SIGNS.get(unit, f"{unit}\u00a0" if how is DEFAULT else unit)
    return how.money.format(sign=sign, number=number)


def date_written(text: str, language: str) -> str:
    """A year, a month (``2026-04``) or a day as it stands in a sentence."""
    locale = _locale(language)
    day = first_day(text)
    if len(text) > MONTH_DIGITS:
        return str(format_date(day, DAY, locale=locale))
    skeleton = MONTH if len(text) > YEAR_DIGITS else "y"
    return str(format_skeleton(skeleton, day, locale=locale))


def first_day(text: str) -> date:
    """The first day of a year, a month or a day.

    Raises:
        ValueError: it is none of these.
    """
    if not re.fullmatch(r"\d{4}(-\d\d){0,2}", text):
        raise ValueError("must be a year, a month as 2026-04, or a day")
    return date.fromisoformat((text + "-01-01")[: len("2026-04-01")])


def is_currency(unit: str) -> bool:
    """Whether it is the code of a currency."""
    return CURRENCY.fullmatch(unit) is not None


def sums_in(text: str) -> Iterator[tuple[re.Match[str], Decimal, str]]:
    """The sums of money in a text of any language, where they stand."""
    codes = {sign: code for code, sign in SIGNS.items()}
    for found in SUM.finditer(text):
        name = found["before"] or found["behind"]
        value = GROUPED.sub("", found["first"] or found["second"])
        value = re.sub(r"[.,\u00a0\u202f]", ".", value)
        if value.count(".") <= 1:
            yield found, Decimal(value), codes.get(name, name)


def _locale(language: str) -> Locale:
    try:
        return BRITISH if language == "en" else Locale.parse(language)
    except (UnknownLocaleError, ValueError):
        return BRITISH
