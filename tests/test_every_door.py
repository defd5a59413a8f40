"""Who may come in by which door: every route of the server has a row here."""

from collections.abc import AsyncIterator, Iterable, Iterator
from contextlib import AsyncExitStack
from dataclasses import dataclass, field

import httpx
import pytest
from fastapi.routing import iter_route_contexts
from starlette.routing import BaseRoute, Mount

from bot.staff import Role
from bot.staff.tokens import Scope
from tests.console.conftest import browser_of
from tests.support.chat import arrive
from tests.support.house import House
from tests.support.program import program
from tests.support.staff import Desk, add_staff, token_in

STRANGER, VISITOR, READER, WRITER = "stranger", "visitor", "reader", "writer"
STAFF, ADMIN = "staff", "admin"
ROLES = (STRANGER, VISITOR, READER, WRITER, STAFF, ADMIN)
# Only what Twilio has signed comes in there, whoever else brings it.
NOBODY: frozenset[str] = frozenset()
EVERYBODY = frozenset(ROLES)

DOORS = {
    NOBODY: """
        POST /webhooks/twilio/messages
        POST /webhooks/twilio/status
    """,
    EVERYBODY: """
        GET /
        GET /widget.js
        GET /health/live
        GET /health/ready
        POST /api/chat/conversations
        GET /api/v1/docs
        GET /api/v1/docs.css
        GET /api/v1/openapi.json
        GET /console/
        GET /console/static/{name}
        GET /console/sign-in
        GET /console/sign-in/code
        GET /openapi.json
        GET /docs
        GET /docs/oauth2-redirect
        GET /redoc
        GET /simulator
        GET /simulator/messages
        POST /simulator/messages
        GET /simulator/simulator.{kind}
    """,
    frozenset({VISITOR}): """
        POST /api/chat/messages
        POST /api/chat/messages/{message_id}/feedback
        POST /api/chat/typing
        GET /api/chat/events
    """,
    frozenset({READER, WRITER}): """
        GET /api/v1/conversations
        GET /api/v1/conversations/{conversation_id}
        GET /api/v1/conversations/{conversation_id}/messages
        GET /api/v1/contacts/{contact_id}
        POST /api/v1/ask
    """,
    frozenset({WRITER}): """
        POST /api/v1/conversations/{conversation_id}/messages
        POST /api/v1/conversations/{conversation_id}/notes
        POST /api/v1/conversations/{conversation_id}/handoff
        POST /api/v1/conversations/{conversation_id}/hand-back
        POST /api/v1/conversations/{conversation_id}/resolve
    """,
    frozenset({STAFF, ADMIN}): """
        GET /console
        GET /console/account
        GET /console/call-backs
        GET /console/contacts
        GET /console/contacts/{contact_id}
        GET /console/contacts/{contact_id}/merge
        GET /console/contacts/{contact_id}/merge/{other_id}
        GET /console/conversations/{conversation_id}
        GET /console/events
        GET /console/knowledge
        GET /console/knowledge/ask
        GET /console/knowledge/document
        GET /console/knowledge/history
        GET /console/figures
        GET /console/figures/{name}
        GET /console/gaps
        GET /console/gaps/{gap_id}
        POST /console/gaps/{gap_id}
        POST /console/gaps/{gap_id}/drop
        POST /console/gaps/{gap_id}/tell
        POST /console/gaps/of-reply/{message_id}
        GET /console/replies
        GET /console/confirm
        GET /console/second-step
        POST /console/account/{name}
        POST /console/call-backs/{call_id}/correct
        POST /console/call-backs/{call_id}/{name}
        POST /console/contacts/{contact_id}/merge/{other_id}
        POST /console/contacts/{contact_id}/{name}
        POST /console/conversations/{conversation_id}/draft
        POST /console/conversations/{conversation_id}/messages/{message_id}/translate
        POST /console/conversations/{conversation_id}/translate
        POST /console/conversations/{conversation_id}/{name}
        POST /console/many
        POST /console/knowledge/ask
        POST /console/password
        POST /console/second-step/codes
        POST /console/second-step/confirm
        POST /console/second-step/remove
        POST /console/second-step/start
        POST /console/replies
        POST /console/replies/{reply_id}
        POST /console/replies/{reply_id}/delete
        POST /console/undo
        POST /console/views
        POST /console/views/{view_id}/delete
        POST /console/sign-out
    """,
    frozenset({ADMIN}): """
        GET /console/contacts/{contact_id}/erase
        GET /console/assignment
        GET /console/hours
        GET /console/integrations
        GET /console/knowledge/edit
        GET /console/knowledge/new
        GET /console/office
        GET /console/spend
        POST /console/account/invite
        POST /console/account/others/{name}
        POST /console/contacts/{contact_id}/erase
        POST /console/contacts/{contact_id}/export
        POST /console/assignment
        POST /console/assignment/{rule_id}/delete
        POST /console/emergency
        POST /console/hours
        POST /console/gaps
        POST /console/integrations
        POST /console/integrations/{what}/{name}
        POST /console/knowledge/approve
        POST /console/knowledge/arrived
        POST /console/knowledge/edit
        POST /console/knowledge/fetch
        POST /console/knowledge/new
        POST /console/knowledge/remove
        POST /console/knowledge/restore
        POST /console/knowledge/upload
        POST /console/labels
        POST /console/labels/{label_id}/delete
    """,
}
# Whoever shows a password or a code in a form of ours is told by tests of these.
SHOWS_A_FORM = {
    ("POST", "/console/sign-in"),
    ("POST", "/console/sign-in/code"),
    ("POST", "/console/confirm"),
}
# They never end: whoever may follow them is told by the tests of the streams.
STREAMS = {("GET", "/api/chat/events"), ("GET", "/console/events")}
# It would end the session that the other doors are tried with.
LAST = ("POST", "/console/sign-out")

