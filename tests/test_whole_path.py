"""The story from end to end, with the project's own documents."""

import shutil
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest

from bot.app import create_app
from bot.config import Settings
from bot.conversations.desk import queries
from bot.parts import Parts
from tests.conftest import PROJECT
from tests.support.clock import Clock
from tests.support.house import PHONE

Say = Callable[[str], Awaitable[str]]

# What the source article is about, asked as applicants ask.
TOPICS = [
    ("What is a micro-credential?", "what-is-a-micro-credential"),
    ("why are micro credentials growing so fast", "why-micro-credentials"),
    ("what are the benefits for international students?", "benefits"),
    ("micro credentials in usa", "-usa"),
    ("Does Germany recognise micro-credentials?", "germany"),
    ("microcredentials australia framework", "australia"),
    ("New Zealand micro-credential rules", "new-zealand"),
    ("How do I choose a good micro-credential?", "choos"),
    ("What is the future of micro-credentials?", "future"),
    ("How long does a micro-credential take?", "duration"),
]
# What no single section is about.
BROAD = [
    ("Are micro-credentials recognised in the UK?", "UK"),
    ("How does Canada support micro-credentials?", "Canada"),
]


@pytest.fixture
async def parts(
    tmp_path: Path, project_data: Path, sqlite_template: Path, clock: Clock
) -> AsyncIterator[Parts]:
    """The real server, with the project's documents and without its loops."""
    settings = Settings(
        environment="development",
        data_dir=tmp_path,
        knowledge_dir=PROJECT / "knowledge",
        limit_per_address="1000/minute",
    )
    (tmp_path / "index").symlink_to(project_data / "index")
    shutil.copy(sqlite_template, tmp_path / "bot.sqlite3")
    app = create_app(settings, clock=clock)
    found: Parts = app.state.parts
    assert found.simulator is not None
    found.simulator.connect(app)
    yield found
    await found.close()


@pytest.mark.parametrize(("question", "document"), TOPICS)
async def test_the_articles_topics_are_answered_with_their_source_or_offered(
    parts: Parts, clock: Clock, question: str, document: str
) -> None:
    simulator = parts.simulator
    assert simulator is not None
    answer = await simulator.type(question, sender=PHONE)
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/xml"
    clock.advance(2)
    await parts.worker.drain()
    (about,) = await _conversations(parts)
    _, messages = await queries.conversation(parts.database, about)
    reply = messages[-1]
    if reply.outcome == "clarify":
        assert parts.answering is not None
        index = parts.answering.library.index()
        offered = [index.name_asked_by(choice) or "" for choice in reply.choices]
        assert any(document in name for name in offered), reply.text
        return
    assert reply.outcome == "answer", reply.text
    assert document in str(reply.citations[0]["source"])
    (body,) = [m.body for m in simulator.messages if m.recipient == PHONE]
    assert "Source: " in body
    assert str(reply.citations[0]["url"]) in body


@pytest.mark.parametrize(("question", "country"), BROAD)
async def test_a_broad_question_is_asked_back_with_what_concerns_its_country(
    parts: Parts, say: Say, question: str, country: str
) -> None:
    said = await say(question)
    (about,) = await _conversations(parts)
    _, messages = await queries.conversation(parts.database, about)
    choices = messages[-1].choices
    assert messages[-1].outcome == "clarify", said
    assert country in choices[0]
    assert all(f"{place}. {one}" in said for place, one in enumerate(choices, 1))


@pytest.fixture
def say(parts: Parts, clock: Clock) -> Say:
    """A message by WhatsApp; what the phone shows last when it was dealt with."""
    simulator = parts.simulator
    assert simulator is not None

    async def heard(text: str) -> str:
        await simulator.type(text, sender=PHONE)
        clock.advance(10)
        await parts.worker.drain()
        return [m.body for m in simulator.messages if m.recipient == PHONE][-1]

    return heard


async def test_from_a_question_to_a_person_and_back(parts: Parts, say: Say) -> None:
    assert "six study destinations" in await say("hi")
    assert "I don't have that" in await say("what is the capital of Mongolia")
    assert "passed your message on" in await say("can I talk to someone")
    (waiting,) = await queries.waiting(parts.database)
    assert waiting.handoff_reason == "asked_for_person"
    await say("hello? how long is a course?")
    assert [one.id for one in await queries.waiting(parts.database)] == [waiting.id]
    await parts.conversations.reply_as_staff(waiting.id, "Ana here.", member="Ana")
    assert await say("thanks Ana") == "Ana here."
    await parts.conversations.hand_back(waiting.id)
    assert "Source: " in await say("How long does a micro-credential take?")
    unanswered = await queries.unanswered(parts.database)
    assert [row.question for row in unanswered] == ["what is the capital of Mongolia"]


LATER = [
    "yes",
    "How long does a micro-credential take?",
    "ok",
    "and in Germany?",
    "thank you",
    "more",
    "are you still there",
]


async def test_an_old_handoff_in_the_history_never_causes_a_new_one(
    parts: Parts, say: Say
) -> None:
    await say("What is the capital of Mongolia?")
    assert "passed your message on" in await say("yes")
    await say("please call me, I want a person")
    (waiting,) = await queries.waiting(parts.database)
    await parts.conversations.reply_as_staff(waiting.id, "Ana here.", member="Ana")
    await parts.conversations.hand_back(waiting.id)
    for text in LATER:
        assert "passed your message on" not in await say(text), text
        assert await queries.waiting(parts.database) == [], text
    await parts.conversations.hand_off(waiting.id, "asked_for_person")
    await parts.conversations.resolve(waiting.id)
    for text in LATER:
        assert "passed your message on" not in await say(text), text
        assert await queries.waiting(parts.database) == [], text
    assert len(await _conversations(parts)) == 2


async def _conversations(parts: Parts) -> list[str]:
    async with parts.database.read() as session:
        connection = await session.connection()
        rows = await connection.exec_driver_sql("SELECT public_id FROM conversations")
        return [row[0] for row in rows]
