"""A message is read once from its beginning to its end, whatever it is made of."""

import pytest

from bot.answering.understanding.folding import LONGEST_MESSAGE, shortened
from bot.answering.understanding.plans import understood_in
from bot.answering.understanding.words import is_yes, names_danger, numbers_said
from bot.answering.writing.facts.figures import figures, links
from bot.masking import masked

MANY = 40_000


@pytest.mark.parametrize("sign", ["a-", "a.", "a1-", "\n", "@", "a", "1 "])
def test_links_and_figures_are_found_in_one_reading(sign: str) -> None:
    text = f"{sign * MANY} see www.example.org"
    assert any(one.endswith("example.org") for one in links(text))
    figures(text)


@pytest.mark.parametrize(
    "sign", ["_", "a", "1", "\u0939", "\u4e2d", "*", "a*", "@", "a."]
)
def test_ten_times_the_longest_message_of_one_sign_is_read_at_once(sign: str) -> None:
    # Read again from each of its letters, one of them takes a quarter of an hour,
    # during which no other thread runs.
    text = f"{sign * MANY}x"
    assert understood_in(text) == {}
    assert not is_yes(text)
    assert not names_danger(text)
    assert numbers_said(text, among=4) == ()
    assert masked(text)


def test_a_letter_that_becomes_eighteen_makes_no_longer_message() -> None:
    assert len(shortened("\ufdfa" * LONGEST_MESSAGE)) <= LONGEST_MESSAGE


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("Mail ana.b+c@mail.example.org!", "Mail [e-mail]!"),
        ("a@b@c.org", "a@[e-mail]"),
        ("<x@y.org>,z@w.org", "<[e-mail]>,[e-mail]"),
    ],
)
def test_addresses_are_still_masked(text: str, seen: str) -> None:
    assert masked(text) == seen
