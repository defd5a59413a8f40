"""The API does what staff can do, says what is wrong, and lets nobody else in."""

import json

import pytest
from sqlalchemy import func, select

from bot.config import Settings
from bot.conversations.models import Event, Message
from bot.errors import IndexUnavailableError
from bot.staff import AuditEntry
from bot.staff.tokens import Scope
from tests.api.conftest import Write
from tests.support.assistants import answer
from tests.support.broken_database import refusing_messages
from tests.support.chat import arrive
from tests.support.house import House
from tests.support.program import Program, program


async def test_conversations_come_in_pages_the_newest_first(
    house: House, write: Write, reader: Program
) -> None:
    ids = [await write("Hi", sender=f"whatsapp:+44770090012{n}") for n in range(5)]
    seen: list[str] = []
    cursor: dict[str, str] = {}
    while True:
        page = await reader.read("/conversations", limit=2, **cursor)
        seen += [one["id"] for one in page["data"]]
        if page["next_cursor"] is None:
            break
        cursor = {"cursor": page["next_cursor"]}
    assert seen == ids[::-1]
    gone = await reader.get("/conversations", cursor="nothing")
    assert gone.status_code == 404


async def test_conversations_are_found_by_status_and_contact(
    house: House, write: Write, crm: Program
) -> None:
    first = await write("Hi")
    second = await write("Hi", sender="whatsapp:+4915112345678")
    await crm.post(f"/conversations/{second}/handoff", {"reason": "asked"})
    waiting = await crm.read("/conversations", status="waiting")
    assert [one["id"] for one in waiting["data"]] == [second]
    contact = (await crm.read(f"/conversations/{first}"))["contact_id"]
    theirs = await crm.read("/conversations", contact=contact)
    assert [one["id"] for one in theirs["data"]] == [first]
    about = await crm.read(f"/contacts/{contact}")
    assert about["conversation_ids"] == [first]
    assert about["addresses"][0]["address"] == "+447700900123"


async def test_messages_come_in_pages_the_oldest_first(
    house: House, write: Write, reader: Program
) -> None:
    conversation = await write("one")
    for text in ("two", "three"):
        await write(text)
    await house.work()
    path = f"/conversations/{conversation}/messages"
    first = await reader.read(path, limit=3)
    assert [one["text"] for one in first["data"]] == ["one", "two", "three"]
    rest = await reader.read(path, limit=3, cursor=first["next_cursor"])
    (last,) = rest["data"]
    assert (last["author"], rest["next_cursor"]) == ("bot", None)
    assert last["citations"][0]["title"] == "Courses"
    assert (await reader.get(path, cursor="nothing")).status_code == 404
    wrong = path.replace(conversation, "nothing")
    assert (await reader.get(wrong)).status_code == 404


async def test_a_reply_reaches_the_contact_once(
    house: House, write: Write, crm: Program
) -> None:
    conversation = await write("Hi")
    path = f"/conversations/{conversation}/messages"
    answers = [
        await crm.post(path, {"text": "Hello.", "client_id": "r1"}) for _ in range(2)
    ]
    assert [one.status_code for one in answers] == [201, 201]
    assert answers[0].json() == answers[1].json()
    assert answers[0].json()["staff_member"] == "CRM (API)"
    await house.work()
    assert house.sent() == ["Hello."]
    about = await crm.read(f"/conversations/{conversation}")
    assert (about["status"], about["assignee"]) == ("staff", "CRM (API)")


async def test_the_same_id_with_other_words_is_a_conflict_and_sends_nothing(
    house: House, write: Write, crm: Program
) -> None:
    conversation = await write("Hi")
    path = f"/conversations/{conversation}/messages"
    for text, status in (("Hello.", 201), ("Goodbye.", 409), ("Hello.", 201)):
        answer = await crm.post(path, {"text": text, "client_id": "r1"})
        assert answer.status_code == status, answer.text
    await house.work()
    assert house.sent() == ["Hello."]


async def test_two_programs_may_choose_the_same_id(
    house: House, write: Write, crm: Program
) -> None:
    conversation = await write("Hi")
    path = f"/conversations/{conversation}/messages"
    await crm.post(path, {"text": "Hello.", "client_id": "r1"})
    await crm.post(f"/conversations/{conversation}/hand-back")
    other = await program(house, Scope.WRITE, "Till")
    answer = await other.post(path, {"text": "Hello.", "client_id": "r1"})
    assert answer.json()["staff_member"] == "Till (API)"
    await house.work()
    assert house.sent() == ["Hello.", "Hello."]


