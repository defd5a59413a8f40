"""The emergency number of the country that a contact's own number is from."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path

import yaml
from phonenumbers import (
    NumberParseException,
    parse,
    region_code_for_country_code,
    region_code_for_number,
)

NUMBERS = Path(__file__).with_name("emergency_numbers.yaml")


def emergency_numbers(number: str | None) -> str | None:
    """What to dial in the country of a number (``+44…``), where that is known."""
    try:
        found = parse(number) if number else None
    except NumberParseException:
        return None
    if found is None or found.country_code is None:
        return None
    # Of a number that no plan has, the country code tells at least where it is dialled.
    country = region_code_for_number(found) or region_code_for_country_code(
        found.country_code
    )
    return _by_country().get(country)


@cache
def _by_country() -> Mapping[str, str]:
    found: Mapping[str, list[str]] = yaml.safe_load(NUMBERS.read_text("utf-8"))
    return {country: dial for dial, countries in found.items() for country in countries}
