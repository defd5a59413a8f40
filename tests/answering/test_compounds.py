"""Words that some write joined, some with a hyphen, and some apart."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.answering.compounds import Compounds, joined_words

TEXTS = [
    "What is a micro-credential? A micro-credential is short.",
    "One microcredential of a university.",
    "Part-time or full\u2011time; reach us by email, not by e-mail. Email us.",
]


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("whats a microcredential?", "whats a micro-credential?"),
        ("is a micro credential ok", "is a micro-credential ok"),
        ("a Micro-Credential", "a micro-credential"),
        ("part time work", "part-time work"),
        ("what is your e-mail", "what is your email"),
        ("working full time in spain", "working full\u2011time in spain"),
        ("micro, credential", "micro, credential"),
        ("no such word 👍", "no such word 👍"),
        ("", ""),
    ],
)
def test_a_question_is_spelled_as_most_documents_spell(
    question: str, expected: str
) -> None:
    assert Compounds(TEXTS).as_documents_write(question) == expected


@given(st.text())
def test_without_hyphens_in_the_documents_a_question_stays_as_it_is(text: str) -> None:
    assert Compounds(["plain words"]).as_documents_write(text) == text


def test_hyphenated_words_are_also_one_word() -> None:
    assert list(joined_words("a state-of-the-art micro-credential, 3-month")) == [
        "stateoftheart",
        "microcredential",
    ]
