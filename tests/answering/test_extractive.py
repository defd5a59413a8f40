"""An answer is made of the documents' own sentences."""

from collections.abc import Sequence
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.answering.chunks import Chunk, Sentence, SentenceKind
from bot.answering.extractive import LONGEST, LOOKED_AT, extract
from bot.answering.passages import Query
from tests.support.passages import chunk, passage

TODAY = date(2026, 11, 24)
QUERY = Query(text="anything")
SENTENCES = st.lists(
    st.builds(
        Sentence,
        st.lists(st.sampled_from(["course", "fee", "six", "7"]), min_size=1).map(
            " ".join
        ),
        st.sampled_from([kind for kind in SentenceKind if kind.value != "heading"]),
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
    found = passage(of, scores=scores)
    return extract([found], query=QUERY, language=language, today=today).text


def words(count: int) -> str:
    """A sentence of so many words about a course."""
    return " ".join(["course", *["word"] * (count - 1)])


def test_a_short_passage_is_given_whole_and_cited() -> None:
    found = chunk("A course takes six weeks. You can pause for a month.")
    extracted = extract([passage(found)], query=QUERY, language="en", today=TODAY)

    assert extracted.text == "A course takes six weeks. You can pause for a month."
    assert extracted.chunks == (found,)


def test_idle_sentences_at_the_end_are_left_out() -> None:
    kept = "A course takes six weeks. You can pause for a month."
    found = chunk(f"{kept} We wish you luck. See you.")

    assert answer(found, [0.8, 0.4, 0.05, 0.05]) == kept


def test_sentences_before_the_answer_stay_where_they_say_something() -> None:
    found = chunk("Courses differ in length. Most of them take six weeks.")

    assert answer(found, [0.5, 0.9]) == (
        "Courses differ in length. Most of them take six weeks."
    )
    assert answer(found, [0.1, 0.9]) == "Most of them take six weeks."


def test_items_after_the_answer_are_never_torn_off() -> None:
    found = chunk("For a course you need:\n\n- a passport\n- money")

    assert answer(found, [0.9, 0.1, 0.1]) == (
        "For a course you need:\n- a passport\n- money"
    )


def test_rows_about_other_countries_than_the_one_asked_about_are_left_out() -> None:
    title = "Living costs"
    rows = "- Germany: 11,904\n- Canada: 22,895"
    table, only = chunk(f"Living costs are:\n\n{rows}", title=title), chunk(rows)

    def costs(of: Chunk, country: str) -> str:
        query = Query(text=f"living costs in {country}")
        return extract([passage(of)], query=query, language="en", today=TODAY).text

    assert costs(table, "Canada") == "Living costs are:\n- Canada: 22,895"
    assert costs(table, "Canada or Germany").count("- ") == 2
    # Where nothing else is left they stay: the evidence found them.
    assert costs(only, "Ireland").count("- ") == 2


def test_prose_after_a_list_begins_a_new_line() -> None:
    found = chunk("A course needs:\n\n- a passport\n\nAsk us. We help.")

    assert answer(found) == "A course needs:\n- a passport\nAsk us. We help."


def test_an_answer_that_comes_late_leaves_out_what_does_not_fit() -> None:
    found = chunk(sentences=[Sentence(words(90)), Sentence(words(10))])

    assert answer(found, [0.4, 0.9]) == words(10)


def test_an_answer_in_a_long_list_brings_the_best_items_in_their_order() -> None:
    items = [Sentence(f"course {n} {words(36)}", SentenceKind.ITEM) for n in range(5)]
    text = answer(chunk(sentences=items), [0.1, 0.8, 0.1, 0.1, 0.9])

    assert text == f"- course 1 {words(36)}\n- course 4 {words(36)}"


def test_a_single_endless_sentence_is_still_an_answer() -> None:
    assert answer(chunk(sentences=[Sentence(words(200))]), [0.9]) == words(200)


@given(SENTENCES, st.data())
def test_an_answer_is_made_of_whole_sentences_in_their_order(
    sentences: list[Sentence], data: st.DataObject
) -> None:
    numbered = [Sentence(f"no{n:02} {s.text}", s.kind) for n, s in enumerate(sentences)]
    each = st.floats(0, 1)
    scores = [data.draw(each) for _ in numbered]
    found = chunk(sentences=numbered, title="Course", as_of=None)
    text = answer(found, scores).removeprefix("Course:").replace("- ", "")
    places = [text.find(sentence.text) for sentence in numbered]
    shown = [place for place in places if place >= 0]

    assert shown == sorted(shown)
    said = "".join(
        s.text for s, place in zip(numbered, places, strict=True) if place >= 0
    )
    assert said.replace(" ", "") == text.replace(" ", "").replace("\n", "")


def test_a_second_passage_adds_what_comes_near_as_well() -> None:
    first = passage(chunk("A course takes six weeks."), scores=[0.9], score=0.9)
    second = passage(
        chunk("Some courses take a year. We wish you luck.", title="Long courses"),
        scores=[0.8, 0.1],
        score=0.8,
    )
    extracted = extract([first, second], query=QUERY, language="en", today=TODAY)

    assert extracted.text == "A course takes six weeks.\n\nSome courses take a year."
    assert extracted.chunks == (first.chunk, second.chunk)


def test_the_passage_with_the_best_sentence_comes_first() -> None:
    first = passage(chunk("A fee."), scores=[0.5], score=0.9)
    second = passage(chunk("A course."), scores=[0.9], score=0.85)
    extracted = extract([first, second], query=QUERY, language="en", today=TODAY)

    assert extracted.chunks[0] is second.chunk


def test_a_passage_far_down_adds_nothing() -> None:
    near = [passage(chunk("A course."), scores=[0.5]) for _ in range(LOOKED_AT)]
    far = passage(chunk("A visa."), scores=[1.0])
    extracted = extract([*near, far], query=QUERY, language="en", today=TODAY)

    assert extracted.text == "A course."


def test_words_of_the_question_count() -> None:
    found = chunk(sentences=[Sentence(f"fee {words(50)}"), Sentence(words(60))])
    query = Query(text="Is there a fee?")
    extracted = extract(
        [passage(found, scores=[0.5, 0.55])], query=query, language="en", today=TODAY
    )

    assert extracted.text.startswith("fee course")


def test_a_heading_that_is_a_name_is_said() -> None:
    found = chunk("A course needs no visa.", headings=("Rules", "Germany"), as_of=None)

    assert answer(found) == "Germany: A course needs no visa."


def test_what_it_is_about_is_said_once_for_paragraphs_of_one_document() -> None:
    first = chunk("You get up to 400 euros a month.", title="Harbour bursary")
    again = chunk("Send the form by May.", title="Harbour bursary")
    other = chunk("Send a letter by June.", title="Hill loan", document="loan.md")
    found = [passage(one, scores=[0.8]) for one in (first, again, other)]
    text = extract(found, query=QUERY, language="en", today=TODAY).text

    assert text.split("\n\n") == [
        "Harbour bursary: You get up to 400 euros a month.",
        "Send the form by May.",
        "Hill loan: Send a letter by June.",
    ]


def test_another_part_of_the_document_is_named_although_its_words_stand_above() -> None:
    parts = [
        chunk(text, title="Passport fees", headings=(heading,))
        for heading, text in [
            ("Fee for adults", "You pay 165 euros, as a loan, for a passport."),
            ("Fee for children", "It is 80 euros."),
        ]
    ]
    found = [passage(one, scores=[0.8]) for one in parts]
    text = extract(found, query=QUERY, language="en", today=TODAY).text

    assert text.split("\n\n")[1] == "Fee for children: It is 80 euros."


def test_a_heading_that_is_a_question_is_not_said() -> None:
    found = chunk("A course takes a month.", headings=("What about Germany?",))

    assert answer(found) == "A course takes a month."


def test_a_heading_is_searched_but_not_shown() -> None:
    sentences = [Sentence("Fees", SentenceKind.HEADING), Sentence("A course is free.")]
    found = chunk(sentences=sentences, as_of=None)

    assert answer(found, [0.9, 0.1]) == "A course is free."


def test_a_passage_without_sentences_is_not_chosen() -> None:
    empty = passage(chunk("<!-- note -->"), score=0.9)
    full = passage(chunk("A course."), scores=[0.0], score=0.1)
    extracted = extract([empty, full], query=QUERY, language="en", today=TODAY)

    assert extracted.text == "A course."


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


def test_a_list_that_fits_is_shown_whole_with_its_introduction() -> None:
    found = chunk("You need:\n\n- a passport\n- an offer\n- two photographs")

    assert answer(found, [0.1, 0.9, 0.0, 0.0]).endswith(
        "You need:\n- a passport\n- an offer\n- two photographs"
    )


def test_of_a_list_that_does_not_fit_the_best_items_are_shown() -> None:
    items = [f"- {words(50)} {name}" for name in ("a passport", "an offer", "photos")]
    found = chunk("You need:\n\n" + "\n".join(items))
    shown = answer(found, [0.1, 0.2, 0.9, 0.1])

    assert "You need:" in shown
    assert "an offer" in shown
    assert "photos" not in shown
    assert shown.splitlines()[-1] == "- …"


def test_an_introduction_brings_an_item() -> None:
    found = chunk(f"You need:\n\n- {words(58)} passport\n- {words(58)} offer")
    shown = answer(found, [0.9, 0.1, 0.5])

    assert "You need:" in shown
    assert shown.endswith("offer\n- …")


def test_an_item_is_not_shown_without_its_introduction() -> None:
    first = chunk(words(60), document="a.md")
    second = chunk(
        f"{words(25)} you need:\n\n- {words(15)} passport\n- {words(40)} offer",
        document="b.md",
    )
    shown = extract(
        [
            passage(first, scores=[0.9]),
            passage(second, scores=[0.1, 0.8, 0.1]),
        ],
        query=QUERY,
        language="en",
        today=TODAY,
    ).text

    assert words(60) in shown
    assert "passport" not in shown


def test_another_document_is_quoted_only_where_it_covers_as_much() -> None:
    first = passage(chunk("Canada asks for a letter."), scores=[0.8], coverage=0.8)
    others = [
        passage(
            chunk("The United Kingdom asks for a form.", document="uk.md"),
            scores=[0.79],
            coverage=coverage,
        )
        for coverage in (0.4, 0.8)
    ]
    without, with_it = (
        extract([first, other], query=QUERY, language="en", today=TODAY).chunks
        for other in others
    )

    assert without == (first.chunk,)
    assert with_it == (first.chunk, others[1].chunk)
