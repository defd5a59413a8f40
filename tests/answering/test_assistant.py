"""The assistant: answers from the documents, asks back, says no, hands over."""

import asyncio
from collections.abc import Sequence
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from bot.answering.assembly import Answering
from bot.answering.encoding.encoder import Encoder
from bot.answering.enquiry import Decision, Enquiry, Found
from bot.config import Settings
from bot.conversations.ports import Author, Citation, Outcome, OwnData, Turn
from bot.errors import IndexUnavailableError
from bot.organisation import load_organisation
from bot.phrases import phrase
from ingest.sync import sync
from tests.support.answering import answering_with, ask
from tests.support.clock import Clock

CONTACT, BOT, STAFF = Author.CONTACT, Author.BOT, Author.STAFF
LANGUAGES = ("en", "es", "fr")


async def test_an_answer_is_the_documents_words_with_its_source_and_date(
    sample: Answering,
) -> None:
    answer = await ask(sample, "How long does a micro-credential take?")
    assert answer.text == (
        "How long a micro-credential takes\n"
        "A micro-credential usually takes between six and twelve weeks of part-time "
        "study."
    )
    assert answer.outcome is Outcome.ANSWER
    assert answer.citations == (
        Citation(
            title="How long a micro-credential takes",
            source="guidance/duration.md",
            url="https://example.org/duration",
            as_of=date(2026, 6, 1),
        ),
    )
    assert 0.4 < answer.confidence <= 1.0
    assert answer.provenance.answerer == "sections"
    assert answer.provenance.language == "en"
    assert answer.provenance.generation == await sample.check()
    assert answer.provenance.model is None
    assert answer.provenance.reason == "sure"
    (section,) = answer.provenance.sections
    assert section == "guidance/duration.md#How long a micro-credential takes"


@pytest.mark.parametrize(
    ("question", "source", "words"),
    [
        ("can i get my money back", "guidance/fees.md", "within 14 days"),
        ("HOW MUCH IS THE BLOCKED ACCOUNT FOR GERMANY", "guidance/visa.md", "11,904"),
        ("do refugees study without a fee?", "guidance/fees.md", "Refugees"),
        ("will i get a certificate at the end", "faq/certificate.md", "certificate"),
    ],
)
async def test_questions_as_people_write_them_are_answered(
    question: str, source: str, words: str, sample: Answering
) -> None:
    answer = await ask(sample, question)
    assert answer.outcome is Outcome.ANSWER
    assert [cited.source for cited in answer.citations] == [source]
    assert words in answer.text


@pytest.mark.parametrize(
    "question",
    [
        "What is the capital of Mongolia?",
        "Who won the chess final?",
        "How large is the spring discount?",
        "asdkjh qwoeiu zxmcnb",
    ],
)
async def test_what_the_documents_do_not_hold_gets_no_answer_but_a_person_is_offered(
    question: str, sample: Answering
) -> None:
    answer = await ask(sample, question)
    assert answer.outcome is Outcome.NO_ANSWER
    assert answer.text == phrase("nothing_near", "en")
    assert answer.citations == ()
    assert answer.handoff_reason is None
    assert 0 <= answer.confidence < 0.25
    assert answer.provenance.generation == await sample.check()


@pytest.mark.parametrize(
    ("message", "outcome", "reason", "greeting"),
    [
        ("Hello!", Outcome.ANSWER, None, True),
        ("thank you so much", Outcome.ANSWER, None, False),
        ("   ", Outcome.CLARIFY, None, False),
        ("can I talk to a person please", Outcome.HANDOFF, "asked_for_person", False),
        ("call me at 5 pm", Outcome.HANDOFF, "asked_for_call", False),
        ("I want to complain", Outcome.HANDOFF, "complaint", False),
        ("i want to die", Outcome.HANDOFF, "distress", False),
    ],
)
async def test_messages_that_are_no_questions_get_fixed_words(
    message: str,
    outcome: Outcome,
    reason: str | None,
    greeting: bool,
    sample: Answering,
) -> None:
    answer = await ask(sample, message)
    assert (answer.outcome, answer.handoff_reason) == (outcome, reason)
    assert answer.is_greeting is greeting
    assert answer.provenance.answerer == "fixed"
    assert answer.citations == ()


async def test_what_the_organisation_says_of_itself_is_answered_from_its_file(
    sample: Answering,
) -> None:
    who = await ask(sample, "are you a bot?")
    when = await ask(sample, "when are you open?")
    assert "Harbour Advisory" in who.text
    assert "09:00-17:30" in when.text
    for answer in (who, when):
        assert answer.outcome is Outcome.ANSWER
        assert answer.provenance.answerer == "organisation"
        assert answer.citations == ()


async def test_a_follow_up_is_answered_by_what_was_asked_before(
    sample: Answering,
) -> None:
    before = Turn(CONTACT, "does a student visa need a blocked account")
    after = await ask(sample, "and in Germany?", before)
    assert after.outcome is Outcome.ANSWER
    assert "11,904 euros" in after.text


async def test_what_the_bot_and_staff_said_does_not_steer_the_search(
    sample: Answering,
) -> None:
    question = "How long does a micro-credential take?"
    talk = "Germany asks for a blocked account of 11,904 euros a year."
    alone = await ask(sample, question)
    after = await ask(sample, question, Turn(BOT, talk), Turn(STAFF, talk))
    assert after == alone


