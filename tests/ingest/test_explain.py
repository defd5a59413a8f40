"""An explanation shows what the assistant saw, and decides as it does."""

import json
from pathlib import Path

import pytest
from bot.answering.evidence import calibration
from ingest.explain import explain

from bot.answering.encoding.encoder import Encoder
from bot.config import Settings
from bot.conversations.ports import Answer, Author, Turn
from bot.errors import IndexUnavailableError
from ingest.__main__ import main
from ingest.sync import sync
from tests.conftest import PROJECT
from tests.support.answering import answering_with, ask
from tests.support.clock import Clock
from tests.support.knowledge import write_knowledge


@pytest.fixture
def indexed(sample_data: Path, sample_knowledge: Path) -> Settings:
    return Settings(data_dir=sample_data, knowledge_dir=sample_knowledge)


async def talked(settings: Settings, encoder: Encoder, *messages: str) -> Answer:
    """What the assistant says at the end of a conversation."""
    turns: list[Turn] = []
    *earlier, question = messages
    language = None
    with answering_with(settings, encoder=encoder) as answering:
        for text in earlier:
            said = await ask(answering, text, *turns, language=language)
            turns += [Turn(Author.CONTACT, text), Turn(Author.BOT, said.text)]
            language = said.provenance.language
        return await ask(answering, question, *turns, language=language)


@pytest.mark.parametrize(
    "messages",
    [
        ("how much is a blocked account in Germany",),
        ("how mutch is a blokced acount in Germany",),
        ("do I need a visa for a short course?", "what about Canada"),
        ("who won the world cup",),
        ("can I talk to someone",),
        ("tell me more",),
        ("how do I get a refund?", "tell me more"),
        ("how do I get a refund?", "tell me more", "more", "more"),
        ("how do I get a refund?", "are you sure?"),
        ("certificate",),
        ("how do I get a refund?", "hello"),
        ("???",),
        ("¿Cuánto cuesta el curso?",),
        ("Faut-il un visa d'étudiant pour l'Allemagne ?",),
        ("I hope to start soon. My uncle studied. How do I get a refund?",),
        ("1. How do I get a refund?\n2. Do I get a certificate?",),
    ],
)
async def test_the_outcome_and_the_confidence_are_the_assistants_own(
    messages: tuple[str, ...], indexed: Settings, encoder: Encoder
) -> None:
    answer = await talked(indexed, encoder, *messages)
    *earlier, question = messages
    found = await explain(
        indexed, question, earlier=earlier, encoder=encoder, clock=Clock()
    )
    assert (found.outcome, found.answerer, found.language) == (
        answer.outcome.value,
        answer.provenance.answerer,
        answer.provenance.language,
    )
    assert found.confidence == pytest.approx(answer.confidence)


@pytest.mark.parametrize(
    ("messages", "outcome", "reason"),
    [
        (("¿Necesito visado para estudiar en Alemania?",), "answer", "reaches the"),
        (("suggest me a course",), "clarify", "the data of programmes"),
        (
            ("online courses in data under 300 dollars",),
            "answer",
            "the data of programmes",
        ),
        (("online courses in data", "and in Germany?"), "", "the data of programmes"),
        (("mujhe germany ka student visa ke liye kya chahiye",), "", "confidence"),
        (("I want to study in Germany", "do I need a visa?"), "answer", "reaches the"),
    ],
)
async def test_programmes_countries_and_languages_are_explained_as_they_are_answered(
    messages: tuple[str, ...],
    outcome: str,
    reason: str,
    project_data: Path,
    encoder: Encoder,
) -> None:
    settings = Settings(data_dir=project_data, knowledge_dir=PROJECT / "knowledge")
    answer = await talked(settings, encoder, *messages)
    *earlier, question = messages
    found = await explain(
        settings, question, earlier=earlier, encoder=encoder, clock=Clock()
    )
    assert found.outcome == answer.outcome.value
    assert outcome in {"", found.outcome}
    assert reason in found.reason
    assert found.answerer == answer.provenance.answerer
    assert found.confidence == pytest.approx(answer.confidence)


async def test_a_question_is_shown_as_it_was_searched_for(
    indexed: Settings, encoder: Encoder
) -> None:
    found = await explain(indexed, "is there a reffund", encoder=encoder)
    assert found.searched == "is there a refund"
    found = await explain(
        indexed, "¿Necesito un visado de estudiante?", encoder=encoder
    )
    assert "visa" in str(found.searched).split()
    assert "visado" not in str(found.searched)


async def test_each_question_of_a_message_is_explained(
    indexed: Settings, encoder: Encoder
) -> None:
    found = await explain(
        indexed,
        "1. How do I get a refund?\n2. Who won the world cup?",
        encoder=encoder,
    )
    assert found.outcome == "answer"
    assert found.reason == "2 questions, each looked up by itself"
    assert [(part.question, part.outcome) for part in found.parts] == [
        ("How do I get a refund?", "answer"),
        ("Who won the world cup?", "no_answer"),
    ]
    assert all(part.chunks for part in found.parts)


