"""Cards, accounts and passports are shown by their last digits, and nothing else is."""

import pytest

from bot.account_numbers import shortened


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("card 4111 1111 1111 1111, thanks", "card [number …1111], thanks"),
        ("4111.1111.1111.1111", "[number …1111]"),
        ("5555555555554444.", "[number …4444]."),
        ("amex 3782-822463-10005", "amex [number …0005]"),
        ("IBAN DE89 3704 0044 0532 0130 00!", "IBAN [number …3000]!"),
        ("BE68 5390 0754 7034 from here", "[number …7034] from here"),
        ("gb29nwbk60161331926819", "[number …6819]"),
        ("FR14 2004 1010 0505 0001 3M02 606", "[number …2606]"),
        ("passport K1234567 expires", "passport [number …4567] expires"),
    ],
)
def test_numbers_of_cards_accounts_and_passports_are_shortened(
    text: str, shown: str
) -> None:
    assert shortened(text) == shown


@pytest.mark.parametrize(
    "text",
    [
        "call +44 7700 900123 or 00491511234567890",
        "whatsapp:+4915112345678",
        "4111 1111 1111 1112 fails its check",
        "2026-11-30T10:00:00+00:00 and 25,00,000 rupees",
        "SM00000000000000000000004111111111111111",
        "GB29NWBK60161331926818",
        "CS101, 10+2 with 85.5%",
    ],
)
def test_telephones_times_and_figures_are_left(text: str) -> None:
    assert shortened(text) == text
