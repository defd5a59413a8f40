"""Requests come whole and in time, or their connection ends with one quiet line."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import pytest
from structlog.testing import capture_logs

from bot.app import create_app
from bot.config import Settings
from bot.listening import LARGEST_HEADER, PunctualHttp
from tests.support.assistants import ScriptedAssistant
from tests.support.servers import served
from tests.support.twilio import FORM, MESSAGES

FORM_HEADER = f"Content-Type: {FORM['Content-Type']}\r\n".encode()
WEBHOOK = f"POST {MESSAGES} HTTP/1.1\r\nHost: a\r\n".encode() + FORM_HEADER
CHAT = b"POST /api/chat/messages HTTP/1.1\r\nHost: a\r\n"
ALIVE = b"GET /health/live HTTP/1.1\r\nHost: a\r\n\r\n"
LONG = b"Content-Length: 100000\r\n\r\n"
CHUNKED = b"Transfer-Encoding: chunked\r\n\r\nffff\r\n"

Streams = tuple[asyncio.StreamReader, asyncio.StreamWriter]


class Hasty(PunctualHttp):
    """Waits for as good as nothing."""

    header_seconds = body_seconds = 0.05


@asynccontextmanager
async def connected(address: str) -> AsyncIterator[Streams]:
    host, _, port = address.removeprefix("http://").partition(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    try:
        yield reader, writer
    finally:
        writer.close()
        with suppress(OSError):
            await writer.wait_closed()


async def drip(writer: asyncio.StreamWriter) -> None:
    """A letter now and then, for as long as somebody listens."""
    with suppress(OSError):
        while True:
            writer.write(b"a")
            await writer.drain()
            await asyncio.sleep(0.01)


async def rest_of(reader: asyncio.StreamReader) -> bytes:
    try:
        return await reader.read()
    except ConnectionError:
        return b""


@pytest.fixture
def no_failure(caplog: pytest.LogCaptureFixture) -> pytest.LogCaptureFixture:
    caplog.set_level(logging.WARNING, "uvicorn.error")
    return caplog


@pytest.mark.parametrize(
    ("begun", "waiting_for"),
    [
        (b"G", "header"),
        (b"GET / HTTP/1.1\r\nX-Endless: ", "header"),
        (ALIVE + b"GET /health/live HTTP/1.1\r\n", "header"),
        (CHAT + LONG, "body"),
        (CHAT + CHUNKED, "body"),
        (WEBHOOK + LONG, "body"),
        (WEBHOOK + CHUNKED, "body"),
    ],
)
async def test_who_sends_a_letter_now_and_then_is_hung_up_on(
    settings: Settings,
    begun: bytes,
    waiting_for: str,
    no_failure: pytest.LogCaptureFixture,
) -> None:
    app = create_app(settings, assistant=ScriptedAssistant())
    with capture_logs() as logs:
        async with served(app, http=Hasty) as address, connected(address) as streams:
            reader, writer = streams
            writer.write(begun)
            dripping = asyncio.create_task(drip(writer))
            await rest_of(reader)
            await dripping
    told = [one for one in logs if one["event"] == "request_too_slow"]
    assert [one["waiting_for"] for one in told] == [waiting_for]
    assert [one for one in logs if one["log_level"] in {"error", "warning"}] == []
    assert [one.message for one in no_failure.records] == []


async def test_a_connection_on_which_nothing_comes_ends_without_a_word(
    settings: Settings,
) -> None:
    app = create_app(settings, assistant=ScriptedAssistant())
    with capture_logs() as logs:
        async with served(app, http=Hasty) as address, connected(address) as streams:
            assert await rest_of(streams[0]) == b""
    assert [one for one in logs if one["event"] == "request_too_slow"] == []


async def test_a_header_without_an_end_is_refused(settings: Settings) -> None:
    app = create_app(settings, assistant=ScriptedAssistant())
    async with served(app) as address, connected(address) as (reader, writer):
        writer.write(b"GET / HTTP/1.1\r\nX-Endless: " + b"a" * LARGEST_HEADER * 2)
        assert (await rest_of(reader)).startswith(b"HTTP/1.1 400 ")


@pytest.mark.parametrize("begun", [CHAT + LONG, WEBHOOK + LONG, WEBHOOK + CHUNKED])
async def test_a_request_that_breaks_off_is_a_quiet_line(
    settings: Settings, begun: bytes, no_failure: pytest.LogCaptureFixture
) -> None:
    app = create_app(settings, assistant=ScriptedAssistant())
    with capture_logs() as logs:
        async with served(app) as address:
            async with connected(address) as (_, writer):
                writer.write(begun + b"a=b")
                await writer.drain()
            async with connected(address) as (reader, writer):
                writer.write(ALIVE.replace(b"Host", b"Connection: close\r\nHost"))
                assert (await rest_of(reader)).startswith(b"HTTP/1.1 200 ")
    loud = [one for one in logs if one["log_level"] in {"error", "warning"}]
    assert loud == []
    assert [one.message for one in no_failure.records] == []
    told = [one for one in logs if one["event"] == "request_broken_off"]
    assert [one["path"].encode() in begun for one in told] == [True]


async def test_several_requests_still_share_a_connection(settings: Settings) -> None:
    app = create_app(settings, assistant=ScriptedAssistant())
    async with served(app) as address, connected(address) as (reader, writer):
        for _ in range(3):
            writer.write(ALIVE)
            header = await reader.readuntil(b"\r\n\r\n")
            assert header.startswith(b"HTTP/1.1 200 ")
            assert await reader.readexactly(len(b'{"status":"ok"}'))
