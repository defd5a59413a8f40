"""From a decision to the reply, in the contact's language."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bot.answering.chunks import Ask, Chunk
from bot.answering.enquiry import Decision, Enquiry, Reasoned
from bot.answering.writing.writer import Writer, offered_as
from bot.conversations.ports import Answer, Outcome
from bot.conversations.states import Reason
from bot.organisation import Organisation
from bot.phrases import phrase
from tests.support.sections import chunk, enquiry, question

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
HELP = {"en": "Call the harbour line: 555.", "es": "Llama a la línea: 555."}
VISA = chunk(
    "The visa is free for students of the harbour school and costs nothing else.",
    title="Visas",
    document="guidance/visa.md",
    headings=["What does the visa cost?"],
    asks=[Ask("es", "¿Cuánto cuesta la visa?"), Ask("en", "visa cost")],
)
WORK = chunk(
    "You may work during the holidays, and in the term with a permit of the town.",
    title="Working",
    document="guidance/work.md",
    headings=["In the term"],
    asks=[Ask("es", "¿Puedo trabajar?")],
)


@pytest.fixture
def writer() -> Writer:
    organisation = Organisation.model_validate(
        {
            "name": "Harbour Advisory",
            "description": "I answer questions about courses.",
            "phone": "555",
            "time_zone": "Europe/London",
            "opening_hours": {"monday": ["09:00-17:30"]},
            "languages": ["en", "es"],
            "emergency_help": HELP,
        }
    )
    return Writer(organisation, now=lambda: NOON)


def told(*sections: Chunk, **more: object) -> Decision:
    values: dict[str, object] = {
        "outcome": Outcome.ANSWER,
        "reason": Reasoned.SURE,
        "confidence": 0.8,
        "sections": sections,
        "generation": "one",
        **more,
    }
    return Decision(**values)  # type: ignore[arg-type]  # fields by name


def offered(*sections: Chunk, words: str = "do_you_mean") -> Decision:
    return told(
        outcome=Outcome.CLARIFY,
        reason=Reasoned.UNSURE,
        choices=sections,
        words=words,
    )


def written(writer: Writer, decision: Decision, of: Enquiry | None = None) -> Answer:
    return writer.write(decision, of or enquiry(), parts={})


def test_a_section_goes_out_with_its_source_and_how_it_came_about(
    writer: Writer,
) -> None:
    answer = written(writer, told(VISA))
    assert answer.text == VISA.text
    assert [cited.source for cited in answer.citations] == ["guidance/visa.md"]
    assert (answer.outcome, answer.confidence) == (Outcome.ANSWER, 0.8)
    kept = answer.provenance
    assert (kept.answerer, kept.language, kept.generation) == ("sections", "en", "one")
    assert (kept.reason, kept.sections) == ("sure", (VISA.name,))
    assert answer.as_turn.sections == (VISA.name,)


@pytest.mark.parametrize(
    ("language", "first"),
    [("tr", "Türkçe anlıyorum"), ("hi-Latn", "Main aapki baat"), (None, VISA.text)],
)
def test_in_a_language_without_sentences_it_says_that_it_answers_in_english(
    writer: Writer, language: str | None, first: str
) -> None:
    of = replace(enquiry(), unspoken=language)
    answer = writer.write(told(VISA), of, parts={})
    assert answer.text.startswith(first)
    assert VISA.text in answer.text


def test_a_model_that_writes_the_contacts_language_is_not_announced_in_english(
    writer: Writer,
) -> None:
    of = replace(enquiry(), unspoken="hi-Latn")
    text = "UK ke student visa ki fees abhi 558 pound hai, har applicant ke liye."
    made = replace(told(VISA), text=text, answerer="model")
    assert writer.write(made, of, parts={}).text == text
    english = replace(made, text="The UK student visa costs 558 pounds a person.")
    assert writer.write(english, of, parts={}).text.startswith("Main aapki baat")


def test_several_sections_stand_apart(writer: Writer) -> None:
    answer = written(writer, told(VISA, WORK))
    first, second = answer.text.split("\n\n")
    assert first == VISA.text
    assert second.endswith(WORK.text)
    assert len(answer.citations) == 2


def test_a_section_in_another_language_is_told_as_it_is_and_that_is_said_once(
    writer: Writer,
) -> None:
    answer = written(writer, told(VISA, WORK), enquiry(language="es"))
    note, first, second = answer.text.split("\n\n")
    assert note == phrase("in_other_language", "es", name="inglés")
    assert first == VISA.text
    assert second.endswith(WORK.text)
    assert answer.provenance.language == "es"


def test_a_section_that_has_been_translated_needs_no_note(writer: Writer) -> None:
    known = chunk("It is free.", headings=["Free?"], answers={"es": "Es gratis."})
    assert written(writer, told(known), enquiry(language="es")).text == "Es gratis."


def test_choices_are_numbered_questions_below_what_asks_back(writer: Writer) -> None:
    answer = written(writer, offered(VISA, WORK))
    assert answer.text.splitlines() == [
        phrase("do_you_mean", "en"),
        "1. What does the visa cost?",
        "2. Working: In the term",
    ]
    assert answer.choices == ("What does the visa cost?", "Working: In the term")
    assert answer.outcome is Outcome.CLARIFY
    assert answer.citations == ()


def test_choices_come_in_the_contacts_language_where_there_are_some(
    writer: Writer,
) -> None:
    other = question("Is it cold?")
    answer = written(writer, offered(VISA, WORK, other), enquiry(language="es"))
    assert answer.choices == (
        "¿Cuánto cuesta la visa?",
        "¿Puedo trabajar?",
        "Is it cold?",
    )
    assert answer.text.startswith(phrase("do_you_mean", "es"))


def test_what_stands_below_the_title_is_offered_by_the_title_alone() -> None:
    assert offered_as([chunk(title="Fees"), WORK], "en") == [
        "Fees",
        "Working: In the term",
    ]


def test_sections_with_the_same_question_are_offered_once() -> None:
    assert offered_as([VISA, VISA], "en") == ["What does the visa cost?"]


def test_a_correction_is_met_with_its_own_words_above_the_choices(
    writer: Writer,
) -> None:
    answer = written(writer, offered(VISA, words="correction"))
    assert answer.text == (f"{phrase('correction', 'en')}\n1. What does the visa cost?")


def test_what_was_left_unanswered_is_said_below_the_answer(writer: Writer) -> None:
    answer = written(writer, replace(told(VISA), notes=("questions_left",)))
    assert answer.text == f"{VISA.text}\n\n{phrase('questions_left', 'en')}"


def test_beside_an_answer_the_other_question_is_asked_back(writer: Writer) -> None:
    answer = written(writer, told(VISA, choices=(WORK,)))
    assert answer.text == (
        f"{VISA.text}\n\n{phrase('also_asked', 'en')}\n1. Working: In the term"
    )
    assert answer.choices == ("Working: In the term",)


@pytest.mark.parametrize("language", ["en", "es"])
def test_somebody_in_distress_reads_where_there_is_help(
    language: str, writer: Writer
) -> None:
    decision = told(outcome=Outcome.HANDOFF, handoff=Reason.DISTRESS, answerer="fixed")
    answer = written(writer, decision, enquiry(language=language))
    assert answer.text.endswith(f"\n\n{HELP[language]}")
    assert answer.handoff_reason == Reason.DISTRESS
    assert answer.outcome is Outcome.HANDOFF


def test_who_asks_for_a_person_is_not_sent_to_the_emergency(writer: Writer) -> None:
    decision = told(outcome=Outcome.HANDOFF, handoff=Reason.ASKED_FOR_PERSON)
    answer = written(writer, decision)
    assert answer.text == phrase("handoff_person", "en")


def test_a_handoff_may_answer_what_was_asked_beside_it(writer: Writer) -> None:
    decision = told(VISA, outcome=Outcome.HANDOFF, handoff=Reason.ASKED_FOR_CALL)
    answer = written(writer, decision)
    handed, section = answer.text.split("\n\n")
    assert section == VISA.text
    assert handed


def test_only_the_return_of_a_greeting_is_a_greeting(writer: Writer) -> None:
    greeting = told(words="greeting_reply", reason=Reasoned.WANTED, answerer="fixed")
    assert written(writer, greeting).is_greeting
    thanks = told(words="thanks", reason=Reasoned.WANTED, answerer="fixed")
    assert not written(writer, thanks).is_greeting
    assert written(writer, thanks).text == phrase("thanks", "en")


@pytest.mark.parametrize(("words", "part"), [("hours", "555"), ("identity", "Harbour")])
def test_the_organisations_own_facts_are_told(
    words: str, part: str, writer: Writer
) -> None:
    decision = told(words=words, reason=Reasoned.ORGANISATION, answerer="organisation")
    assert part in written(writer, decision).text


def test_who_may_have_met_a_fraud_reads_of_a_person_below_the_answer(
    writer: Writer,
) -> None:
    answer = written(writer, told(VISA, words="scam_person"))
    assert answer.text == f"{VISA.text}\n\n{phrase('scam_person', 'en')}"


def test_words_made_elsewhere_stand_in_place_of_the_sections(writer: Writer) -> None:
    decision = told(VISA, text="A list:\n1. Visas", shown=("Visas",))
    answer = written(writer, decision)
    assert answer.text == "A list:\n1. Visas"
    assert answer.choices == ("Visas",)
    assert [cited.source for cited in answer.citations] == ["guidance/visa.md"]


def test_what_was_understood_goes_with_the_reply(writer: Writer) -> None:
    of = enquiry(understood={"destination": "Germany"})
    assert written(writer, told(VISA), of).understood == {"destination": "Germany"}
