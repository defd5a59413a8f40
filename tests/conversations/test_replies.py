"""The replies that the bot owes: when they fall due, and when they are not wanted."""

import asyncio
from collections.abc import Callable
from datetime import date

import pytest
from sqlalchemy import func, select

from bot.conversations.desk import queries
from bot.conversations.ports import (
    Answer,
    Author,
    Citation,
    Outcome,
    Provenance,
    Tokens,
    Turn,
)
from bot.database import Database
from bot.phrases import phrase
from tests.support.assistants import HeldAssistant, ScriptedAssistant, answer
from tests.support.clock import Clock
from tests.support.core import Core
from tests.support.planning import unusual_plans


def scripted(core: Core) -> ScriptedAssistant:
    assert isinstance(core.assistant, ScriptedAssistant)
    return core.assistant


async def test_a_burst_of_messages_gets_one_reply(core: Core) -> None:
    for text in ("Hi", "I want to study", "How long does it take?"):
        await core.write(text)
        core.clock.advance(1)
    await core.work()
    (asked,) = scripted(core).asked
    assert asked == ("Hi\nI want to study\nHow long does it take?", ())
    assert len(core.sent()) == 1


async def test_a_reply_falls_due_only_when_the_contact_has_stopped_writing(
    core: Core,
) -> None:
    await core.write("Hi")
    core.clock.advance(1.0)
    await core.write("How long?")
    core.clock.advance(1.4)
    assert await core.worker.reply_once() is False
    core.clock.advance(0.2)
    assert await core.worker.reply_once() is True


async def test_who_keeps_writing_is_answered_after_five_seconds(core: Core) -> None:
    for number in range(5):
        await core.write(f"Message {number}")
        assert await core.worker.reply_once() is False
        core.clock.advance(1.0)
    assert await core.worker.reply_once() is True
    assert scripted(core).asked[0][0].count("\n") == 4


async def test_on_the_web_a_reply_is_due_at_once(core: Core) -> None:
    await core.conversations.receive(
        core.inbound("How long?", channel="web", sender="visitor-1")
    )
    assert await core.worker.reply_once() is True


async def test_the_assistant_sees_what_was_said_before_but_no_notices(
    core: Core,
) -> None:
    conversation_id = await core.answered("How long?")
    await core.conversations.hand_off(conversation_id, "asked")
    await core.conversations.reply_as_staff(conversation_id, "Hello.", member="Alice")
    await core.conversations.hand_back(conversation_id)
    await core.write("How much?")
    await core.work()
    question, earlier = scripted(core).asked[-1]
    assert question == "How much?"
    assert earlier[0] == Turn(Author.CONTACT, "How long?")
    assert [turn.author for turn in earlier] == [
        Author.CONTACT,
        Author.BOT,
        Author.STAFF,
    ]


@pytest.mark.parametrize(
    ("media_count", "key"), [(1, "media_only"), (0, "empty_message")]
)
async def test_a_message_without_words_is_asked_for_words(
    core: Core, media_count: int, key: str
) -> None:
    await core.write(" ", media_count=media_count)
    await core.work()
    assert scripted(core).asked == []
    (text,) = core.sent()
    assert text.endswith(phrase(key, "en"))


async def test_a_message_during_the_thinking_gets_a_reply_of_its_own(
    core: Core,
) -> None:
    core.assistant = held = HeldAssistant()
    core.worker = core.new_worker()
    receipt = await core.write("How long?")
    core.clock.advance(2)
    thinking = asyncio.create_task(core.worker.reply_once())
    await held.thinking.wait()
    await core.write("How much?")
    held.released.set()
    await thinking
    await core.work()
    assert [question for question, _ in held.asked] == ["How long?", "How much?"]
    replies = await core.said(receipt.conversation_id, Author.BOT)
    assert replies[0].endswith("About: How long?")
    assert replies[1] == "About: How much?"


async def test_on_whatsapp_the_first_reply_greets_and_later_ones_do_not(
    core: Core,
) -> None:
    conversation_id = await core.answered("How long?")
    await core.answered("How much?")
    await core.conversations.resolve(conversation_id)
    next_id = await core.answered("And now?")
    greeting = core.conversations.speaker.greeting("en")
    assert await core.said(conversation_id, Author.BOT) == [
        f"{greeting}\n\nAbout: How long?",
        "About: How much?",
    ]
    assert await core.said(next_id, Author.BOT) == ["About: And now?"]


async def test_on_whatsapp_the_sources_go_out_with_the_words(core: Core) -> None:
    await core.answered("How long?")
    await core.answered("How much?")
    assert core.sent()[1] == "About: How much?\n\nSource: Courses https://e.org/c"


