"""What Twilio's answers, good and bad, mean for whoever wanted to send."""

import asyncio
import base64
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from urllib.parse import parse_qs

import pytest
from fastapi import FastAPI, Request
from starlette.responses import JSONResponse, Response

from bot.channels.simulated_api import ACCOUNT_SID, SENDER
from bot.channels.whatsapp import RETRY_FRAGMENT, STATUS_PATH, WhatsApp
from bot.conversations.channel_port import Outgoing
from bot.errors import ChannelError, OutcomeUnknownError
from tests.support.loopback import whatsapp_at
from tests.support.servers import free_port, served

OUTGOING = Outgoing(
    public_id="delivery1",
    recipient="whatsapp:+447700900123",
    text="Six weeks – ¡sí! 🎓\n& more",
    created_at=datetime(2026, 11, 24, 9, 0, tzinfo=UTC),
)
SENT = {"sid": "SM1", "body": OUTGOING.text}


@asynccontextmanager
async def _channel(address: str) -> AsyncIterator[WhatsApp]:
    channel = whatsapp_at(address)
    try:
        yield channel
    finally:
        await channel.close()


@asynccontextmanager
async def _twilio(answer: Response) -> AsyncIterator[tuple[WhatsApp, list[Request]]]:
    """The channel, and the requests that reach a Twilio with only one answer."""
    api, asked = FastAPI(openapi_url=None), []

    @api.api_route("/{path:path}", methods=["GET", "POST"])
    async def anything(request: Request) -> Response:
        await request.body()
        asked.append(request)
        return answer

    async with served(api) as address, _channel(address) as channel:
        yield channel, asked


def _refusal(status: int, code: int, **headers: str) -> Response:
    content = {"code": code, "message": "No", "more_info": "", "status": status}
    return JSONResponse(content, status, headers)


def _problem(status: int, code: int) -> Response:
    """The newer form of an error, RFC 9457."""
    content = {"type": "about:blank", "title": "No", "status": status, "code": code}
    return JSONResponse(content, status)


async def test_a_message_goes_out_as_twilio_documents_it() -> None:
    async with _twilio(JSONResponse(SENT, 201)) as (channel, asked):
        assert await channel.send(OUTGOING) == "SM1"
    [request] = asked
    path = f"/2010-04-01/Accounts/{ACCOUNT_SID}/Messages.json"
    assert (request.method, request.url.path) == ("POST", path)
    assert parse_qs((await request.body()).decode()) == {
        "To": ["whatsapp:+447700900123"],
        "From": [SENDER],
        "Body": ["Six weeks – ¡sí! 🎓\n& more"],
        "StatusCallback": [
            f"https://ask.example.org{STATUS_PATH}?delivery=delivery1{RETRY_FRAGMENT}"
        ],
    }
    credentials = base64.b64encode(f"{ACCOUNT_SID}:token".encode()).decode()
    assert request.headers["Authorization"] == f"Basic {credentials}"