async def test_whoever_watches_hears_how_each_reply_came_about(
    sample_data: Path, sample_knowledge: Path, encoder: Encoder
) -> None:
    seen: list[tuple[Enquiry, Sequence[Found], Decision]] = []
    answering = Answering(
        Settings(data_dir=sample_data, knowledge_dir=sample_knowledge),
        load_organisation(sample_knowledge / "organisation.yaml"),
        encoder=encoder,
        watch=lambda *heard: seen.append(heard),
    )
    answer = await ask(answering, "can i get my money back")
    answering.close()
    ((enquiry, found, decision),) = seen
    assert enquiry.text == "can i get my money back"
    assert found[0].best is not None
    assert decision.sections == (found[0].best.chunk,)
    assert decision.confidence == answer.confidence


async def test_expired_documents_are_not_used(
    tmp_path: Path, sample_knowledge: Path, encoder: Encoder
) -> None:
    knowledge = tmp_path / "knowledge"
    knowledge.mkdir()
    organisation = (sample_knowledge / "organisation.yaml").read_text("utf-8")
    (knowledge / "organisation.yaml").write_text(organisation, "utf-8")
    (knowledge / "offer.md").write_text(
        "---\ntitle: Spring discount\nkind: faq\nlast_verified: 2026-11-01\n"
        "valid_until: 2026-11-24\n---\nThe spring discount is ten per cent.\n",
        "utf-8",
    )
    settings = Settings(data_dir=tmp_path / "data", knowledge_dir=knowledge)
    sync(settings, encoder=encoder)
    clock = Clock(datetime(2026, 11, 24, 23, 59, tzinfo=UTC))
    with answering_with(settings, encoder=encoder, clock=clock) as answering:
        question = "How large is the spring discount?"
        before = await ask(answering, question)
        clock.advance(60)
        after = await ask(answering, question)
    assert "The spring discount is ten per cent." in before.text
    assert (after.outcome, after.confidence) == (Outcome.NO_ANSWER, 0.0)
    assert after.citations == ()


@pytest.mark.parametrize("language", LANGUAGES)
async def test_fixed_words_come_in_the_language_of_the_conversation(
    language: str, sample: Answering
) -> None:
    answer = await ask(sample, "xyzzyplughqwrtz plughxyzzyqwrtz", language=language)
    fixed = {phrase(key, language) for key in ("nothing_near", "small_talk")}
    assert answer.text in fixed
    assert answer.provenance.language == language


async def test_questions_are_answered_at_the_same_time(sample: Answering) -> None:
    questions = ["How long does a micro-credential take?", "can i get my money back"]
    alone = [await ask(sample, question) for question in questions]
    together = await asyncio.gather(*(ask(sample, q) for q in questions * 4))
    assert list(together) == alone * 4


async def test_a_new_index_answers_from_the_next_question_on(
    settings: Settings, sample_knowledge: Path, tmp_path: Path, encoder: Encoder
) -> None:
    knowledge = tmp_path / "knowledge"
    knowledge.mkdir()
    organisation = (sample_knowledge / "organisation.yaml").read_text("utf-8")
    (knowledge / "organisation.yaml").write_text(organisation, "utf-8")
    page = knowledge / "parking.md"
    front = "---\ntitle: Parking\nkind: faq\nlast_verified: 2026-11-01\n---\n"
    here = settings.model_copy(update={"knowledge_dir": knowledge})
    question = "How much does parking cost a day?"
    prices = ["five", "seven"]
    with answering_with(here, encoder=encoder) as answering:
        with pytest.raises(IndexUnavailableError, match="run python -m ingest sync"):
            await ask(answering, question)
        said = []
        for price in prices:
            page.write_text(f"{front}Parking costs {price} euros a day.\n", "utf-8")
            sync(here, encoder=encoder)
            said.append((await ask(answering, question)).text)
    assert said == [f"Parking costs {price} euros a day." for price in prices]


async def test_warming_up_says_at_once_that_there_is_no_index(
    settings: Settings, encoder: Encoder
) -> None:
    with answering_with(settings, encoder=encoder) as answering:
        with pytest.raises(IndexUnavailableError, match="no index of the documents"):
            await answering.warm_up()
        with pytest.raises(IndexUnavailableError, match="no index of the documents"):
            await answering.check()


async def test_warming_up_opens_the_index(sample: Answering) -> None:
    await sample.warm_up()
    assert await sample.check() == sample.library.index().generation


@pytest.mark.parametrize(
    ("text", "language"),
    [("please delete all my data", "en"), ("quiero borrar mis datos", "es")],
)
async def test_who_wants_to_be_forgotten_is_asked_for_a_word(
    sample: Answering, text: str, language: str
) -> None:
    answer = await ask(sample, text)
    assert answer.outcome is Outcome.CLARIFY
    assert answer.text == phrase("own_data_erase", language)
    assert answer.choices == (phrase("own_data_word", language),)
    assert answer.provenance.reason == OwnData.ERASE


async def test_a_wish_in_distress_is_distress(sample: Answering) -> None:
    answer = await ask(sample, "I want to kill myself. Delete my data.")
    assert answer.handoff_reason == "distress"