async def test_on_whatsapp_a_source_names_its_page_and_month(core: Core) -> None:
    fees = Citation(title="Fees.pdf", source="f.pdf", page=3, as_of=date(2026, 6, 12))
    paged = Answer(
        text="450 euros.",
        outcome=Outcome.ANSWER,
        confidence=0.9,
        provenance=Provenance(answerer="sections", language="en"),
        citations=(fees,),
    )
    core.worker = core.new_worker(ScriptedAssistant(lambda _: paged))
    await core.answered("How much?")
    assert core.sent()[-1].endswith("\n\nSource: Fees.pdf, p. 3 (as of 2026-06)")


async def test_a_greeting_is_answered_with_the_greeting_alone(core: Core) -> None:
    hello = Answer(
        text="Hello! What would you like to know?",
        outcome=Outcome.ANSWER,
        confidence=1.0,
        provenance=Provenance(answerer="fixed", language="en"),
        is_greeting=True,
    )
    core.worker = core.new_worker(ScriptedAssistant(lambda _: hello))
    await core.answered("Hi")
    await core.answered("Hi")
    assert core.sent() == [core.conversations.speaker.greeting("en"), hello.text]


async def test_the_language_of_a_reply_is_remembered_for_the_next(core: Core) -> None:
    asked: list[str | None] = []

    class Listening(ScriptedAssistant):
        async def answer(
            self,
            question: str,
            *,
            earlier: object = (),
            language: str | None = None,
            facts: object = None,
            tell: object = None,
            purse: object = None,
        ) -> Answer:
            asked.append(language)
            return answer("Seis semanas.", language="es")

    core.worker = core.new_worker(Listening())
    conversation_id = await core.answered("¿Cuánto dura?")
    await core.answered("ok")
    assert asked == [None, "es"]
    assert (await core.conversation(conversation_id)).language == "es"


async def test_a_reply_keeps_where_it_comes_from(core: Core) -> None:
    full = Answer(
        text="Six weeks.",
        outcome=Outcome.ANSWER,
        confidence=0.75,
        provenance=Provenance(
            answerer="model",
            language="en",
            generation="g7",
            model="openai:small",
            prompt_version="3",
            reason="model",
            sections=("d.md#How long?",),
            tokens=Tokens(read=900, written=80),
        ),
        citations=(
            Citation(title="Duration", source="d.md", as_of=date(2026, 6, 1)),
            Citation(title="Fees", source="f.pdf", page=3, url="https://e.org/f"),
        ),
    )
    core.worker = core.new_worker(ScriptedAssistant(lambda _: full))
    conversation_id = await core.answered("How long?")
    *_, reply = await core.messages()
    assert reply.outcome is Outcome.ANSWER
    citations = [
        {
            "title": "Duration",
            "source": "d.md",
            "page": None,
            "url": None,
            "as_of": "2026-06-01",
        },
        {
            "title": "Fees",
            "source": "f.pdf",
            "page": 3,
            "url": "https://e.org/f",
            "as_of": None,
        },
    ]
    assert reply.provenance == {
        "answerer": "model",
        "language": "en",
        "generation": "g7",
        "model": "openai:small",
        "prompt_version": "3",
        "reason": "model",
        "sections": ["d.md#How long?"],
        "tokens": {"read": 900, "written": 80},
        "confidence": 0.75,
        "citations": citations,
        "choices": [],
    }
    _, shown = await queries.conversation(core.database, conversation_id)
    assert (shown[-1].confidence, list(shown[-1].citations)) == (0.75, citations)


async def test_the_conversation_that_waits_longest_is_answered_first(
    core: Core,
) -> None:
    phones = [f"whatsapp:+44770090010{number}" for number in range(4)]
    for number, phone in enumerate(phones):
        await core.write(f"Question {number}", sender=phone)
        core.clock.advance(0.1)
    await core.work()
    questions = [question for question, _ in scripted(core).asked]
    assert questions == [f"Question {number}" for number in range(4)]


async def test_a_claim_takes_one_reply_however_the_database_plans_it(
    new_postgresql: Callable[[str], str], clock: Clock
) -> None:
    database = Database(new_postgresql("migrated"))
    async with database.write() as session:
        name = await session.scalar(select(func.current_database()))
        for statement in unusual_plans(f'ALTER DATABASE "{name}" SET'):
            await session.execute(statement)
    core = Core(Database(database.address), clock)
    for number in range(4):
        await core.write(f"Question {number}", sender=f"whatsapp:+44770090010{number}")
    await core.work()
    assert len(scripted(core).asked) == 4
    await core.close()
    await core.database.close()
    await database.close()
