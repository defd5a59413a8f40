"""A draft reply on request: from the same assistant, neither stored nor sent."""

from bot.conversations.ports import Answer, Outcome
from bot.errors import IndexUnavailableError
from tests.console.conftest import Write
from tests.support.assistants import answer
from tests.support.house import House
from tests.support.records import messages
from tests.support.staff import Desk


def reply(question: str) -> Answer:
    if "person" in question:
        return answer("On.", outcome=Outcome.HANDOFF, reason="asked_for_person")
    if "weather" in question:
        return answer("No idea.", outcome=Outcome.NO_ANSWER)
    return answer(f"About: {question}")


async def test_a_draft_answers_the_last_question_with_its_sources(
    staffed: House, write: Write, ana: Desk
) -> None:
    staffed.assistant.reply = reply
    await write("How long?")
    await staffed.work()
    conversation = await write("A person, please")
    await staffed.work()
    before = await messages(staffed.parts.database, author=None)
    sent = staffed.sent()
    drafted = await ana.act(conversation, "draft")
    assert drafted.json() == {
        "text": "About: How long?\n\nSource: Courses https://e.org/c",
        "sources": [{"title": "Courses", "url": "https://e.org/c", "as_of": ""}],
        "left_out": [],
    }
    await staffed.work()
    after = await messages(staffed.parts.database, author=None)
    assert [one.id for one in after] == [one.id for one in before]
    assert staffed.sent() == sent
    assert "asked for a draft in" in await ana.see("/console/office")


async def test_where_the_documents_hold_nothing_there_is_no_draft(
    staffed: House, write: Write, ana: Desk
) -> None:
    staffed.assistant.reply = reply
    conversation = await write("How is the weather?")
    refused = await ana.act(conversation, "draft")
    assert refused.status_code == 409
    assert "hold no answer" in refused.json()["detail"]
    assert (await ana.act("nosuch", "draft")).status_code == 404

    def broken(_: str) -> Answer:
        raise IndexUnavailableError("there is no index; run python -m ingest sync")

    staffed.assistant.reply = broken
    refused = await ana.act(conversation, "draft")
    assert "there is no index" in refused.json()["detail"]


async def test_only_staff_get_drafts(
    staffed: House, write: Write, ana: Desk, nobody: Desk
) -> None:
    conversation = await write("How long?")
    path = f"/console/conversations/{conversation}/draft"
    assert (await nobody.client.post(path)).status_code == 303
    assert (await ana.client.post(path, data={})).status_code == 403
