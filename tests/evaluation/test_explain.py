"""An explanation shows what the assistant saw, and decides as it does."""

import json
from pathlib import Path

import pytest

from bot.__main__ import main
from bot.answering.encoding.encoder import Encoder
from bot.config import Settings
from bot.conversations.ports import Answer, Author, Outcome, Turn
from bot.errors import IndexUnavailableError
from bot.evaluation.explain import explain
from bot.explanation import Explanation
from ingest.sync import sync
from tests.conftest import PROJECT
from tests.support.answering import answering_with, ask
from tests.support.clock import Clock
from tests.support.knowledge import write_knowledge

REFUND = "how do I get a refund"
# It need not be sure of any of these, and is not of all.
VAGUE = ("visa", "money", "certificate", "how long", "what does it cost")


@pytest.fixture
def indexed(sample_data: Path, sample_knowledge: Path) -> Settings:
    return Settings(data_dir=sample_data, knowledge_dir=sample_knowledge)


@pytest.fixture
def own(project_data: Path) -> Settings:
    """The project's knowledge."""
    return Settings(data_dir=project_data, knowledge_dir=PROJECT / "knowledge")


async def talked(settings: Settings, encoder: Encoder, *messages: str) -> Answer:
    """What the assistant says at the end of a conversation."""
    turns: list[Turn] = []
    *earlier, question = messages
    language = None
    with answering_with(settings, encoder=encoder) as answering:
        for text in earlier:
            said = await ask(answering, text, *turns, language=language)
            turns += [Turn(Author.CONTACT, text), said.as_turn]
            language = said.provenance.language
        return await ask(answering, question, *turns, language=language)


async def explained(
    settings: Settings, encoder: Encoder, *messages: str
) -> Explanation:
    *earlier, question = messages
    return await explain(
        settings, question, earlier=earlier, encoder=encoder, clock=Clock()
    )


@pytest.mark.parametrize(
    "messages",
    [
        ("how mutch is a blokced acount in Germany",),
        ("do I need a visa for a short course?", "what about Canada"),
        ("who won the world cup",),
        ("can I talk to someone",),
        (f"{REFUND}?", "tell me more", "are you sure?"),
        ("certificate", "2"),
        ("???",),
        ("Faut-il un visa d'étudiant pour l'Allemagne ?",),
        ("1. How do I get a refund?\n2. Do I get a certificate?",),
    ],
)
async def test_the_reply_is_the_assistants_own(
    messages: tuple[str, ...], indexed: Settings, encoder: Encoder
) -> None:
    answer = await talked(indexed, encoder, *messages)
    found = await explained(indexed, encoder, *messages)
    assert (found.reply, found.outcome) == (answer.text, answer.outcome.value)
    assert (found.reason, found.answerer, found.language, found.generation) == (
        answer.provenance.reason,
        answer.provenance.answerer,
        answer.provenance.language,
        answer.provenance.generation,
    )


async def test_a_search_for_programmes_is_explained_as_it_is_answered(
    own: Settings, encoder: Encoder
) -> None:
    message = "online courses in data under 300 dollars"
    answer = await talked(own, encoder, message)
    found = await explained(own, encoder, message)
    assert found.reply == answer.text
    assert found.answerer == answer.provenance.answerer == "programmes"
    assert found.wants == "programme"


async def test_what_is_known_of_the_contact_is_shown(
    own: Settings, encoder: Encoder
) -> None:
    messages = ("I want to study in Germany", "do I need a visa?")
    found = await explained(own, encoder, *messages)
    assert found.facts == {"destination": "Germany"}
    assert found.earlier == messages[:1]
    assert found.lookups[0].remembered == ["germany"]
    assert found.lookups[0].named == []


async def test_each_question_of_a_message_is_explained(
    indexed: Settings, encoder: Encoder
) -> None:
    message = "How do I get a refund? Can employers verify the certificate?"
    found = await explained(indexed, encoder, message)
    assert [one.question for one in found.lookups] == [
        "How do I get a refund?",
        "Can employers verify the certificate?",
    ]
    assert [one.sections[0].section for one in found.lookups] == [
        "guidance/fees.md#Refunds",
        "faq/certificate.md#Can employers verify it?",
    ]


async def test_sections_come_with_what_speaks_for_and_against_them(
    indexed: Settings, encoder: Encoder
) -> None:
    found = await explained(indexed, encoder, "how much is a blocked account")
    (lookup,) = found.lookups
    best = lookup.sections[0]
    assert best.section == "guidance/visa.md#Germany"
    shares = [one.share for one in lookup.sections]
    assert shares == sorted(shares, reverse=True)
    assert sum(shares) == pytest.approx(1.0, abs=0.05)
    assert best.lexical == max(one.lexical for one in lookup.sections)
    assert best.signals
    assert lookup.evidence
    assert 0 <= lookup.sure <= 1
    assert 0 <= lookup.near <= 1
    assert set(found.needs) == {"sure", "near"}


async def test_a_follow_up_shows_what_it_follows(
    indexed: Settings, encoder: Encoder
) -> None:
    found = await explained(indexed, encoder, f"{REFUND}?", "and for how many days")
    (lookup,) = found.lookups
    assert lookup.previous == f"{REFUND}?"
    assert lookup.question == "and for how many days"


async def test_what_a_message_is_taken_to_want_is_shown_with_its_like(
    indexed: Settings, encoder: Encoder
) -> None:
    found = await explained(indexed, encoder, "can I talk to someone")
    assert (found.outcome, found.wants) == ("handoff", "person")
    assert next(iter(found.chances)) == "person"
    assert found.examples[0].startswith("person: ")


async def test_a_choice_that_is_picked_is_shown(
    own: Settings, encoder: Encoder
) -> None:
    for vague in VAGUE:
        answer = await talked(own, encoder, vague)
        if answer.outcome is Outcome.CLARIFY and answer.choices:
            break
    else:
        pytest.fail("nothing was asked back")
    found = await explained(own, encoder, vague, "1")
    assert found.picked == answer.choices[0]
    assert found.reason == "picked"


async def test_documents_that_have_all_expired_are_found_by_no_search(
    tmp_path: Path, encoder: Encoder
) -> None:
    folder = write_knowledge(tmp_path / "knowledge")
    for path in folder.rglob("*.md"):
        text = path.read_text("utf-8")
        path.write_text(text.replace("kind:", "valid_until: 2020-01-01\nkind:"))
    expired = Settings(data_dir=tmp_path / "data", knowledge_dir=folder)
    sync(expired, encoder=encoder)
    found = await explained(expired, encoder, "is there a refund")
    assert (found.outcome, found.reason) == ("no_answer", "nothing_near")
    assert [one.sections for one in found.lookups] == [[]]


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
def test_the_command_prints_what_was_read_found_and_decided(
    capsys: pytest.CaptureFixture[str],
) -> None:
    question = "and how long does it take in Germany"
    assert main(["explain", question, "--turn", f"{REFUND}?"]) == 0
    said = capsys.readouterr().out
    assert f"\nlooked up: {question}\n   after: {REFUND}?; told last: " in said
    assert "\nwants " in said
    assert "\n   sure 0." in said
    assert "(needed: sure 0." in said
    assert "\n1. guidance/" in said


@pytest.mark.usefixtures("_here")
def test_the_command_can_be_read_by_a_program(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["explain", REFUND, "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert (found["question"], found["earlier"]) == (REFUND, [])
    assert found["lookups"][0]["sections"][0]["section"] == "guidance/fees.md#Refunds"
    assert found["reply"]
