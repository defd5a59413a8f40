"""Addresses and numbers in what contacts write."""

import pytest

from bot.conversations.spoken.details import Way, WayKind, seems_to_name_one, ways_in

EMAIL, PHONE = WayKind.EMAIL, WayKind.PHONE


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("anna@example.org", [(EMAIL, "anna@example.org")]),
        ("It's Anna.B@Example.ORG.", [(EMAIL, "Anna.B@example.org")]),
        ("josé@münchen.de, please", [(EMAIL, "josé@münchen.de")]),
        ("+44 20 7946 0000", [(PHONE, "+442079460000")]),
        ("0044 20 7946 0000", [(PHONE, "+442079460000")]),
        ("call +91-98765-43210 at 5", [(PHONE, "+919876543210")]),
        ("٠٠٩٦٦٥٠١٢٣٤٥٦٧", [(PHONE, "+966501234567")]),
        ("+९१ ९८७६५ ४३२१०", [(PHONE, "+919876543210")]),
        (
            "a@b.co or +1 (415) 555-2671",
            [(EMAIL, "a@b.co"), (PHONE, "+14155552671")],
        ),
        ("a@b.co a@b.co", [(EMAIL, "a@b.co")]),
        ("9876543210", []),
        ("anna@localhost", []),
        ("@anna", []),
        ("I got 7.5 in 2024-2025", []),
        ("", []),
    ],
)
def test_what_contacts_write_is_found(
    text: str, found: list[tuple[WayKind, str]]
) -> None:
    assert ways_in(text) == [Way(kind, value) for kind, value in found]


def test_numbers_are_shown_in_groups() -> None:
    assert Way(PHONE, "+442079460000").shown == "+44 20 7946 0000"
    assert Way(EMAIL, "a@b.co").shown == "a@b.co"


@pytest.mark.parametrize(
    ("text", "seems"),
    [("anna@example", True), ("98765 43210", True), ("In 2027?", False)],
)
def test_what_nearly_names_one_is_told_from_other_words(
    text: str, *, seems: bool
) -> None:
    assert seems_to_name_one(text) is seems