async def test_a_visitor_cannot_choose_the_id_of_a_colleague_s_reply(
    house: House, crm: Program
) -> None:
    visitor = await arrive(house.client)
    conversation = visitor.conversation_id
    for taken in (f"staff {conversation} r1", f"staff 1 {conversation} r1"):
        refused = await visitor.say("Hello.", client_id=taken)
        assert refused.status_code == 409
    path = f"/conversations/{conversation}/messages"
    sent = await crm.post(path, {"text": "Hello.", "client_id": "r1"})
    assert (sent.status_code, sent.json()["author"]) == (201, "staff")
    said = (await crm.read(path))["data"]
    assert [one["text"] for one in said if one["author"] == "staff"] == ["Hello."]


async def test_a_conversation_is_handed_off_and_back_and_resolved(
    house: House, write: Write, crm: Program
) -> None:
    conversation = await write("Hi")
    path = f"/conversations/{conversation}"
    given = await crm.post(f"{path}/handoff", {"reason": "payment_failed"})
    assert given.json()["handoff_reason"] == "payment_failed"
    again = await crm.post(f"{path}/handoff", {"reason": "payment_failed"})
    assert again.status_code == 409
    assert again.headers["content-type"] == "application/problem+json"
    assert again.json()["title"] == "Conflict"
    noted = await crm.post(f"{path}/notes", {"text": "Has paid twice."})
    assert noted.status_code == 204
    back = await crm.post(f"{path}/hand-back")
    assert (back.json()["status"], back.json()["handoff_reason"]) == ("bot", None)
    done = await crm.post(f"{path}/resolve")
    assert done.json()["status"] == "resolved"
    async with house.parts.database.read() as session:
        actions = (await session.scalars(select(AuditEntry.action))).all()
        said = (await session.scalars(select(Message.text))).all()
    assert list(actions)[-4:] == ["hand_off", "note", "hand_back", "resolve"]
    assert "Has paid twice." not in said


async def test_what_a_colleague_holds_is_theirs(
    house: House, write: Write, crm: Program
) -> None:
    conversation = await write("Hi")
    await house.parts.conversations.take(conversation, member="Ana")
    refused = await crm.post(f"/conversations/{conversation}/messages", {"text": "x"})
    assert (refused.status_code, refused.json()["detail"]) == (409, "Ana has taken it")


async def test_a_question_is_answered_and_nothing_is_stored(
    house: House, reader: Program
) -> None:
    house.assistant.reply = lambda _: answer("Six weeks.")
    said = await reader.post("/ask", {"question": "How long?", "turns": ["Hi"]})
    whole = said.json()
    assert whole["answer"] == "Six weeks."
    assert list(whole) == [
        "answer",
        "outcome",
        "citations",
        "choices",
        "confidence",
        "milliseconds",
    ]
    assert whole["citations"] == [
        {
            "title": "Courses",
            "source": "faq/courses.md",
            "page": None,
            "url": "https://e.org/c",
            "as_of": None,
        }
    ]
    async with house.parts.database.read() as session:
        assert await session.scalar(select(func.count(Event.id))) == 0
        assert await session.scalar(select(func.count(Message.id))) == 0


async def test_without_an_index_it_says_what_to_do(
    house: House, reader: Program
) -> None:
    def missing(_: str) -> None:
        raise IndexUnavailableError("run python -m ingest sync")

    house.assistant.reply = missing  # type: ignore[assignment]
    answered = await reader.post("/ask", {"question": "How long?"})
    assert (answered.status_code, answered.headers["retry-after"]) == (503, "5")
    assert answered.json()["detail"] == "run python -m ingest sync"


async def test_our_own_mistakes_say_nothing_of_the_inside(
    house: House, reader: Program
) -> None:
    def broken(_: str) -> None:
        raise RuntimeError("secret inside")

    house.assistant.reply = broken  # type: ignore[assignment]
    answered = await reader.post("/ask", {"question": "How long?"})
    assert answered.status_code == 500
    assert "secret" not in answered.text
    assert answered.json()["status"] == 500


async def test_while_nothing_can_be_stored_it_says_so(
    house: House, write: Write, crm: Program
) -> None:
    path = f"/conversations/{await write('Hi')}/messages"
    with refusing_messages(house.parts.database):
        refused = await crm.post(path, {"text": "Hello."})
    assert (refused.status_code, refused.headers["retry-after"]) == (503, "5")
    assert (await crm.post(path, {"text": "Hello."})).status_code == 201


