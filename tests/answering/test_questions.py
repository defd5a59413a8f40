"""Several questions in one message are told apart, and only where they clearly are."""

import pytest

from bot.answering.questions import (
    asks_something,
    is_personal,
    paired_questions,
    sentences_of,
    split_questions,
)


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        (
            "hello! 1) how long is the course 2) does it give a visa 3) fees",
            ("how long is the course", "does it give a visa", "fees"),
        ),
        (
            "is it good for nurses, can I pay monthly, price?",
            ("is it good for nurses", "can I pay monthly", "price?"),
        ),
        (
            "How long does it take?\nWhat does it cost?",
            ("How long does it take?", "What does it cost?"),
        ),
        (
            "How long is it? What does it cost? Can I get a refund?",
            ("How long is it?", "What does it cost?", "Can I get a refund?"),
        ),
    ],
)
def test_a_list_of_questions_is_told_apart(text: str, parts: tuple[str, ...]) -> None:
    assert split_questions(text) == parts


@pytest.mark.parametrize(
    "text",
    [
        "How long does the course take?",
        "I moved last year, and I lost my papers. Can I still apply?",
        "Do I need a passport, a photo and a letter?",
        "My licence expired. What now? I live abroad.",
        "I need 2 documents and 1 photo, is that right?",
        "Hello\nHow long does it take?",
        "",
    ],
)
def test_one_question_stays_whole(text: str) -> None:
    assert split_questions(text) == ()


@pytest.mark.parametrize(
    ("text", "pair"),
    [
        (
            "how much is the visa for australia and how long does it take",
            ("how much is the visa for australia", "how long does it take"),
        ),
        (
            "What does the course cost? Can I pay it later?",
            ("What does the course cost?", "Can I pay it later?"),
        ),
        (
            "what is the last date n also can i work part time",
            ("what is the last date", "can i work part time"),
        ),
        ("how long is the course and the break", ()),
        ("is it free and is it", ()),
        ("I lost my papers and what now", ()),
        ("how long is it, and what is it, and how is it", ()),
    ],
)
def test_two_questions_that_a_sentence_joins_are_told_apart(
    text: str, pair: tuple[str, ...]
) -> None:
    assert paired_questions(text) == pair


def test_at_most_four_questions_are_answered_at_once() -> None:
    text = "\n".join(f"what is topic number {name}" for name in "abcdef")
    assert len(split_questions(text)) == 4


def test_the_sentences_of_a_message_can_be_asked_alone() -> None:
    text = "My exam is in April. How long do the courses take? ok"
    assert sentences_of(text) == ("My exam is in April", "How long do the courses take")
    assert sentences_of("How long do the courses take?") == ()


@pytest.mark.parametrize(
    ("text", "asks"),
    [
        ("my budget is 500 dollars", False),
        ("I want to go to Canada", False),
        ("Canada, is it far", True),
        ("can i go", True),
        ("Canada?", True),
        ("tell me about Canada", True),
        ("كندا؟", True),
        ("my gap is 6 yrs can i still get uk visa", True),
    ],
)
def test_telling_is_told_from_asking(text: str, asks: bool) -> None:
    assert asks_something(text) is asks


def test_who_speaks_of_themselves_is_told_from_who_looks_something_up() -> None:
    assert is_personal("I want a master's in Canada, budget 500 dollars")
    assert is_personal("my budget is 500")
    assert not is_personal("minimum gpa for us masters")
