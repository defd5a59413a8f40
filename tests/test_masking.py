"""Personal data go to no model: addresses and long numbers, but no sums of money."""

import pytest

from bot.masking import hidden, masked


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("write to asha.k+visa@mail.example.org please", "write to [e-mail] please"),
        ("my number is +91 98765 43210", "my number is [number]"),
        ("call 9876543210", "call [number]"),
        ("card 4111 1111 1111 1111, thanks", "card [number], thanks"),
        ("passport K1234567 expires", "passport [number] expires"),
        ("IBAN DE89 3704 0044 0532 0130 00, please", "IBAN [number], please"),
        ("GB29NWBK60161331926819", "[number]"),
    ],
)
def test_personal_data_are_named_instead_of_shown(text: str, shown: str) -> None:
    assert masked(text) == shown


@pytest.mark.parametrize(
    "text",
    [
        "my budget is 25,00,000 or 2500000 rupees",
        "11.904 € in 2026-2027",
        "IELTS 6.5, 10+2 with 85.5%",
        "intake 2026/09",
    ],
)
def test_figures_that_matter_are_left(text: str) -> None:
    assert masked(text) == text


def test_what_was_hidden_can_be_put_back_wherever_its_mark_stands() -> None:
    found = hidden("call 9876543210 or a@b.example, not 9876543211")
    assert found.text == "call [number 2] or [e-mail 1], not [number 3]"
    assert found.put_back("not [number 3], a [e-mail 1], [number 2]") == (
        "not 9876543211, a a@b.example, 9876543210"
    )
