"""An e-mail address is exactly one, and small letters make no other of it."""

import pytest

from bot.staff.email_addresses import email_address


@pytest.mark.parametrize(
    ("given", "address"),
    [
        (" Ana@Example.ORG\n", "ana@example.org"),
        ("ana.\u00fc+x@example.org", "ana.\u00fc+x@example.org"),
        # The sign for kelvin, whose small letter is a k.
        ("\u212aim@example.org", "\u212aim@example.org"),
        ("kim@\u212aorp.example", None),
        ("a@evil@corp.example", None),
        ("a@corp", None),
        ("corp.example", None),
        ("@corp.example", None),
        ("", None),
        ("a b@corp.example", None),
        ("a\0@corp.example", None),
        ("a\u200b@corp.example", None),
        ("a" * 250 + "@corp.example", None),
    ],
)
def test_what_is_an_address(given: str, address: str | None) -> None:
    assert email_address(given) == address
