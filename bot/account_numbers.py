"""Numbers of cards, bank accounts and passports, shown by their last digits alone.

Cards and accounts are known by their check digits, so that telephones and figures are
left.
"""

import re

CARD = re.compile(
    r"(?<![\w+.,])(?:3[04-9]|[456]\d|2[2-7])(?:[ .-]?\d){11,17}(?!\w|[.,]\d)"
)
IBAN = re.compile(
    r"\b[A-Z]{2}\d{2}(?: ?[A-Z\d]{4}){2,7}(?: ?[A-Z\d]{1,3})?\b", re.IGNORECASE
)
PASSPORT = re.compile(r"\b[A-Za-z]{1,2}\d{6,9}\b")
LEFT = 4


def shortened(text: str) -> str:
    """A text without them but for their last four digits: ``[number …1111]``."""
    for number in account_numbers(text):
        text = text.replace(number, _short(number))
    text = CARD.sub(lambda one: _short(one[0]) if _is_card(one[0]) else one[0], text)
    return PASSPORT.sub(lambda one: _short(one[0]), text)


def all_shortened(value: object) -> object:
    """The same in every text of what will be JSON."""
    if isinstance(value, str):
        return shortened(value)
    if isinstance(value, dict):
        return {name: all_shortened(one) for name, one in value.items()}
    return [all_shortened(one) for one in value] if isinstance(value, list) else value


def account_numbers(text: str) -> list[str]:
    """The numbers of bank accounts in a text, as they are written there."""
    found = [_account_in(one[0]) for one in IBAN.finditer(text)]
    return [one for one in found if one]


def _account_in(written: str) -> str:
    """What may be followed by words that look like the rest of it."""
    while written and not _is_account(written):
        written = written.rpartition(" ")[0]
    return written


def _short(number: str) -> str:
    return f"[number …{_bare(number)[-LEFT:]}]"


def _is_card(number: str) -> bool:
    """Luhn's sum, which all numbers of cards keep to."""
    digits = [int(one) for one in _bare(number)]
    doubled = [sum(divmod(2 * digit, 10)) for digit in digits[-2::-2]]
    return (sum(digits[-1::-2]) + sum(doubled)) % 10 == 0


def _is_account(number: str) -> bool:
    """The check of ISO 13616: letters count from ten on, and 97 leaves one."""
    bare = _bare(number)
    turned = bare[4:] + bare[:4]
    try:
        return int("".join(str(int(one, 36)) for one in turned)) % 97 == 1
    except ValueError:
        return False


def _bare(number: str) -> str:
    return "".join(one for one in number if one.isalnum())
