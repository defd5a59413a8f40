"""Chunks are small, say where they stand, and hold every word of their document."""

from collections import Counter
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.answering.chunks import Sentence, SentenceKind
from ingest.chunking import chunk_document, sections
from ingest.cutting import LONGEST, SHORTEST, cut
from ingest.documents import Document, parse_document
from ingest.files import SourceFile
from tests.support.markdown import Block, Words, blocks

FRONT_MATTER = """\
---
title: The title
kind: guidance
source: https://example.org/visa
last_verified: 2026-06-01
valid_until: 2027-01-01
country: [DE]
---
"""
# A last piece that is too short to stand alone joins the one before it.
LIMIT = LONGEST + SHORTEST


def chunks(body: str) -> list[tuple[tuple[str, ...], str]]:
    content = (FRONT_MATTER + body).encode()
    document = parse_document(SourceFile(path="a.md", content=content))
    assert isinstance(document, Document)
    return [(chunk.headings, chunk.text) for chunk in chunk_document(document)]


def test_a_chunk_knows_where_it_comes_from() -> None:
    content = f"{FRONT_MATTER}First.\n\n## Below\n\n- Second.\n".encode()
    document = parse_document(SourceFile(path="guidance/a.md", content=content))
    assert isinstance(document, Document)
    first, second = chunk_document(document)
    assert (first.id, second.id) == ("guidance/a.md#0", "guidance/a.md#1")
    assert (second.document, second.position) == ("guidance/a.md", 1)
    assert second.searchable == "The title > Below\n- Second."
    assert second.sentences == (
        Sentence("Below", SentenceKind.HEADING),
        Sentence("Second.", SentenceKind.ITEM),
    )
    assert first.sentences[0] == Sentence("The title", SentenceKind.HEADING)
    assert (second.kind, second.url) == ("guidance", "https://example.org/visa")
    assert (second.as_of, second.valid_until) == (date(2026, 6, 1), date(2027, 1, 1))
    assert second.facets == {"country": ["DE"]}


def test_text_is_cut_at_headings_and_knows_the_path_down_to_it() -> None:
    body = "One.\n# A\nTwo.\n## B\nThree.\n#### C\nFour.\n## D\nFive.\n# E\nSix."
    assert chunks(body) == [
        ((), "One."),
        (("A",), "Two."),
        (("A", "B"), "Three."),
        (("A", "B", "C"), "Four."),
        (("A", "D"), "Five."),
        (("E",), "Six."),
    ]


def test_a_heading_that_repeats_the_title_adds_nothing() -> None:
    assert chunks("# The title\n\nOne.\n\n## Below\n\nTwo.") == [
        ((), "One."),
        (("Below",), "Two."),
    ]


def test_underlined_headings_are_headings() -> None:
    assert chunks("Above\n=====\n\nOne.\n\nBelow\n---\n\nTwo.") == [
        (("Above",), "One."),
        (("Above", "Below"), "Two."),
    ]


@pytest.mark.parametrize(
    "body",
    [
        "```sh\n# no heading\nrun\n```",
        "~~~\n## no heading\n~~~",
        "    # no heading",
        "- item\n\n  # no heading",
        "> # no heading",
        "<div>\n# no heading\n</div>",
        "#no heading",
    ],
)
def test_what_only_looks_like_a_heading_cuts_nothing(body: str) -> None:
    assert chunks(f"Before.\n\n{body}") == [((), f"Before.\n\n{body}")]


@pytest.mark.parametrize("nothing", ["<!-- to do -->", "***", "[page]: /fees", "![]()"])
def test_what_nobody_can_read_makes_no_chunk(nothing: str) -> None:
    assert chunks(f"## Fees\n\n{nothing}\n\n## Visas\n\nEight weeks.") == [
        (("Fees",), "Fees"),
        (("Visas",), "Eight weeks."),
    ]


@pytest.mark.parametrize(
    ("heading", "words"),
    [
        ("**Fees** and *refunds*", "Fees and refunds"),
        ("[Fees](https://example.org) `now`", "Fees now"),
        ("Fees ##", "Fees"),
        ("2. Fees", "2. Fees"),
        ("2027.", "2027."),
        ("- or +", "- or +"),
        ("[fees]: /refunds", "[fees]: /refunds"),
    ],
)
def test_a_heading_is_kept_as_plain_words(heading: str, words: str) -> None:
    assert chunks(f"## {heading}\n\nOne.") == [((words,), "One.")]


