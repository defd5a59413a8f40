"""Replies as parts of a conversation: several questions, going on, languages, help."""

from pathlib import Path

import pytest

from bot.answering.assembly import Answering
from bot.answering.encoding.encoder import Encoder
from bot.config import Settings
from bot.conversations.ports import Answer, Author, Outcome, Turn
from bot.phrases import phrase
from tests.support.answering import answering_with, ask
from tests.support.knowledge import write_knowledge

CONTACT, BOT = Author.CONTACT, Author.BOT
SHOWN = "How much money do I need to show for a UK Student visa?"


def after(question: str, reply: Answer) -> tuple[Turn, Turn]:
    """The turns of a question and the reply to it."""
    return Turn(CONTACT, question), reply.as_turn


async def test_both_questions_of_a_message_are_answered(sample: Answering) -> None:
    reply = await ask(
        sample, "How long does a micro-credential take? And can I get my money back?"
    )
    first, second = reply.text.split("\n\n")
    assert "six and twelve weeks" in first
    assert "within 14 days" in second
    assert [cited.source for cited in reply.citations] == [
        "guidance/duration.md",
        "guidance/fees.md",
    ]
    assert reply.outcome is Outcome.ANSWER


async def test_of_two_questions_the_one_with_an_answer_is_answered(
    sample: Answering,
) -> None:
    reply = await ask(
        sample, "How long does a micro-credential take? Who won the chess final?"
    )
    assert reply.outcome is Outcome.ANSWER
    assert "six and twelve weeks" in reply.text
    assert [cited.source for cited in reply.citations] == ["guidance/duration.md"]


@pytest.mark.parametrize(
    ("text", "sources"),
    [
        (
            "can i work part time in aus and uk as student",
            ["guidance/australia-working.md", "guidance/uk-working-as-a-student.md"],
        ),
        (
            "is a micro-credential worth it and can i get a job with it",
            ["faq/choosing.md", "guidance/benefits-for-international-students.md"],
        ),
    ],
)
async def test_two_questions_in_one_sentence_are_answered_apart(
    text: str, sources: list[str], project: Answering
) -> None:
    reply = await ask(project, text)
    assert reply.outcome is Outcome.ANSWER
    assert [cited.source for cited in reply.citations] == sources


async def test_what_one_section_compares_is_not_asked_of_each_country(
    project: Answering,
) -> None:
    reply = await ask(project, "Where can I stay longest, in the UK or Australia?")
    assert [one.source for one in reply.citations] == [
        "guidance/countries-side-by-side.md"
    ]


async def test_of_three_countries_the_third_is_asked_for_again(
    project: Answering,
) -> None:
    reply = await ask(project, "Can I work as a student in UK, Canada and Germany?")
    assert len(reply.citations) == 2
    assert reply.text.endswith(phrase("questions_left", "en"))


async def test_where_half_a_sentence_is_unsure_both_are_asked_back(
    project: Answering,
) -> None:
    reply = await ask(project, "is toefl needed and what happens if my visa is refused")
    assert reply.outcome is Outcome.CLARIFY
    assert any("TOEFL" in choice for choice in reply.choices)
    assert any("refused" in choice for choice in reply.choices)


async def test_a_sentence_of_a_long_message_is_enough(project: Answering) -> None:
    text = "My exam is in April and I am worried. How long do micro-credentials take"
    reply = await ask(project, text)
    told = any("duration" in cited.source for cited in reply.citations)
    assert told or "long" in reply.choices[0].casefold()


async def test_the_country_of_a_question_can_be_changed_by_its_name(
    project: Answering,
) -> None:
    first = await ask(project, SHOWN)
    reply = await ask(project, "and for germany?", *after(SHOWN, first))
    assert reply.outcome is Outcome.ANSWER
    assert "Germany" in reply.text
    assert "€11,904" in reply.text


async def test_a_question_that_goes_on_is_not_told_the_same_again(
    project: Answering,
) -> None:
    question = "can i study in germany for free"
    first = await ask(project, question)
    assert "no tuition" in first.text
    reply = await ask(project, "and ielts", *after(question, first))
    assert "no tuition" not in reply.text
    assert "IELTS" in reply.text


