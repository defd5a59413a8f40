"""An answer is made of the documents' own sentences."""

from collections.abc import Sequence
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.answering.chunks import Chunk, Sentence, SentenceKind
from bot.answering.extractive import LONGEST, best_passage, extract
from tests.support.passages import chunk, passage

TODAY = date(2026, 11, 24)
SENTENCES = st.lists(
    st.builds(
        Sentence,
        st.lists(st.sampled_from(["course", "fee", "six", "7"]), min_size=1).map(
            " ".join
        ),
        st.sampled_from(SentenceKind),
    ),
    min_size=1,
    max_size=12,
)


def answer(
    of: Chunk,
    scores: Sequence[float] = (),
    *,
    language: str = "en",
    today: date = TODAY,
) -> str:
    """The text that is extracted from one passage."""
    return extract([passage(of, scores=scores)], language=language, today=today).text


def words(count: int) -> str:
    """A sentence of so many words about a course."""
    return " ".join(["course", *["word"] * (count - 1)])


def test_a_short_passage_is_given_whole_and_cited() -> None:
    found = chunk("A course takes six weeks. You can pause for a month.")
    extracted = extract([passage(found)], language="en", today=TODAY)

    assert extracted.text == "A course takes six weeks. You can pause for a month."
    assert extracted.chunks == (found,)


def test_idle_sentences_at_the_end_are_left_out() -> None:
    found = chunk("A course takes six weeks. Many like it. We wish you luck.")

    assert answer(found, [0.8, 0.3, 0.2]) == "A course takes six weeks."


def test_idle_sentences_before_the_answer_stay_so_that_it_can_be_understood() -> None:
    found = chunk("Courses differ in length. Most of them take six weeks.")

    assert answer(found, [0.1, 0.9]) == (
        "Courses differ in length. Most of them take six weeks."
    )


def test_items_after_the_answer_are_never_torn_off() -> None:
    found = chunk("For a course you need:\n\n- a passport\n- money")

    assert answer(found, [0.9, 0.1, 0.1]) == (
        "For a course you need:\n- a passport\n- money"
    )


def test_prose_after_a_list_begins_a_new_line() -> None:
    found = chunk("A course needs:\n\n- a passport\n\nAsk us. We help.")

    assert answer(found) == "A course needs:\n- a passport\nAsk us. We help."


def test_an_answer_that_comes_late_begins_with_its_own_sentence() -> None:
    found = chunk(sentences=[Sentence(words(80)), Sentence(words(10))])

    assert answer(found, [0.2, 0.9]) == words(10)


def test_an_answer_in_a_list_that_comes_late_brings_the_items_before_it() -> None:
    items = [Sentence(f"course {n} {words(40)}", SentenceKind.ITEM) for n in range(5)]
    text = answer(chunk(sentences=items), [0.1, 0.1, 0.1, 0.1, 0.9])

    assert text.startswith("- course 1 course word")
    assert text.count("\n") == 1


def test_a_single_endless_sentence_is_still_an_answer() -> None:
    assert answer(chunk(sentences=[Sentence(words(200))]), [0.9]) == words(200)


@given(SENTENCES, st.data())
def test_an_answer_is_made_of_whole_sentences_in_their_order(
    sentences: list[Sentence], data: st.DataObject
) -> None:
    each = st.floats(0, 1)
    scores = [data.draw(each) for _ in sentences]
    found = chunk(sentences=sentences, title="Course", as_of=None)
    text = extract([passage(found, scores=scores)], language="en", today=TODAY).text
    said = text.removeprefix("Course:").replace("- ", "").split()
    runs = [
        " ".join(s.text for s in sentences[start:end]).split()
        for start in range(len(sentences))
        for end in range(start + 1, len(sentences) + 1)
    ]

    assert said in [*runs, *(["Course:", *run] for run in runs)]


def test_the_passage_whose_sentences_come_nearest_wins() -> None:
    first = passage(chunk("A fee."), scores=[0.1], score=0.9)
    second = passage(chunk("A course."), scores=[0.8], score=0.8)
    fourth = passage(chunk("A visa."), scores=[1.0], score=0.9)

    assert best_passage([first, second, first, fourth]) is second


def test_a_passage_without_sentences_is_not_chosen() -> None:
    empty = passage(chunk("<!-- note -->"), score=0.9)
    full = passage(chunk("A course."), scores=[0.0], score=0.1)

    assert extract([empty, full], language="en", today=TODAY).text == "A course."


def test_sentences_that_never_name_their_subject_are_introduced() -> None:
    found = chunk("Plan five hours a week.", title="Workload", as_of=None)

    assert answer(found) == "Workload: Plan five hours a week."
    assert answer(found, language="fr") == "Workload : Plan five hours a week."


def test_a_list_that_never_names_its_subject_is_introduced_on_its_own_line() -> None:
    found = chunk("- a passport\n- money", title="Visa", as_of=None)

    assert answer(found) == "Visa:\n- a passport\n- money"


@pytest.mark.parametrize(
    ("as_of", "facets", "language", "expected"),
    [
        (date(2026, 6, 1), {}, "en", ""),
        (date(2025, 11, 25), {}, "en", ""),
        (date(2025, 11, 24), {}, "en", " (as of November 2025)"),
        (date(2025, 3, 1), {}, "es", " (a fecha de 2025-03)"),
        (date(2026, 6, 1), {"recheck_by": "2026-12-01"}, "en", " (as of June 2026)"),
        (None, {"recheck_by": "2026-12-01"}, "en", ""),
    ],
)
def test_figures_that_are_old_or_change_are_dated(
    as_of: date | None, facets: dict[str, object], language: str, expected: str
) -> None:
    text = "A course costs 450 euros."
    found = chunk(text, as_of=as_of, facets=facets)

    assert answer(found, language=language) == text + expected


def test_words_without_figures_are_not_dated() -> None:
    assert answer(chunk("A course is short.", as_of=date(2020, 1, 1))) == (
        "A course is short."
    )


def test_what_is_dated_already_is_not_dated_twice() -> None:
    text = "As of 2020 a course costs 450 euros."

    assert answer(chunk(text, as_of=date(2020, 1, 1))) == text


def test_the_date_of_a_list_stands_below_it() -> None:
    found = chunk("A course costs:\n\n- 450 euros", as_of=date(2020, 1, 1))

    assert answer(found) == "A course costs:\n- 450 euros\n(as of January 2020)"


@given(SENTENCES.filter(lambda found: len(found) > 1))
def test_only_a_sentence_of_its_own_is_longer_than_allowed(
    sentences: list[Sentence],
) -> None:
    found = chunk(sentences=sentences, title="Course", as_of=None)
    text = answer(found)
    added = 1 + len(sentences)  # the title, and dashes
    longest = max(len(sentence.text.split()) for sentence in sentences)

    assert len(text.split()) <= max(LONGEST, longest) + added
