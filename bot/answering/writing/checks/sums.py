"""Whether sums of money keep the currency of their sources: nothing is converted."""

from collections.abc import Iterable, Mapping, Sequence

from bot.answering.understanding.money import (
    currencies_named,
    sums_in,
    tokens_of,
)

DOLLARS = {"USD", "CAD", "AUD", "NZD"}


def names_currencies_of(text: str, source: str) -> bool:
    """Whether a source names the currency of every sum of a text."""
    held = currencies_named(source)
    codes = (code for _, code in sums_in(tokens_of(text)) if code)
    return all(_is_among(code, held) for code in codes)


def keeps_currencies(
    text: str, sources: Mapping[str, Iterable[str]], *, said: str
) -> bool:
    """Whether the sources have every sum of a text in that currency.

    ``sources`` are their texts with their figures. Where a source says the figure
    without a currency, as in a table, one that it names elsewhere is meant. Sums that
    the contact ``said`` are theirs: "do not pay the $75".
    """
    return all(
        currency is None
        or _has(value, currency, sources)
        or _is_among(currency, _currencies_of(value, said))
        for value, currency in sums_in(tokens_of(text))
    )


def _has(value: float, currency: str, sources: Mapping[str, Iterable[str]]) -> bool:
    stated = [code for one in sources for code in _currencies_of(value, one)]
    if stated:
        return _is_among(currency, stated)
    figure = str(int(value)) if value.is_integer() else str(value)
    holding = [one for one, figures in sources.items() if figure in figures]
    named = [currencies_named(one) for one in holding or sources]
    return any(_is_among(currency, codes) for codes in named)


def _currencies_of(value: float, source: str) -> Sequence[str]:
    sums = sums_in(tokens_of(source))
    return [code for one, code in sums if code and one == value]


def _is_among(currency: str, codes: Iterable[str]) -> bool:
    """A bare "$" may be any dollar: where a source has one, it is meant."""
    return any(currency == one or {currency, one} <= DOLLARS for one in codes)
