"""The web chat's API and page: what visitors may do, and what is refused."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractContextManager

import httpx
import pytest

from bot.channels.visitors import token_for
from bot.database import Database
from tests.support.broken_database import FAILURES
from tests.support.chat import arrive
from tests.support.house import House
from tests.support.public import PublicServer
from tests.support.records import messages

ORIGIN = "https://www.example.org"
MESSAGE = b'{"client_id": "c1", "text": "Hello"}'


async def _texts(house: House) -> list[str]:
    return [stored.text for stored in await messages(house.parts.database)]


async def test_a_visitor_is_greeted_and_gets_an_answer(house: House) -> None:
    opened = await house.client.post("/api/chat/conversations")
    assert "automated assistant of Harbour Advisory" in opened.json()["greeting"]
    visitor = await arrive(house.client)
    sent = await visitor.say("How long is it?")
    assert sent.status_code == 202
    assert sent.json()["conversation_id"] == visitor.conversation_id
    assert sent.json()["duplicate"] is False
    await house.work(after=0)
    said = await messages(house.parts.database, author=None)
    assert said[-1].text == "About: How long is it?"


async def test_the_same_client_id_twice_is_one_message(house: House) -> None:
    visitor = await arrive(house.client)
    first, second = [await visitor.say("Hello") for _ in range(2)]
    assert second.json() == {**first.json(), "duplicate": True}
    await house.work()
    assert await _texts(house) == ["Hello"]
    assert len(house.assistant.asked) == 1


async def test_the_same_client_id_with_another_text_is_a_conflict(
    house: House,
) -> None:
    visitor = await arrive(house.client)
    await visitor.say("Hello")
    assert (await visitor.say("Goodbye")).status_code == 409
    assert await _texts(house) == ["Hello"]


async def test_visitors_may_choose_the_same_client_id(house: House) -> None:
    for text in ("Mine", "Theirs"):
        assert (await (await arrive(house.client)).say(text)).status_code == 202
    assert await _texts(house) == ["Mine", "Theirs"]


async def test_a_thumb_down_under_an_answer_offers_a_person(house: House) -> None:
    visitor, other = [await arrive(house.client) for _ in range(2)]
    await visitor.say("How long is it?")
    await house.work(after=0)
    said = (await messages(house.parts.database, author=None))[-1].public_id
    path = f"/api/chat/messages/{said}/feedback"
    for headers, body, status in (
        ({}, {"helpful": False}, 401),
        (other.headers, {"helpful": False}, 404),
        (visitor.headers, {}, 422),
        (visitor.headers, {"helpful": True}, 204),
        (visitor.headers, {"helpful": False}, 204),
    ):
        rated = await house.client.post(path, json=body, headers=headers)
        assert rated.status_code == status, rated.text
    told = (await messages(house.parts.database, author=None))[-1].text
    assert told.startswith("I'm sorry that this didn't help.")


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b'{"client_id": "c", "text": ""}', 422),
        (b'{"client_id": "c", "text": " \\n\\t\\u00a0\\u2003"}', 422),
        (b'{"client_id": "", "text": "Hello"}', 422),
        (b'{"client_id": "' + b"c" * 101 + b'", "text": "Hello"}', 422),
        (b'{"client_id": "c", "text": "' + b"x" * 4001 + b'"}', 422),
        (b'{"client_id": 1, "text": ["Hello"]}', 422),
        (b'{"client_id": "c", "text": NaN}', 422),
        (b'{"text": "\\ud800"}', 422),
        (b"NaN", 422),
        (b"null", 422),
        (b"[]", 422),
        (b"", 422),
        (b"{", 422),
        (b"\xff\xfe\x00", 400),
        (b"[" * 50_000, 400),
        (b'{"text":' + b"1" * 5_000 + b"}", 400),
        (b" " * 200_000, 413),
    ],
)
async def test_a_message_that_makes_no_sense_is_refused(
    house: House, body: bytes, status: int
) -> None:
    visitor = await arrive(house.client)
    assert (await visitor.post(body)).status_code == status
    assert await _texts(house) == []


async def test_a_refusal_does_not_repeat_what_was_sent(house: House) -> None:
    visitor = await arrive(house.client)
    refused = await visitor.post(b'{"client_id": {"secret": 1}, "text": "<script>"}')
    assert refused.status_code == 422
    assert refused.json()["detail"][0]["loc"] == ["body", "client_id"]
    assert "secret" not in refused.text


async def test_a_body_without_a_length_is_cut_off_too(house: House) -> None:
    async def endless() -> AsyncIterator[bytes]:
        for _ in range(50):
            yield b" " * 10_000

    visitor = await arrive(house.client)
    refused = await house.client.post(
        "/api/chat/messages", content=endless(), headers=visitor.headers
    )
    assert refused.status_code == 413


@pytest.mark.parametrize(
    "authorization",
    [
        None,
        b"",
        b"Bearer",
        b"Bearer ",
        b"Bearer .",
        b"Bearer \xe9.\xff",
        b"Bearer " + b"a" * 9_000,
        b"Bearer " + token_for("somebody", secret="another secret").encode(),
        b"Basic " + token_for("x", secret="for development on this").encode(),
    ],
)
@pytest.mark.parametrize("path", ["messages", "events"])
async def test_without_a_genuine_token_nobody_is_let_in(
    house: House, path: str, authorization: bytes | None
) -> None:
    headers = {} if authorization is None else {b"Authorization": authorization}
    method = "POST" if path == "messages" else "GET"
    refused = await house.client.request(
        method, f"/api/chat/{path}", content=MESSAGE, headers=headers
    )
    assert refused.status_code == 401
    assert refused.headers["WWW-Authenticate"] == "Bearer"
    assert await _texts(house) == []


async def test_a_token_in_the_address_does_not_count(house: House) -> None:
    visitor = await arrive(house.client)
    for name in ("token", "authorization", "access_token"):
        refused = await house.client.get(
            "/api/chat/events", params={name: f"Bearer {visitor.token}"}
        )
        assert refused.status_code == 401


async def test_who_writes_too_fast_has_to_wait_and_others_do_not(
    house: House,
) -> None:
    visitor, other = await arrive(house.client), await arrive(house.client)
    for number in range(20):
        assert (await visitor.say("Hi", client_id=f"c{number}")).status_code == 202
    refused = await visitor.say("Hi", client_id="one too many")
    assert refused.status_code == 429
    assert 1 <= int(refused.headers["Retry-After"]) <= 60
    assert (await other.say("Hi")).status_code == 202
    assert len(await _texts(house)) == 21


async def test_one_network_cannot_ask_for_ever(house: House) -> None:
    answers = [await house.client.post("/api/chat/messages") for _ in range(241)]
    assert [answer.status_code for answer in answers] == [401] * 240 + [429]
    assert 1 <= int(answers[-1].headers["Retry-After"]) <= 60


async def test_one_network_cannot_open_chats_for_ever(house: House) -> None:
    answers = [await house.client.post("/api/chat/conversations") for _ in range(31)]
    assert [one.status_code for one in answers] == [201] * 30 + [429]
    assert 1 <= int(answers[-1].headers["Retry-After"]) <= 60


async def test_what_is_too_long_is_refused_in_words_and_not_cut(house: House) -> None:
    visitor = await arrive(house.client)
    for sign in ("x", "\ufdfa", "\U0001f393"):
        refused = await visitor.say(sign * 4001, client_id="long")
        assert refused.status_code == 422
        assert refused.json() == {"detail": "a message has at most 4000 characters"}
    assert (await visitor.say("\U0001f393" * 4000)).status_code == 202


async def test_the_addresses_of_one_ipv6_network_count_together(house: House) -> None:
    async def ask(address: str) -> int:
        transport = httpx.ASGITransport(house.app, client=(address, 1))
        async with httpx.AsyncClient(
            transport=transport, base_url="http://test"
        ) as client:
            return (await client.post("/api/chat/messages")).status_code

    asked = [await ask(f"2001:db8:1:2::{number:x}") for number in range(241)]
    assert asked == [401] * 240 + [429]
    assert await ask("2001:db8:1:3::1") == 401


async def test_a_page_that_lost_its_stream_often_can_still_send(house: House) -> None:
    visitor = await arrive(house.client)
    answers = [await house.client.get("/api/chat/events") for _ in range(241)]
    assert answers[-1].status_code == 429
    assert (await visitor.say("Still here")).status_code == 202


@pytest.mark.parametrize("fails", FAILURES)
async def test_what_could_not_be_stored_can_be_sent_again(
    house: House, fails: Callable[[Database], AbstractContextManager[None]]
) -> None:
    visitor = await arrive(house.client)
    with fails(house.parts.database):
        refused = await visitor.say("Hello")
    assert refused.status_code == 503
    assert int(refused.headers["Retry-After"]) > 0
    assert (await visitor.say("Hello")).json()["duplicate"] is False
    assert await _texts(house) == ["Hello"]


async def _preflight(client: httpx.AsyncClient, origin: str) -> httpx.Response:
    return await client.options(
        "/api/chat/messages",
        headers={
            "Origin": origin,
            "Access-Control-Request-Method": "POST",
            "Access-Control-Request-Headers": "authorization,content-type",
        },
    )


async def test_allowed_origins_may_use_the_api(public_server: PublicServer) -> None:
    asked = await _preflight(public_server.client, ORIGIN)
    assert asked.status_code == 200
    assert asked.headers["Access-Control-Allow-Origin"] == ORIGIN
    assert "access-control-allow-credentials" not in asked.headers
    opened = await public_server.client.post(
        "/api/chat/conversations", headers={"Origin": ORIGIN}
    )
    assert opened.headers["Access-Control-Allow-Origin"] == ORIGIN


@pytest.mark.parametrize(
    "origin",
    [
        "https://evil.example",
        "null",
        f"{ORIGIN}.evil.example",
        "http://www.example.org",
    ],
)
async def test_other_origins_may_not(public_server: PublicServer, origin: str) -> None:
    asked = await _preflight(public_server.client, origin)
    assert asked.status_code == 400
    assert "access-control-allow-origin" not in asked.headers


async def test_the_page_allows_only_what_it_needs(public_server: PublicServer) -> None:
    page = await public_server.client.get("/")
    policy = page.headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'; script-src 'self'; ")
    assert policy.endswith(f"frame-ancestors 'self' {ORIGIN}")
    assert "unsafe" not in policy
    assert page.headers["X-Content-Type-Options"] == "nosniff"
    assert page.headers["Referrer-Policy"] == "no-referrer"
    assert page.headers["Content-Type"] == "text/html; charset=utf-8"


async def test_the_widget_may_be_used_by_any_page(public_server: PublicServer) -> None:
    script = await public_server.client.get("/widget.js")
    assert script.headers["Content-Type"] == "text/javascript; charset=utf-8"
    assert script.headers["Cross-Origin-Resource-Policy"] == "cross-origin"


@pytest.mark.parametrize(
    "path", ["/docs", "/redoc", "/openapi.json", "/simulator", "/simulator/messages"]
)
async def test_what_is_for_developers_is_not_there_in_production(
    public_server: PublicServer, house: House, path: str
) -> None:
    assert (await public_server.client.get(path)).status_code == 404
    assert (await house.client.get(path)).status_code != 404


async def test_the_description_for_developers_tells_of_the_whole_chat(
    house: House,
) -> None:
    whole = (await house.client.get("/openapi.json")).json()
    assert sorted(path for path in whole["paths"] if path.startswith("/api/chat")) == [
        "/api/chat/conversations",
        "/api/chat/events",
        "/api/chat/messages",
        "/api/chat/messages/{message_id}/feedback",
        "/api/chat/typing",
    ]


@pytest.mark.parametrize("path", ["/console/", "/console/contacts/", "/health/live/"])
async def test_no_redirect_leads_to_the_host_that_a_request_names(
    house: House, path: str
) -> None:
    answer = await house.client.get(path, headers={"Host": "evil.example"})
    assert "evil" not in answer.headers.get("Location", "")
    assert answer.status_code == (307 if path == "/console/" else 404)


@pytest.mark.parametrize(
    "address",
    ["/console/conversations/a%00b", "/?a=%00", "/api/v1/contacts/%00", "/a%00"],
)
async def test_an_address_with_a_nul_is_refused(house: House, address: str) -> None:
    assert (await house.client.get(address)).status_code == 400
