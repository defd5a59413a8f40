"""Visitors' tokens: only those made here, with this secret, let anybody in."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.visitors import new_visitor, token_for, visitor_of

SECRET = "s" * 32
VISITOR = "visitor-1"
TOKEN = token_for(VISITOR, secret=SECRET)
SIGNATURE = TOKEN.removeprefix(f"{VISITOR}.")


def test_a_token_names_its_visitor() -> None:
    visitor = new_visitor()
    assert visitor_of(token_for(visitor, secret=SECRET), secret=SECRET) == visitor


def test_no_two_visitors_are_alike_or_can_be_guessed() -> None:
    visitors = {new_visitor() for _ in range(200)}
    assert len(visitors) == 200
    assert min(len(visitor) for visitor in visitors) >= 24


@pytest.mark.parametrize(
    "token",
    [
        "",
        ".",
        VISITOR,
        f"{VISITOR}.",
        f".{SIGNATURE}",
        TOKEN[:-1],
        TOKEN + "0",
        f"{TOKEN}.{SIGNATURE}",
        TOKEN.upper(),
        f" {TOKEN}",
        f"visitor-2.{SIGNATURE}",
        f"visitor:{VISITOR}.{SIGNATURE}",
        token_for(VISITOR, secret="t" * 32),
        token_for("", secret=SECRET),
        f"{VISITOR}.é",
        f"é.{SIGNATURE}",
        "ÿ" * 5000,
    ],
)
def test_any_other_token_names_nobody(token: str) -> None:
    assert visitor_of(token, secret=SECRET) is None


@given(st.text(st.characters(codec="utf-8")))
def test_no_text_that_is_tried_is_let_in(token: str) -> None:
    assert visitor_of(token, secret=SECRET) is None
