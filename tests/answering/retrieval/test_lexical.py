"""Words are found in every script, by their stems; common ones count for nothing."""

import pytest

from bot.answering.retrieval.lexical import LexicalIndex, terms

TEXTS = (
    "Student visas for Germany cost 75 euros.",
    "The Harbour bursary pays half of the fee.",
    "जर्मनी के लिए छात्र वीज़ा की फीस",
    "德国学生签证的费用",
)


@pytest.fixture(scope="module")
def index() -> LexicalIndex:
    return LexicalIndex(TEXTS)


@pytest.mark.parametrize(
    ("query", "number"),
    [
        ("visa", 0),
        ("GERMAN'S? germany", 0),
        ("bursaries", 1),
        ("जर्मनी", 2),
        ("签证", 3),
    ],
)
def test_a_text_is_found_by_its_words(
    query: str, number: int, index: LexicalIndex
) -> None:
    scores = index.scores(query)
    assert int(scores.argmax()) == number
    assert scores[number] > 0


@pytest.mark.parametrize("query", ["giraffe", "", "?!", "🙂"])
def test_what_stands_nowhere_is_found_nowhere(query: str, index: LexicalIndex) -> None:
    assert index.scores(query).tolist() == [0, 0, 0, 0]


def test_an_index_of_nothing_finds_nothing() -> None:
    assert LexicalIndex([]).scores("visa").shape == (0,)
    assert LexicalIndex(["", "?"]).scores("visa").tolist() == [0, 0]


def test_a_word_of_many_texts_says_nothing_about_any_of_them() -> None:
    index = LexicalIndex([f"course number x{number}" for number in range(20)])
    assert not index.scores("course").any()
    assert index.scores("x7").argmax() == 7


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Courses, and a course's fee", ["cours", "and", "a", "cours", "fee"]),
        ("हिन्दी में", ["हिन्दी", "में"]),
        ("签证费", ["签证", "证费"]),
        ("德", ["德"]),
        ("5%", ["5", "percent"]),
    ],
)
def test_a_text_is_cut_into_stems_or_into_pairs_of_signs(
    text: str, words: list[str]
) -> None:
    assert terms(text) == words
