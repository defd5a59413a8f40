"""Markdown as sentences: each reads alone, and none of the words is lost."""

import string
from itertools import chain

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.answering.chunks import SentenceKind
from ingest.sentences import (
    LONGEST_ITEM,
    LONGEST_SENTENCE,
    plain_sentences,
    split_sentences,
)

PROSE = st.text(alphabet=string.ascii_letters + " .?!,;\n")
WORDS = st.text(alphabet=string.ascii_lowercase, min_size=1, max_size=8)


def squeezed(text: str) -> str:
    """A text without its spaces."""
    return "".join(text.split())


def texts(markdown: str) -> list[str]:
    """The sentences of a piece of Markdown, without their kinds."""
    return [sentence.text for sentence in split_sentences(markdown)]


@given(st.text())
def test_plain_text_keeps_every_character_but_spaces(text: str) -> None:
    assert squeezed("".join(plain_sentences(text))) == squeezed(text)


@given(PROSE)
def test_prose_keeps_every_character_but_spaces(text: str) -> None:
    assert squeezed("".join(texts(text))) == squeezed(text)


@given(
    prose=st.lists(WORDS, min_size=1),
    items=st.lists(st.lists(WORDS, min_size=1, max_size=90), min_size=1, max_size=4),
    header=st.tuples(WORDS, WORDS),
    rows=st.lists(st.tuples(WORDS, WORDS), max_size=4),
)
def test_paragraphs_lists_and_tables_keep_every_word(
    prose: list[str],
    items: list[list[str]],
    header: tuple[str, str],
    rows: list[tuple[str, str]],
) -> None:
    table = [header, ("---", "---"), *rows]
    blocks = [
        " ".join(prose),
        "\n".join(f"- {' '.join(item)}" for item in items),
        "\n".join(f"| {' | '.join(row)} |" for row in table),
    ]
    found = texts("\n\n".join(blocks))
    kept = " ".join(found).replace(":", " ").replace(";", " ").split()

    assert set(kept) == {*prose, *chain(header, *items, *rows)}


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("Six weeks. You may pause.", ["Six weeks.", "You may pause."]),
        ("Really? Yes! Good.", ["Really?", "Yes!", "Good."]),
        ("Dr. Smith teaches, e.g. Maths. Ask her.",
         ["Dr. Smith teaches, e.g. Maths.", "Ask her."]),
        ("A U.S. visa costs 5 approx. Pay.", ["A U.S. visa costs 5 approx. Pay."]),
        ("Is it a visa? No. Ask.", ["Is it a visa?", "No.", "Ask."]),
        ('He said "Pay now." Then he left.', ['He said "Pay now."', "Then he left."]),
        ("It costs 3.50 euros in v1.2 now.", ["It costs 3.50 euros in v1.2 now."]),
        ("很好。再见！行", ["很好。", "再见！", "行"]),
        ("नमस्ते। कैसे हो।", ["नमस्ते।", "कैसे हो।"]),
        ("", []),
    ],
)  # fmt: skip
def test_text_is_cut_after_sentences_only(text: str, sentences: list[str]) -> None:
    assert plain_sentences(text) == sentences


def test_a_sentence_without_end_is_cut_by_its_length() -> None:
    found = plain_sentences("word " * (2 * LONGEST_SENTENCE + 1))

    assert [len(sentence.split()) for sentence in found] == [80, 80, 1]


@pytest.mark.parametrize(
    ("markdown", "expected"),
    [
        ("Some **bold**, `code <b>` and [a link](http://e.org).",
         "Some bold, code <b> and a link."),
        ("One line\nand the next  \nand more.", "One line and the next and more."),
        ("See ![the campus](campus.png) here.", "See the campus here."),
        ("A &amp; B", "A & B"),
        ("Pay<br>now", "Pay now"),
        ("<div class='x'>Fees&nbsp;&amp; costs</div>", "Fees & costs"),
        ("```\nrun <name>\n```", "run <name>"),
        ("    indented <code>", "indented <code>"),
        ("> quoted words", "quoted words"),
        ("## A heading", "A heading"),
    ],
)  # fmt: skip
def test_markdown_becomes_plain_text(markdown: str, expected: str) -> None:
    assert texts(markdown) == [expected]


def test_list_items_stay_items_and_are_not_cut() -> None:
    found = split_sentences("You need:\n\n- A passport. It must be valid.\n- Money")

    assert [(s.text, s.kind) for s in found] == [
        ("You need:", SentenceKind.PROSE),
        ("A passport. It must be valid.", SentenceKind.ITEM),
        ("Money", SentenceKind.ITEM),
    ]


def test_an_endless_item_is_cut_into_sentences_that_are_items() -> None:
    long = f"{'word ' * LONGEST_ITEM}end. Then more."
    found = split_sentences(f"1. {long}\n2. short")

    assert [s.text for s in found[1:]] == ["Then more.", "short"]
    assert {s.kind for s in found} == {SentenceKind.ITEM}


def test_prose_after_a_list_is_prose_again() -> None:
    found = split_sentences("- a\n  - b\n\nAfter the list.")

    assert [s.kind for s in found] == [
        SentenceKind.ITEM,
        SentenceKind.ITEM,
        SentenceKind.PROSE,
    ]


def test_table_rows_name_their_columns() -> None:
    table = "| Step | Where | |\n|---|---|---|\n| Apply | Embassy | now |\n| Pay | | |"
    found = split_sentences(f"{table}\n\nAfter.")

    assert [(s.text, s.kind) for s in found] == [
        ("Step: Apply; Where: Embassy; now", SentenceKind.ROW),
        ("Step: Pay", SentenceKind.ROW),
        ("After.", SentenceKind.PROSE),
    ]


def test_a_table_without_rows_still_says_its_header() -> None:
    assert texts("| Fee | Currency |\n|---|---|") == ["Fee; Currency"]


def test_two_tables_keep_their_own_headers() -> None:
    one, two = "| A |\n|---|\n| 1 |", "| B |\n|---|\n| 2 |"

    assert texts(f"{one}\n\n{two}") == ["A: 1", "B: 2"]


@pytest.mark.parametrize("markdown", ["", "---", "<!-- hidden -->", "![](x.png)", "-"])
def test_what_has_no_words_has_no_sentences(markdown: str) -> None:
    assert texts(markdown) == []
