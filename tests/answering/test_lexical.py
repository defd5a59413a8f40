"""The search by words: what counts as a word, what is found, and typing mistakes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.answering.retrieval.lexical import LONGEST_TERM, LexicalIndex, terms
from bot.answering.spelling import common_words

TEXTS = [
    "Popular micro-credentials in Germany are in data and care.",
    "A student visa for Canada asks for 11,904 dollars in 2025.",
    "Courses in Germany cost 450 euros.",
    "Registration closes in March. Registration is online.",
    "Register your German bicycle.",
]


@pytest.fixture(scope="module")
def index() -> LexicalIndex:
    return LexicalIndex(TEXTS)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Applications applied applying", ["applic", "appli", "appli"]),
        ("What is the fee, please?", ["fee"]),
        ("O’Brien's visa", ["o'brien", "visa"]),
        ("micro-credential_course", ["micro", "credenti", "cours"]),
        ("a micro-credential", ["microcredenti", "micro", "credenti"]),
        ("11,904 euros", ["11", "904", "euro"]),
        ("STRASSE straße", ["strass", "strass"]),
        ("cafe\u0301", ["café"]),
        ("शिक्षा में। वीज़ा", ["शिक्षा", "में", "वीज़ा"]),
        ("আমি পড়ি", ["আমি", "পড়ি"]),
        ("شكرًا جزيلا", ["شكرًا", "جزيلا"]),
        ("学习python课程", ["学习", "python", "课程"]),
        ("留学生费", ["留学", "学生", "生费"]),
        ("学", ["学"]),
        ("", []),
        ("!? … 👍", []),
    ],
)
def test_a_text_has_the_words_that_carry_meaning(
    text: str, expected: list[str]
) -> None:
    assert terms(text) == expected


def test_an_endless_word_is_cut() -> None:
    assert terms("x" * 10_000) == ["x" * LONGEST_TERM]


@given(st.text())
def test_any_text_has_terms_of_a_decent_length(text: str) -> None:
    assert all(0 < len(term) <= LONGEST_TERM for term in terms(text))


def test_the_text_with_the_rarest_words_comes_first(index: LexicalIndex) -> None:
    found = index.search("popular in Germany", 10)

    assert [number for number, _ in found] == [0, 2]
    assert found[0][1] > found[1][1] > 0


def test_no_more_texts_are_found_than_wanted(index: LexicalIndex) -> None:
    assert [number for number, _ in index.search("popular Germany", 1)] == [0]
    assert index.search("Germany", 0) == []
    assert index.search("Germany", -1) == []


def test_a_text_is_found_whether_a_word_is_joined_or_hyphenated() -> None:
    index = LexicalIndex(["One microcredential.", "A micro-credential.", "A visa."])

    for query in ("microcredential", "micro-credential"):
        assert {number for number, _ in index.search(query, 10)} == {0, 1}


def test_a_question_is_respelled_with_the_words_of_the_texts(
    index: LexicalIndex,
) -> None:
    assert index.respelled("Visa for germny?") == "Visa for germany?"
    assert index.respelled("popular microcredentials, please") == (
        "popular micro-credentials, please"
    )
    assert index.respelled("Who won the 学习 cup?") == "Who won the 学习 cup?"


@pytest.mark.parametrize("query", ["", "the of", "football", "?!"])
def test_a_question_without_known_words_finds_nothing(
    index: LexicalIndex, query: str
) -> None:
    assert index.search(query, 10) == []


@pytest.mark.parametrize("texts", [[], [""], ["the", "of"]])
def test_an_index_without_words_finds_nothing(texts: list[str]) -> None:
    assert LexicalIndex(texts).search("visa", 10) == []


def test_a_rare_word_weighs_more_than_a_common_one(index: LexicalIndex) -> None:
    (visa,), (germany,), (football,) = terms("visa"), terms("Germany"), ["footbal"]

    assert index.idf(football) > index.idf(visa) > index.idf(germany) > 0


@given(st.lists(st.sampled_from(TEXTS), min_size=1), st.sampled_from(TEXTS))
def test_what_is_found_holds_a_word_of_the_question(
    texts: list[str], query: str
) -> None:
    for number, score in LexicalIndex(texts).search(query, 10):
        assert score > 0
        assert set(terms(texts[number])) & set(terms(query))


@pytest.mark.parametrize(
    ("query", "meant"),
    [
        ("germny popular micro credentals", "germany popular micro credentials"),
        ("gemrany", "germany"),
        ("canadaa vissa", "canada visa"),
        ("registrtaoin", "registration"),
        ("popularcredentials", "popular credentials"),
        ("onlin", "online"),
    ],
)
def test_a_mistyped_question_finds_what_was_meant(
    index: LexicalIndex, query: str, meant: str
) -> None:
    assert index.query_terms(query) == terms(meant)
    assert index.search(query, 10) == index.search(meant, 10) != []


@pytest.mark.parametrize(
    "word",
    [
        "cat",  # three letters: near "care" and "data", and a word itself
        "vsa",  # too short to tell
        "grmny",  # two letters off, in a short word
        "2026",  # near 2025, but a figure
        "bisa",  # another first letter
        "visit",  # a word, though no text holds it
        "cares",  # known by its stem
        "zzzzzzzz",  # near nothing
    ],
)
def test_a_word_that_may_be_meant_is_left_alone(index: LexicalIndex, word: str) -> None:
    assert index.query_terms(word) == terms(word)


def test_of_two_near_words_the_commoner_one_is_meant() -> None:
    index = LexicalIndex(["planz", "planx and more", "planx again"])

    assert index.query_terms("planq") == terms("planx")


def test_a_nearer_word_is_meant_before_a_commoner_one() -> None:
    index = LexicalIndex(["registrxx", "registrxx", "registratixn"])

    assert index.query_terms("registratioq") == terms("registratixn")


def test_the_dictionary_holds_words_and_no_mistakes() -> None:
    assert {"food", "wife", "camp", "insurance"} <= common_words()
    assert not {"recieve", "germny", "credental"} & common_words()


@given(st.sampled_from(TEXTS))
def test_words_of_the_texts_are_never_corrected(text: str) -> None:
    assert LexicalIndex(TEXTS).query_terms(text) == terms(text)


def test_what_is_written_short_on_a_phone_is_read_in_full() -> None:
    index = LexicalIndex(["A gap of four years.", "The university needs documents."])
    assert index.respelled("4 yr gap, uni docs") == "4 year gap, university documents"
    assert index.respelled("shw newzealand") == "show new zealand"
    assert [number for number, _ in index.search("uni docs", 5)] == [1]


def test_short_forms_that_documents_hold_are_left_alone() -> None:
    index = LexicalIndex(["The acc is the Australian Computing Certificate."])
    assert index.respelled("what is the acc") == "what is the acc"


def test_a_percent_sign_is_the_word() -> None:
    assert terms("58% and 60 %") == ["58", "percent", "60", "percent"]
