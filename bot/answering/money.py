"""Amounts of money in messages."""

import re

CURRENCIES = {
    "$": "USD", "us$": "USD", "usd": "USD", "dollar": "USD", "dollars": "USD",
    "€": "EUR", "eur": "EUR", "euro": "EUR", "euros": "EUR",
    "£": "GBP", "gbp": "GBP", "pound": "GBP", "pounds": "GBP",
    "₹": "INR", "inr": "INR", "rs": "INR", "rs.": "INR", "rupee": "INR",
    "rupees": "INR", "ca$": "CAD", "cad": "CAD", "a$": "AUD", "aud": "AUD",
    "nz$": "NZD", "nzd": "NZD", "taka": "BDT", "naira": "NGN",
}  # fmt: skip
UNITS = {"k": "thousand", "l": "lakh", "lac": "lakh", "lacs": "lakh", "lakhs": "lakh"}
MULTIPLES = {"thousand": 1e3, "lakh": 1e5, "million": 1e6}
AMOUNT = re.compile(r"(?P<figure>\d[\d.,]*)\s?(?P<unit>[a-z]*)")


def money_in(text: str) -> tuple[float | None, str | None]:
    """An amount and its currency (ISO 4217), each None where it is not named."""
    words = text.casefold()
    match = AMOUNT.search(words)
    if match is None:
        return None, None
    figure = match["figure"].rstrip(".,").replace(",", "")
    unit = UNITS.get(match["unit"], match["unit"])
    amount = float(figure) if figure.count(".") <= 1 else None
    times = MULTIPLES.get(unit, 1.0)
    return (None if amount is None else amount * times), _currency(words)


def amount_written(text: str) -> str:
    """A budget as ``USD 500``, or without a currency where none was named."""
    match = AMOUNT.search(text)
    if match is None:
        return " ".join(text.split())
    unit = match["unit"] if match["unit"] not in CURRENCIES else ""
    figure = match["figure"].rstrip(".,")
    return " ".join(filter(None, (_currency(text), figure, UNITS.get(unit, unit))))


def _currency(text: str) -> str | None:
    return next((code for sign, code in CURRENCIES.items() if _names(sign, text)), None)


def _names(sign: str, text: str) -> bool:
    return bool(re.search(rf"(?<![^\W\d_]){re.escape(sign)}(?![^\W\d_])", text))