@pytest.mark.parametrize(
    ("answer", "code", "retry_after"),
    [
        (_refusal(429, 20429, **{"Retry-After": "7"}), "20429", 7.0),
        (_refusal(429, 20429), "20429", None),
        (_refusal(429, 20429, **{"Retry-After": "²"}), "20429", None),
        (
            _refusal(429, 20429, **{"Retry-After": "Tue, 24 Nov 2026 09:00:00 GMT"}),
            "20429",
            None,
        ),
        (_refusal(429, 63018), "63018", None),
        (_refusal(400, 63018), "63018", None),
        (_refusal(400, 21611), "21611", None),
        (_refusal(401, 20003), "20003", None),
        (Response("who are you?", 401), "401", None),
        (_problem(429, 20429), "20429", None),
        (Response("slow down", 429), "429", None),
    ],
)
async def test_a_refusal_that_passes_is_worth_another_try(
    answer: Response, code: str, retry_after: float | None
) -> None:
    async with _twilio(answer) as (channel, _):
        with pytest.raises(ChannelError) as caught:
            await channel.send(OUTGOING)
    assert not isinstance(caught.value, OutcomeUnknownError)
    assert (caught.value.code, caught.value.permanent) == (code, False)
    assert caught.value.retry_after == retry_after


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (_refusal(400, 63016), "63016"),
        (_refusal(400, 21211), "21211"),
        (_refusal(400, 21610), "21610"),
        (_refusal(404, 20404), "20404"),
        (_refusal(429, 63038), "63038"),
        (_refusal(400, 99999), "99999"),
        (_problem(400, 63016), "63016"),
        (Response("<h1>Forbidden</h1>", 403), "403"),
    ],
)
async def test_a_refusal_for_good_is_permanent(answer: Response, code: str) -> None:
    async with _twilio(answer) as (channel, _):
        with pytest.raises(ChannelError) as caught:
            await channel.send(OUTGOING)
    assert not isinstance(caught.value, OutcomeUnknownError)
    assert (caught.value.code, caught.value.permanent) == (code, True)


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (_refusal(500, 20500), "20500"),
        (_problem(503, 20503), "20503"),
        (Response("<h1>Bad gateway</h1>", 502), "502"),
        (Response(status_code=307, headers={"Location": "https://else.where"}), "307"),
        (Response("not JSON", 201), "0"),
        (Response("", 201), "sid"),
        (JSONResponse({}, 201), "sid"),
    ],
)
async def test_after_an_answer_that_says_nothing_the_outcome_is_unknown(
    answer: Response, code: str
) -> None:
    async with _twilio(answer) as (channel, _):
        with pytest.raises(OutcomeUnknownError) as caught:
            await channel.send(OUTGOING)
    assert caught.value.code == code


async def test_a_redirect_is_not_followed_with_our_credentials() -> None:
    answer = Response(status_code=307, headers={"Location": "/elsewhere"})
    async with _twilio(answer) as (channel, asked):
        with pytest.raises(OutcomeUnknownError):
            await channel.send(OUTGOING)
    assert [request.method for request in asked] == ["POST"]


async def test_without_a_connection_nothing_has_been_sent() -> None:
    async with _channel(f"http://127.0.0.1:{free_port()}") as channel:
        with pytest.raises(ChannelError) as caught:
            await channel.send(OUTGOING)
    assert not isinstance(caught.value, OutcomeUnknownError)
    assert (caught.value.code, caught.value.permanent) == ("connect", False)


async def test_a_connection_that_breaks_leaves_the_outcome_unknown() -> None:
    async def hang_up(
        reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        await reader.read(1)
        writer.close()
        await writer.wait_closed()

    async with await asyncio.start_server(hang_up, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        async with _channel(f"http://127.0.0.1:{port}") as channel:
            with pytest.raises(OutcomeUnknownError):
                await channel.send(OUTGOING)


async def test_looking_up_asks_for_what_was_sent_to_the_contact_of_late() -> None:
    listed = {
        "messages": [{"sid": "SM2", "body": "Other"}, {"sid": "SM1", **SENT}],
        "next_page_uri": None,
    }
    async with _twilio(JSONResponse(listed)) as (channel, asked):
        assert await channel.find(OUTGOING) == "SM1"
    assert dict(asked[0].query_params) == {
        "To": "whatsapp:+447700900123",
        "From": SENDER,
        "DateSent>": "2026-11-24T08:55:00Z",
        "PageSize": "100",
    }


@pytest.mark.parametrize(
    "answer", [_refusal(500, 20500), Response("not JSON"), _refusal(429, 20429)]
)
async def test_a_look_up_that_fails_finds_nothing_out(answer: Response) -> None:
    async with _twilio(answer) as (channel, _):
        with pytest.raises(ChannelError):
            await channel.find(OUTGOING)