async def test_every_search_says_where_it_put_a_chunk(
    indexed: Settings, encoder: Encoder
) -> None:
    found = await explain(indexed, "how much is a blocked account", encoder=encoder)
    best = found.chunks[0]
    assert (best.document, best.headings) == ("guidance/visa.md", ("Germany",))
    assert {name: place.rank for name, place in best.message.items()} == {
        "dense": 1,
        "lexical": 1,
        "sentence": 1,
    }
    assert best.context == {}
    assert best.sentence.endswith("11,904 euros a year.")
    assert [chunk.score for chunk in found.chunks] == sorted(
        (chunk.score for chunk in found.chunks), reverse=True
    )
    wordless = [chunk for chunk in found.chunks if "lexical" not in chunk.message]
    assert wordless


async def test_the_signals_add_up_to_the_confidence(
    indexed: Settings, encoder: Encoder
) -> None:
    found = await explain(indexed, "how do I get a refund", encoder=encoder)
    total = found.intercept + sum(signal.contribution for signal in found.signals)
    assert 1 / (1 + 2.718281828**-total) == pytest.approx(found.confidence, abs=1e-6)
    assert found.threshold == calibration().threshold
    assert found.outcome == "answer"
    assert "reaches the threshold" in found.reason


async def test_a_follow_up_is_searched_twice(
    indexed: Settings, encoder: Encoder
) -> None:
    found = await explain(
        indexed,
        "and the papers in Canada",
        earlier=["is a visa needed?"],
        encoder=encoder,
    )
    assert found.chunks[0].headings == ("Canada",)
    assert set(found.chunks[0].context) == {"dense", "lexical", "sentence"}


async def test_what_is_asked_back_is_named(indexed: Settings, encoder: Encoder) -> None:
    found = await explain(indexed, "certificate", encoder=encoder)
    assert found.outcome == "clarify"
    assert found.reason == (
        "a short question that could be about: Do I get a certificate?, Can employers "
        "verify it?"
    )


async def test_too_little_evidence_is_the_reason_for_no_answer(
    indexed: Settings, encoder: Encoder
) -> None:
    found = await explain(indexed, "who won the world cup", encoder=encoder)
    assert found.outcome == "no_answer"
    assert "is below the threshold" in found.reason


async def test_documents_that_have_all_expired_are_found_by_no_search(
    tmp_path: Path, encoder: Encoder
) -> None:
    folder = write_knowledge(tmp_path / "knowledge")
    for path in folder.rglob("*.md"):
        text = path.read_text("utf-8")
        path.write_text(text.replace("kind:", "valid_until: 2020-01-01\nkind:"))
    own = Settings(data_dir=tmp_path / "data", knowledge_dir=folder)
    sync(own, encoder=encoder)
    found = await explain(own, "is there a refund", encoder=encoder)
    assert (found.outcome, found.reason) == ("no_answer", "no search found anything")
    assert found.chunks == []


async def test_without_an_index_it_says_what_to_do(
    settings: Settings, encoder: Encoder
) -> None:
    with pytest.raises(IndexUnavailableError, match="run python -m ingest sync"):
        await explain(settings, "refund", encoder=encoder)


@pytest.fixture
def _here(indexed: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATA_DIR", str(indexed.data_dir))
    monkeypatch.setenv("KNOWLEDGE_DIR", str(indexed.knowledge_dir))


@pytest.mark.usefixtures("_here")
def test_the_command_prints_chunks_evidence_and_reason(
    capsys: pytest.CaptureFixture[str],
) -> None:
    question = "how long does a refund take in Germany"
    assert main(["explain", question, "--turn", "what does it cost?"]) == 0
    said = capsys.readouterr().out
    assert said.splitlines()[0].startswith(("answer: confidence", "no_answer: conf"))
    assert "\n1. " in said
    assert "   message: dense #" in said
    assert "   context: dense #" in said
    assert "\nsearched for: how long does a refund take in Germany, after: what" in said
    assert "   best sentence: " in said
    assert "  coverage " in said
    assert "threshold 0." in said


@pytest.mark.usefixtures("_here")
def test_the_command_can_be_read_by_a_program(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["explain", "how do I get a refund", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["outcome"] == "answer"
    assert {signal["name"] for signal in found["signals"]} == set(calibration().weights)
    assert found["chunks"][0]["message"]["dense"]["rank"] == 1


@pytest.mark.usefixtures("_here")
def test_fixed_words_are_explained_by_their_intent(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["explain", "can I talk to someone"]) == 0
    assert capsys.readouterr().out == (
        "handoff: the message is understood as asks_for_person; no document is looked "
        "at\nanswerer: fixed, language: en\n"
    )
