"""A programme in one line, and what is to be said beside a list of them."""

from bot.answering.programmes.programmes import Programme, Selection
from bot.answering.programmes.wishes import Wishes
from bot.answering.understanding.countries import country_shown
from bot.phrases import phrase

MODES = {"online": "mode_online", "hybrid": "mode_hybrid", "campus": "mode_campus"}


def programme_line(one: Programme, language: str) -> str:
    """Title, provider, country and way of teaching, length, fee: to be compared."""
    mode, countries = one.field("mode"), sorted(one.countries)
    parts = (
        one.field("provider"),
        ", ".join(country_shown(name, language) for name in countries),
        phrase(MODES[mode], language) if mode else None,
        one.field("duration")
        or one.field("effort")
        or phrase("length_unknown", language),
        _fee(one, language),
    )
    return f"{one.title}: " + "; ".join(part for part in parts if part)


def notes(
    selection: Selection, wishes: Wishes, language: str, *, told: int
) -> list[str]:
    """What could not be told, and how many are behind the ``told`` first ones."""
    said = []
    if len(selection.fitting) > told:
        number = str(len(selection.fitting) - told)
        said.append(phrase("programmes_more", language, number=number))
    if selection.unpriced:
        number = str(selection.unpriced)
        said.append(phrase("programmes_unpriced", language, number=number))
    if selection.unmeasured:
        number = str(selection.unmeasured)
        said.append(phrase("programmes_unmeasured", language, number=number))
    if selection.mode_unsaid and wishes.mode:
        what = phrase(MODES[wishes.mode], language)
        said.append(phrase("programmes_unchecked", language, what=what))
    return said


def _fee(one: Programme, language: str) -> str:
    if one.fee is None:
        return phrase("price_unknown", language)
    day = one.fee_as_of
    dated = phrase("as_of", language, month=f"{day:%Y-%m}") if day else ""
    if not one.fee:
        free = phrase("free_of_charge", language)
        return f"{free} {dated}".strip()
    amount = f"{one.fee:,.0f}" if one.fee == int(one.fee) else f"{one.fee:,.2f}"
    return f"{one.currency} {amount} {dated}".strip()
