"""What can be asked about conversations."""

from dataclasses import replace

import pytest

from bot.conversations.desk import queries
from bot.conversations.models import DeliveryState, EventKind, Status
from bot.conversations.ports import Answer, Author, Outcome
from bot.errors import NotFoundError
from tests.support.assistants import ScriptedAssistant, answer
from tests.support.core import Core

PHONES = [f"whatsapp:+4477009001{number:02d}" for number in range(6)]


async def test_who_waits_longest_comes_first_and_what_staff_hold_comes_last(
    core: Core,
) -> None:
    waiting_long, held, waiting, untouched, taken_unasked, resolved = [
        (await core.write("Hi", sender=phone)).conversation_id for phone in PHONES
    ]
    for conversation_id in (held, waiting_long, waiting, resolved):
        core.clock.advance(60)
        await core.conversations.hand_off(conversation_id, "asked")
    await core.conversations.take(taken_unasked, member="Ben")
    await core.conversations.take(held, member="Alice")
    await core.conversations.resolve(resolved)
    rows = await queries.waiting(core.database)
    assert [(row.id, row.status, row.assignee) for row in rows] == [
        (waiting_long, Status.WAITING, None),
        (waiting, Status.WAITING, None),
        (held, Status.STAFF, "Alice"),
        (taken_unasked, Status.STAFF, "Ben"),
    ]
    assert untouched not in {row.id for row in rows}
    assert rows[0].handoff_reason == "asked"
    assert rows[0].handed_off_at is not None
    assert rows[0].channel == "whatsapp"


async def test_the_questions_without_an_answer_are_listed_newest_first(
    core: Core,
) -> None:
    def reply(question: str) -> Answer:
        missing = "moon" in question
        return answer(outcome=Outcome.NO_ANSWER if missing else Outcome.ANSWER)

    core.worker = core.new_worker(ScriptedAssistant(reply))
    await core.answered("Where is the moon?")
    await core.answered("How long?")
    conversation_id = await core.answered("Who owns the moon?")
    rows = await queries.unanswered(core.database)
    assert [row.question for row in rows] == [
        "Who owns the moon?",
        "Where is the moon?",
    ]
    assert {row.conversation_id for row in rows} == {conversation_id}
    assert rows[0].confidence == pytest.approx(0.9)
    assert rows[0].asked_at > rows[1].asked_at
    newest = await queries.unanswered(core.database, limit=1)
    assert [row.question for row in newest] == ["Who owns the moon?"]


@pytest.mark.parametrize(
    ("reason", "listed"), [("wanted", []), (None, ["Can I talk to a person?"])]
)
async def test_who_only_wants_a_person_has_asked_nothing_that_was_missing(
    core: Core, reason: str | None, listed: list[str]
) -> None:
    asked = answer(outcome=Outcome.HANDOFF, reason="asked_for_person")
    asked = replace(asked, provenance=replace(asked.provenance, reason=reason))
    core.worker = core.new_worker(ScriptedAssistant(lambda _: asked))
    await core.answered("Can I talk to a person?")
    rows = await queries.unanswered(core.database)
    # Of older messages it is not known why; they are listed as they were.
    assert [row.question for row in rows] == listed


async def test_a_handoff_after_two_refusals_is_listed(core: Core) -> None:
    refused = answer("No.", outcome=Outcome.NO_ANSWER)
    core.worker = core.new_worker(ScriptedAssistant(lambda _: refused))
    await core.answered("Who owns the moon?")
    await core.answered("And Mars?")
    rows = await queries.unanswered(core.database)
    assert [row.question for row in rows] == ["And Mars?", "Who owns the moon?"]


async def test_a_conversation_shows_everything_that_was_said_in_it(
    core: Core,
) -> None:
    conversation_id = await core.answered("How long?")
    await core.conversations.reply_as_staff(conversation_id, "Hello.", member="Alice")
    shown, messages = await queries.conversation(core.database, conversation_id)
    assert (shown.id, shown.assignee, shown.language) == (
        conversation_id,
        "Alice",
        "en",
    )
    assert shown.last_message_at == core.clock()
    assert [message.author for message in messages] == [
        Author.CONTACT,
        Author.BOT,
        Author.STAFF,
    ]
    question, reply, by_staff = messages
    assert (question.confidence, question.citations, question.delivery_states) == (
        None,
        (),
        (),
    )
    assert question.client_id == f"SM{1:032d}"
    assert reply.client_id is None
    assert reply.outcome is Outcome.ANSWER
    assert reply.confidence == pytest.approx(0.9)
    assert [cited["title"] for cited in reply.citations] == ["Courses"]
    assert reply.delivery_states == (DeliveryState.SENT,)
    assert by_staff.delivery_states == (DeliveryState.PENDING,)


async def test_a_conversation_that_does_not_exist_is_not_found(core: Core) -> None:
    with pytest.raises(NotFoundError, match=r"^there is no conversation nowhere$"):
        await queries.conversation(core.database, "nowhere")


async def test_the_stream_says_whether_the_bot_still_owes_a_reply(core: Core) -> None:
    await core.conversations.receive(
        core.inbound("How long?", channel="web", sender="visitor-1")
    )
    before = await queries.stream_after(core.database, "web", "visitor-1", after=0)
    await core.work()
    after = await queries.stream_after(core.database, "web", "visitor-1", after=0)
    assert [entry.bot_is_replying for entry in before] == [True, True]
    assert [entry.bot_is_replying for entry in after] == [False] * 3
    reply = after[-1].message
    assert reply is not None
    assert reply.author is Author.BOT


async def test_the_stream_tells_of_changes_of_status_and_is_cut_into_pages(
    core: Core,
) -> None:
    opened = await core.conversations.open("web", "visitor-1")
    await core.conversations.hand_off(opened.conversation_id, "asked")
    first = await queries.stream_after(
        core.database, "web", "visitor-1", after=0, limit=3
    )
    rest = await queries.stream_after(
        core.database, "web", "visitor-1", after=first[-1].id, limit=3
    )
    assert [(entry.kind, entry.status) for entry in (*first, *rest)] == [
        (EventKind.CONVERSATION_CREATED, None),
        (EventKind.MESSAGE_CREATED, None),
        (EventKind.CONVERSATION_STATUS_CHANGED, Status.WAITING),
        (EventKind.MESSAGE_CREATED, None),
    ]