def test_a_heading_above_nothing_keeps_its_words() -> None:
    assert chunks("## Fees\n\n## Visas\n\nEight weeks.\n\n## Jobs") == [
        (("Fees",), "Fees"),
        (("Visas",), "Eight weeks."),
        (("Jobs",), "Jobs"),
    ]


def test_a_heading_above_headings_only_is_in_their_paths() -> None:
    assert chunks("## Fees\n\n### Refunds\n\nIn 14 days.") == [
        (("Fees", "Refunds"), "In 14 days.")
    ]


def test_form_feeds_and_rare_line_breaks_do_not_shift_the_cuts() -> None:
    body = "One\x0ctwo\u2028three.\n\n## A\x85\n\nFour.\n\n## B\n\nFive."
    assert [section.headings for section in sections(body, title="")] == [
        (),
        ("A",),
        ("B",),
    ]
    assert [section.lines for section in sections(body, title="")][2] == ["", "Five."]


def test_short_blocks_share_a_chunk_and_long_ones_do_not() -> None:
    words = Words()
    paragraphs = [words(size) for size in (60, 60, 60, 100, 80, 40)]
    assert cut("\n\n".join(paragraphs)) == [
        "\n\n".join(paragraphs[:3]),
        "\n\n".join(paragraphs[3:5]),
        paragraphs[5],
    ]


def test_a_short_rest_joins_the_piece_before_it() -> None:
    words = Words()
    paragraphs = [words(LONGEST), words(SHORTEST - 1)]
    assert cut("\n\n".join(paragraphs)) == ["\n\n".join(paragraphs)]
    paragraphs = [words(LONGEST), words(SHORTEST)]
    assert cut("\n\n".join(paragraphs)) == paragraphs


def test_every_part_of_a_long_table_has_its_header() -> None:
    header = "| Country | Fee |\n| --- | --- |"
    rows = [f"| Country{n} | {n} euros and a few more words |" for n in range(100)]
    parts = cut("\n".join(["Fees by country:", "", header, *rows]))
    before, parts[0] = parts[0].split("\n\n")
    assert before == "Fees by country:"
    assert len(parts) == 7
    assert all(part.startswith(header + "\n") for part in parts)
    body = [line for part in parts for line in part.splitlines()[2:]]
    assert body == rows


def test_a_long_list_is_cut_between_its_items() -> None:
    words = Words()
    items = [f"- {words(12)}" for _ in range(40)]
    parts = cut("\n".join(items))
    assert len(parts) == 3
    assert [line for part in parts for line in part.split("\n") if line] == items


def test_the_second_part_of_long_code_is_code_too() -> None:
    words = Words()
    code = [f"# {words(9)}" for _ in range(40)]
    text = "\n".join(["```sh", *code, "```", "", f"## {words(3)}", "", words(50)])
    found = chunks(text)
    *parts, (headings, last) = found
    assert headings == (" ".join(words.given[360:363]),)
    assert last == " ".join(words.given[363:])
    for _, part in parts:
        first, *inside, end = part.splitlines()
        assert (first, end) == ("```sh", "```")
        assert all(line in code for line in inside)


def test_a_line_without_an_end_is_cut_between_words() -> None:
    words = Words()
    text = words(1000)
    parts = cut(text)
    assert " ".join(part.replace("\n\n", " ") for part in parts).split() == words.given
    assert max(len(part.split()) for part in parts) <= LIMIT


@settings(max_examples=60, deadline=None)
@given(st.lists(blocks(), min_size=1, max_size=12), st.sampled_from(["\n", "\n\n"]))
def test_no_word_of_a_document_is_lost_or_out_of_order(
    makers: list[Block], between: str
) -> None:
    words = Words()
    body = between.join(make(words) for make in makers)
    found = chunks(body)
    held = [word for headings, text in found for word in f"{headings} {text}".split()]
    missing = Counter(words.given) - Counter(
        word.strip("(,)'[]:<>p/=-") for word in held
    )
    assert not missing
    in_text = [w for _, text in found for w in text.split() if w in set(words.given)]
    assert in_text == sorted(in_text, key=lambda word: int(word[1:]))


@settings(max_examples=40, deadline=None)
@given(st.lists(blocks(), min_size=1, max_size=12))
def test_no_chunk_is_longer_than_the_limit(makers: list[Block]) -> None:
    words = Words()
    for _, text in chunks("\n\n".join(make(words) for make in makers)):
        assert len(text.split()) <= LIMIT