Door = tuple[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """Somebody who tries a door, with everything they have."""

    client: httpx.AsyncClient
    headers: dict[str, str] = field(default_factory=dict)
    form: dict[str, str] = field(default_factory=dict)

    async def tries(self, door: Door) -> httpx.Response:
        method, path = door
        path = path.replace("{kind}", "css").replace("{", "").replace("}", "")
        if method == "GET":
            return await self.client.get(path, headers=self.headers)
        if path.startswith("/api/"):
            return await self.client.post(path, json={}, headers=self.headers)
        return await self.client.post(path, data=self.form, headers=self.headers)


def rows() -> dict[Door, frozenset[str]]:
    """The table above, a door at a time."""
    return {
        (words[0], words[1]): who
        for who, table in DOORS.items()
        for words in map(str.split, table.strip().splitlines())
    }


def doors_of(routes: Iterable[BaseRoute], before: str = "") -> Iterator[Door]:
    """Every way in that the router knows, mounted applications included."""
    for found in iter_route_contexts(list(routes)):
        route = found.original_route
        if isinstance(route, Mount):
            yield from doors_of(route.routes, before + route.path)
            continue
        for method in (found.methods or {"any"}) - {"HEAD"}:
            yield method, f"{before}{found.path}"


@pytest.fixture
async def callers(house: House) -> AsyncIterator[dict[str, Caller]]:
    database, now = house.parts.database, house.clock()
    await add_staff(database, "Ana", role=Role.ADMIN, now=now)
    await add_staff(database, "Ben", now=now)
    visitor = await arrive(house.client)
    reader = await program(house, Scope.READ, "Reports")
    writer = await program(house, Scope.WRITE)
    async with AsyncExitStack() as stack:
        yield {
            STRANGER: Caller(client=house.client),
            VISITOR: Caller(client=house.client, headers=visitor.headers),
            READER: Caller(client=house.client, headers=reader.headers),
            WRITER: Caller(client=house.client, headers=writer.headers),
            STAFF: await _signed_in(stack, house, "Ben"),
            ADMIN: await _signed_in(stack, house, "Ana"),
        }


async def _signed_in(stack: AsyncExitStack, house: House, name: str) -> Caller:
    desk = Desk(client=await stack.enter_async_context(browser_of(house)))
    assert (await desk.sign_in(name)).status_code == 303
    page = await desk.client.get("/console/replies")
    return Caller(client=desk.client, form={"csrf": token_in(page.text)})


def test_every_door_has_a_row_and_every_row_is_a_door(house: House) -> None:
    known = {*rows(), *SHOWS_A_FORM}
    assert set(doors_of(house.app.router.routes)) == known


async def test_each_door_opens_to_those_who_may_and_to_nobody_else(
    house: House, callers: dict[str, Caller]
) -> None:
    wrong = []
    for door in sorted(rows(), key=lambda one: (one == LAST, one[1], one[0])):
        for role in ROLES:
            may = role in rows()[door]
            if may and door in STREAMS:
                continue
            answer = await callers[role].tries(door)
            if may is _refused(answer) or answer.status_code >= 500:
                wrong.append((door, role, answer.status_code))
    assert wrong == []


@pytest.mark.parametrize("role", [STAFF, ADMIN])
async def test_no_form_of_the_console_works_without_its_token(
    callers: dict[str, Caller], role: str
) -> None:
    bare = Caller(client=callers[role].client)
    forms = [door for door in rows() if door[1].startswith("/console/")]
    for door in forms:
        if door[0] == "POST":
            assert (await bare.tries(door)).status_code == 403, door


async def test_another_visitor_s_answer_is_nobody_s(house: House) -> None:
    mine, theirs = [await arrive(house.client) for _ in range(2)]
    await theirs.say("How long is it?")
    await house.work(after=0)
    program_ = await program(house, Scope.READ, "Reports")
    path = f"/conversations/{theirs.conversation_id}/messages"
    answer = (await program_.read(path))["data"][-1]["id"]
    rated = await house.client.post(
        f"/api/chat/messages/{answer}/feedback",
        json={"helpful": True},
        headers=mine.headers,
    )
    assert rated.status_code == 404


def _refused(answer: httpx.Response) -> bool:
    to_sign_in = answer.headers.get("Location", "").startswith("/console/sign-in?")
    return answer.status_code in {401, 403} or (
        answer.status_code == 303 and to_sign_in
    )
