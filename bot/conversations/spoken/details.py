"""E-mail addresses and telephone numbers that stand in a contact's words.

Only for what somebody typed: an address that a channel gave is kept as it came.
"""

import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum

from email_validator import EmailNotValidError, validate_email
from phonenumbers import (
    Leniency,
    NumberParseException,
    PhoneNumberFormat,
    PhoneNumberMatcher,
    format_number,
    parse,
    region_code_for_number,
)

LONGEST_READ = 1000
LIKE_AN_ADDRESS = re.compile(r"[^\s<>()\[\],;:\"\u060c]+@[^\s<>()\[\],;:\"\u060c]+")
# Dialled from abroad: 0044 is +44.
FROM_ABROAD = re.compile(r"(?<![\d+])00(?=[1-9])")
FEWEST_DIGITS = 7
QUESTION_MARKS = "?؟？"


class WayKind(StrEnum):
    """What can be written to, or called."""

    EMAIL = "email"
    PHONE = "phone"


@dataclass(frozen=True, slots=True)
class Way:
    """An e-mail address, or a number as +442079460000."""

    kind: WayKind
    value: str

    @property
    def shown(self) -> str:
        """As people read it."""
        if self.kind is WayKind.EMAIL:
            return self.value
        return number_shown(self.value)


def number_shown(number: str) -> str:
    """A number as people read it, in groups; as it is where its plan is not known."""
    try:
        return format_number(parse(number), PhoneNumberFormat.INTERNATIONAL)
    except NumberParseException:
        return number


def ways_in(text: str) -> list[Way]:
    """What a text names, in its order; numbers only with their country code."""
    text = _plain_digits(text[:LONGEST_READ])
    emails = [
        Way(WayKind.EMAIL, found)
        for candidate in LIKE_AN_ADDRESS.findall(text)
        if (found := _email(candidate))
    ]
    numbers = numbers_in(LIKE_AN_ADDRESS.sub(" ", text))
    return list(dict.fromkeys([*emails, *numbers]))


def numbers_in(text: str) -> list[Way]:
    """The telephone numbers that a text names with their country code."""
    dialled = FROM_ABROAD.sub("+", _plain_digits(text[:LONGEST_READ]))
    # Contacts are all over the world: without its country a number is a guess.
    found = PhoneNumberMatcher(dialled, None, leniency=Leniency.POSSIBLE)
    return [
        Way(WayKind.PHONE, format_number(match.number, PhoneNumberFormat.E164))
        for match in found
    ]


def national_numbers_in(text: str, region: str) -> list[Way]:
    """Numbers written as within a country (``IN``), as long as its plan has them."""
    plain = _plain_digits(text[:LONGEST_READ])
    found = PhoneNumberMatcher(plain, region, leniency=Leniency.VALID)
    return [
        Way(WayKind.PHONE, format_number(match.number, PhoneNumberFormat.E164))
        for match in found
    ]


def region_of(number: str | None) -> str | None:
    """The country of a number, by its code."""
    try:
        return region_code_for_number(parse(number)) if number else None
    except NumberParseException:
        return None


def seems_to_name_one(text: str) -> bool:
    """Whether a text looks as if it should name one, and perhaps doesn't quite."""
    digits = sum(character.isdigit() for character in text[:LONGEST_READ])
    return "@" in text or digits >= FEWEST_DIGITS


def asks_something(text: str) -> bool:
    """Whether a text has the mark of a question."""
    return any(mark in text for mark in QUESTION_MARKS)


def _email(candidate: str) -> str | None:
    try:
        found = validate_email(candidate.rstrip(".!?"), check_deliverability=False)
    except EmailNotValidError:
        return None
    return found.normalized


def _plain_digits(text: str) -> str:
    """Digits of every script as 0 to 9."""
    return "".join(
        str(unicodedata.decimal(character)) if character.isdecimal() else character
        for character in text
    )
