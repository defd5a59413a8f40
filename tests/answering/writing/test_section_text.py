"""A section is told whole; a long one is cut to one run around what was asked."""

from datetime import date

import pytest

from bot.answering.chunks import LONGEST_ANSWER, Chunk, Sentence, SentenceKind
from bot.answering.writing.section_text import section_text
from bot.phrases import phrase
from tests.support.sections import chunk

TODAY = date(2026, 11, 24)
ITEM, PROSE = SentenceKind.ITEM, SentenceKind.PROSE


def told(
    of: Chunk,
    *,
    language: str = "en",
    today: date = TODAY,
    scores: tuple[float, ...] = (),
) -> str:
    return section_text(of, language=language, today=today, parts=scores)


def asked(text: str, **more: object) -> Chunk:
    """A section whose heading is a question."""
    return chunk(text, headings=["How long is it?"], **more)  # type: ignore[arg-type]  # fields by name


def words(number: int, name: str) -> str:
    """A sentence of so many words."""
    return " ".join([name] * (number - 1)) + f" {name}."


def test_a_section_is_told_whole_and_in_its_order() -> None:
    text = "A course takes six weeks. You may pause.\n\n- One pause\n- Two pauses"
    text += "\n\nAsk."
    assert told(asked(text)) == (
        "A course takes six weeks. You may pause.\n- One pause\n- Two pauses\nAsk."
    )


def test_even_a_section_of_as_many_words_as_there_may_be_is_told_whole() -> None:
    text = words(LONGEST_ANSWER, "word")
    assert told(asked(text), scores=(0.1,)) == text


def test_a_long_section_is_cut_to_one_run_around_the_nearest_sentence() -> None:
    names = ("alpha", "beta", "gamma", "delta", "epsilon")
    sentences = [words(30, name) for name in names]
    long = asked(" ".join(sentences))
    text = told(long, scores=(0.1, 0.2, 0.3, 0.9, 0.5))
    assert text == " ".join(sentences[2:])
    assert len(text.split()) == LONGEST_ANSWER


@pytest.mark.parametrize("best", range(12))
def test_whatever_is_nearest_the_run_holds_it_and_has_ninety_words_at_most(
    best: int,
) -> None:
    sentences = [words(10 + number, f"word{number}") for number in range(12)]
    scores = tuple(1.0 if number == best else 0.1 for number in range(12))
    text = told(asked(" ".join(sentences)), scores=scores)
    assert sentences[best] in text
    assert text in " ".join(sentences)
    assert len(text.split()) <= LONGEST_ANSWER


def test_a_sentence_that_is_too_long_alone_is_told_all_the_same() -> None:
    long = Sentence(words(LONGEST_ANSWER + 5, "word"))
    of = asked(long.text, sentences=[long])
    assert told(of, scores=(0.9,)) == long.text


def test_a_run_within_a_list_keeps_what_introduces_the_list() -> None:
    lead = "You need these papers:"
    items = [words(40, f"paper{number}") for number in range(4)]
    sentences = [Sentence("Read on.", PROSE), Sentence(lead, PROSE)]
    sentences += [Sentence(item, ITEM) for item in items]
    of = asked(" ".join(one.text for one in sentences), sentences=sentences)
    text = told(of, scores=(0.1, 0.1, 0.1, 0.1, 0.9, 0.8))
    assert text.splitlines() == [lead, f"- {items[2]}", f"- {items[3]}"]


def test_prose_before_a_list_that_introduces_nothing_is_left_out() -> None:
    items = [words(40, f"paper{number}") for number in range(4)]
    sentences = [Sentence("Read on.", PROSE)]
    sentences += [Sentence(item, ITEM) for item in items]
    of = asked(" ".join(one.text for one in sentences), sentences=sentences)
    text = told(of, scores=(0.1, 0.1, 0.1, 0.9, 0.8))
    assert text.splitlines() == [f"- {items[2]}", f"- {items[3]}"]


def test_a_heading_among_the_sentences_is_not_told() -> None:
    sentences = [Sentence("How long is it?", SentenceKind.HEADING), Sentence("Long.")]
    assert told(asked("Long.", sentences=sentences)) == "Long."


def test_what_a_section_is_about_stands_above_it_where_its_heading_is_a_name() -> None:
    of = chunk("It costs 75 euros.", title="Visas", headings=["Germany", "Fees"])
    assert told(of) == "Visas: Germany: Fees\nIt costs 75 euros."


def test_a_name_that_the_text_has_is_not_said_twice() -> None:
    of = chunk("In Germany it costs 75 euros.", title="Visas", headings=["Germany"])
    assert told(of) == "Visas\nIn Germany it costs 75 euros."
    of = chunk("Visas for Germany are dear.", title="Visas", headings=["Germany"])
    assert told(of) == "Visas for Germany are dear."


def test_a_heading_that_is_a_question_is_not_repeated() -> None:
    assert told(chunk("Yes.", headings=["Is it long?"])) == "Yes."
    assert told(chunk("是。", headings=["很长吗？"])) == "是。"


@pytest.mark.parametrize(
    ("as_of", "facets", "dated"),
    [
        (date(2026, 6, 1), {}, False),
        (date(2025, 10, 1), {}, True),
        (date(2026, 6, 1), {"recheck_by": "2027-01-01"}, True),
        (None, {"recheck_by": "2027-01-01"}, False),
    ],
)
def test_figures_that_are_old_or_known_to_change_are_dated(
    as_of: date | None, facets: dict[str, object], dated: bool
) -> None:
    of = asked("It costs 75 euros.", as_of=as_of, facets=facets)
    expected = "It costs 75 euros."
    if dated and as_of:
        expected += f" {phrase('as_of', 'en', month=f'{as_of:%B %Y}')}"
    assert told(of) == expected


def test_what_has_no_figures_or_its_own_date_is_not_dated() -> None:
    old = date(2020, 1, 1)
    assert told(asked("It is free.", as_of=old)) == "It is free."
    own = "It costs 75 euros (as of May 2020)."
    assert told(asked(own, as_of=old)) == own


def test_the_date_stands_below_a_list() -> None:
    of = asked("- 75 euros\n- 80 euros", as_of=date(2020, 1, 1))
    assert told(of).splitlines()[-1] == phrase("as_of", "en", month="January 2020")


def test_a_checked_answer_in_the_contacts_language_is_told_instead() -> None:
    of = asked(
        words(200, "word"),
        answers={"es": "Dura 6 semanas."},
        as_of=date(2020, 1, 1),
    )
    dated = phrase("as_of", "es", month="2020-01")
    assert told(of, language="es") == f"Dura 6 semanas. {dated}"
    assert "Dura" not in told(of, language="fr")