async def test_what_was_just_told_is_not_told_again_to_who_asks_for_more(
    sample: Answering,
) -> None:
    question = "Can employers verify it?"
    first = await ask(sample, question)
    again = await ask(sample, question, *after(question, first))
    assert first.provenance.sections
    assert not set(again.provenance.sections) & set(first.provenance.sections)


async def test_a_wish_for_a_person_and_a_question_get_both(project: Answering) -> None:
    reply = await ask(project, f"I want to talk to a person. {SHOWN}")
    assert reply.outcome is Outcome.HANDOFF
    assert reply.handoff_reason == "asked_for_person"
    assert reply.text.startswith(phrase("handoff_person", "en"))
    assert "£" in reply.text
    assert reply.citations


@pytest.mark.parametrize("language", ["es", "hi", "zh"])
async def test_an_answer_comes_in_the_contacts_language_where_it_was_translated(
    language: str, project: Answering
) -> None:
    meant = project.library.index().asked_by(SHOWN)
    assert meant is not None
    offered = Turn(BOT, f"1. {SHOWN}", (SHOWN,), Outcome.CLARIFY, language=language)
    reply = await ask(project, "1", Turn(CONTACT, "?"), offered)
    assert reply.outcome is Outcome.ANSWER
    assert reply.provenance.language == language
    assert reply.text.startswith(meant.answers[language])


async def test_an_answer_in_another_language_says_so(sample: Answering) -> None:
    choices = ("Do I get a certificate?", "Can employers verify it?")
    offered = Turn(BOT, "1, 2", choices, Outcome.CLARIFY, language="es")
    reply = await ask(sample, "1", Turn(CONTACT, "¿certificado?"), offered)
    assert reply.outcome is Outcome.ANSWER
    assert reply.text.startswith(phrase("in_other_language", "es", name="inglés"))
    assert "digital certificate" in reply.text


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("蒙古的首都是哪里，有多少人口？", "zh"),
        ("¿Cuál es la capital de Mongolia y cuántos habitantes tiene?", "es"),
    ],
)
async def test_what_is_not_known_is_said_in_the_contacts_language(
    text: str, language: str, project: Answering
) -> None:
    reply = await ask(project, text)
    assert reply.outcome is Outcome.NO_ANSWER
    assert reply.provenance.language == language
    assert reply.text == phrase("nothing_near", language)


async def test_somebody_in_distress_reads_what_the_organisation_says_of_help(
    sample_data: Path, tmp_path: Path, encoder: Encoder
) -> None:
    folder = write_knowledge(tmp_path / "knowledge")
    with (folder / "organisation.yaml").open("a", encoding="utf-8") as file:
        file.write('emergency_help: "Call the harbour line: 555."\n')
    here = Settings(data_dir=sample_data, knowledge_dir=folder)
    with answering_with(here, encoder=encoder) as answering:
        reply = await ask(answering, "i want to die. how much is a course?")
    assert reply.outcome is Outcome.HANDOFF
    assert reply.text.endswith("\n\nCall the harbour line: 555.")


@pytest.mark.parametrize(
    ("text", "reason", "language"),
    [
        ("can I talk to a person", "asked_for_person", "en"),
        ("quiero hablar con una persona", "asked_for_person", "es"),
        ("i want to die", "distress", "en"),
        ("take my number off your list", "asked_to_stop", "en"),
        ("can i get a callback", "asked_for_call", "en"),
        ("How long does it take?", None, "en"),
        ("hello", None, "en"),
    ],
)
async def test_what_only_a_person_can_give_is_heeded_without_any_index(
    tmp_path: Path, encoder: Encoder, text: str, reason: str | None, language: str
) -> None:
    folder = write_knowledge(tmp_path / "knowledge")
    empty = Settings(data_dir=tmp_path / "data", knowledge_dir=folder)
    with answering_with(empty, encoder=encoder) as answering:
        heard = await answering.assistant.heed(text)
    assert (heard and heard.handoff_reason) == reason
    if heard:
        assert heard.provenance.language == language


async def test_who_corrects_us_gets_an_apology_and_other_questions(
    project: Answering,
) -> None:
    first = await ask(project, SHOWN)
    reply = await ask(project, "that is not what i asked", *after(SHOWN, first))
    assert reply.outcome is Outcome.CLARIFY
    assert reply.text.startswith(
        (phrase("correction", "en"), phrase("correction_open", "en"))
    )
    assert not set(reply.choices) & {SHOWN}