@pytest.mark.parametrize(
    "path", ["/conversations", "/conversations/x/messages", "/contacts/x", "/nothing"]
)
async def test_a_stranger_gets_nothing(house: House, path: str) -> None:
    for token in ("", "bot_x_y", "ä"):
        shown = {b"Authorization": f"Bearer {token}".encode()}
        answered = await house.client.get(f"/api/v1{path}", headers=shown)
        assert answered.status_code in {401, 404}
        assert answered.headers["content-type"] == "application/problem+json"
        assert answered.status_code == 404 or "www-authenticate" in answered.headers


async def test_a_line_break_in_a_path_is_refused_as_a_problem(
    house: House, crm: Program
) -> None:
    for path in ("/conversations/%0Ax/resolve", "/%0A", "/conversations/x%0A"):
        refused = await crm.post(path)
        assert refused.status_code in {404, 405, 422}
        assert refused.headers["content-type"] == "application/problem+json"


async def test_a_revoked_token_opens_nothing(house: House, crm: Program) -> None:
    assert (await crm.get("/conversations")).status_code == 200
    (token,) = await house.parts.tokens.all()
    assert token.last_used_at == house.clock()
    assert crm.token not in repr(vars(token))
    await house.parts.tokens.revoke(token.handle)
    assert (await crm.get("/conversations")).status_code == 401


async def test_who_may_only_read_changes_nothing(
    house: House, write: Write, reader: Program
) -> None:
    path = f"/conversations/{await write('Hi')}"
    for name, body in (
        ("messages", {"text": "x"}),
        ("handoff", {"reason": "x"}),
        ("hand-back", None),
        ("resolve", None),
        ("notes", {"text": "x"}),
    ):
        refused = await reader.post(f"{path}/{name}", body)
        assert refused.status_code == 403, name


@pytest.mark.parametrize(
    ("name", "body", "where"),
    [
        ("messages", {"text": ""}, "body.text"),
        ("messages", {"text": "x" * 4001}, "body.text"),
        ("messages", {"text": "x", "client_id": "a b"}, "body.client_id"),
        ("handoff", {"reason": "Her name is Eve"}, "body.reason"),
        ("handoff", None, "body"),
    ],
)
async def test_a_request_that_makes_no_sense_is_told_where(
    write: Write, crm: Program, name: str, body: object, where: str
) -> None:
    path = f"/conversations/{await write('Hi')}/{name}"
    refused = await crm.post(path, body)  # type: ignore[arg-type]
    assert refused.status_code == 422
    assert [one["where"] for one in refused.json()["errors"]] == [where]
    assert "Eve" not in refused.text


async def test_a_body_that_is_too_large_is_refused(house: House, crm: Program) -> None:
    refused = await crm.post("/ask", {"question": "x" * 300_000})
    assert refused.status_code == 413


class TestLimits:
    """So many requests with one token, and so many without."""

    @pytest.fixture
    def settings(self, settings: Settings) -> Settings:
        limits = {"limit_per_token": "2/minute", "limit_per_network": "3/minute"}
        return settings.model_copy(update=limits)

    async def test_a_token_is_slowed_down_by_itself(
        self, reader: Program, crm: Program
    ) -> None:
        answers = [await reader.get("/conversations") for _ in range(3)]
        assert [one.status_code for one in answers] == [200, 200, 429]
        assert int(answers[2].headers["retry-after"]) > 0
        assert (await crm.get("/conversations")).status_code == 200

    async def test_who_guesses_tokens_is_slowed_down(self, house: House) -> None:
        answers = [
            (await house.client.get("/api/v1/conversations")).status_code
            for _ in range(4)
        ]
        assert answers == [401, 401, 401, 429]


async def test_the_reference_needs_no_token_and_no_script(house: House) -> None:
    page = await house.client.get("/api/v1/docs")
    assert page.status_code == 200
    assert "<script" not in page.text
    assert "http://" not in page.text
    assert "https://" not in page.text
    assert "script-src" not in page.headers["content-security-policy"]
    whole = (await house.client.get("/api/v1/openapi.json")).json()
    for path in whole["paths"]:
        assert f"<code>/api/v1{path}</code>" in page.text
    for shape in whole["components"]["schemas"]:
        assert f'<section id="{shape}">' in page.text
    assert "/console" not in json.dumps(whole)
    style = await house.client.get("/api/v1/docs.css")
    assert style.headers["content-type"].startswith("text/css")
