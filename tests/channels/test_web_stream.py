"""The event stream over a real connection: nothing lost, nothing doubled or leaked."""

import shutil
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI

from bot.app import create_app
from bot.channels.web import build_api
from bot.config import Settings
from bot.conversations.live.seats import Seats
from bot.limits import Limit
from tests.support.assistants import HeldAssistant, ScriptedAssistant, TellingAssistant
from tests.support.chat import arrive
from tests.support.event_stream import Heard, listening
from tests.support.house import House
from tests.support.servers import served


@pytest.fixture
def empty_database(settings: Settings, sqlite_template: Path) -> None:
    settings.data_dir.mkdir()
    shutil.copy(sqlite_template, settings.data_dir / "bot.sqlite3")


@asynccontextmanager
async def _client(app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    async with (
        served(app) as address,
        httpx.AsyncClient(base_url=address) as client,
    ):
        yield client


@asynccontextmanager
async def _elsewhere(client: httpx.AsyncClient) -> AsyncIterator[httpx.AsyncClient]:
    """The same server, asked from another network address."""
    transport = httpx.AsyncHTTPTransport(local_address="127.0.0.2")
    async with httpx.AsyncClient(
        base_url=client.base_url, transport=transport
    ) as other:
        yield other


def _app_with_seats(house: House, *, altogether: int) -> FastAPI:
    app = FastAPI()
    conversations = house.parts.conversations
    api = build_api(
        conversations,
        secret="secret",
        per_visitor=Limit("1000/minute"),
        per_network=Limit("1000/minute"),
        opened=Limit("1000/minute"),
        seats=Seats(conversations.feed, altogether=altogether),
    )
    app.include_router(api)
    return app


@pytest.fixture
async def client(
    settings: Settings, empty_database: None
) -> AsyncIterator[httpx.AsyncClient]:
    """A real server with its loops, whose assistant answers at once."""
    app = create_app(settings, assistant=ScriptedAssistant())
    async with _client(app) as client:
        yield client


def _said(heard: list[Heard]) -> list[tuple[object, object]]:
    return [
        (event.data["author"], event.data["text"])
        for event in heard
        if event.kind == "message_created"
    ]


async def test_a_visitor_hears_the_whole_conversation(
    client: httpx.AsyncClient,
) -> None:
    visitor = await arrive(client)
    async with listening(visitor) as stream:
        [greeting] = await stream.hear_until("message_created")
        assert greeting.data["author"] == "system"
        assert greeting.data["conversation_id"] == visitor.conversation_id
        await visitor.say("How long?", client_id="mine")
        heard = await stream.hear_until("message_created", author="bot")
    assert _said(heard) == [("contact", "How long?"), ("bot", "About: How long?")]
    assert heard[0].data["client_id"] == "mine"
    answer = heard[-1].data
    assert (answer["outcome"], answer["confidence"]) == ("answer", 0.9)
    assert answer["citations"] == [
        {
            "title": "Courses",
            "source": "faq/courses.md",
            "page": None,
            "url": "https://e.org/c",
            "as_of": None,
        }
    ]


async def test_a_visitor_hears_that_a_person_takes_over(house: House) -> None:
    async with _client(house.app) as client:
        visitor = await arrive(client)
        async with listening(visitor) as stream:
            await stream.hear_until("message_created")
            await house.parts.conversations.take(visitor.conversation_id, member="Ada")
            [event] = await stream.hear_until("conversation_status_changed")
    assert event.data["status"] == "staff"
    assert "Ada" not in str(event.data)


async def test_the_stream_is_one_that_nobody_on_the_way_keeps_back(
    client: httpx.AsyncClient,
) -> None:
    async with listening(await arrive(client)) as stream:
        headers = stream.response.headers
    assert headers["Content-Type"].startswith("text/event-stream")
    assert headers["Cache-Control"] == "no-cache"
    assert headers["X-Accel-Buffering"] == "no"


async def test_over_many_connections_nothing_is_lost_or_doubled(
    client: httpx.AsyncClient,
) -> None:
    visitor = await arrive(client)
    heard: list[Heard] = []
    for number in range(8):
        await visitor.say(f"question {number}", client_id=f"c{number}")
        after = next((event.id for event in reversed(heard) if event.id), None)
        async with listening(visitor, after=after) as stream:
            event = await stream.hear()
            assert event is not None
            heard.append(event)
    async with listening(visitor, after=_newest(heard)) as stream:
        await visitor.say("goodbye", client_id="last")
        heard += await stream.hear_until("message_created", text="About: goodbye")
    ids = [int(event.id) for event in heard if event.id]
    assert ids == sorted(set(ids))
    questions = [text for author, text in _said(heard) if author == "contact"]
    assert questions == [f"question {n}" for n in range(8)] + ["goodbye"]


def _newest(heard: list[Heard]) -> str:
    return next(event.id for event in reversed(heard) if event.id)


async def test_a_stream_goes_on_after_the_event_that_was_heard_last(
    client: httpx.AsyncClient,
) -> None:
    visitor = await arrive(client)
    await visitor.say("one", client_id="1")
    async with listening(visitor) as stream:
        heard = await stream.hear_until("message_created", author="bot")
    contact = next(event for event in heard if event.data.get("author") == "contact")
    async with listening(visitor, after=contact.id) as stream:
        again = await stream.hear_until("message_created")
    assert again[-1] == heard[-1]


@pytest.mark.parametrize(
    "garbage", ["", "abc", "-1", "1e3", "0x1", "9" * 19, "1;2", b"\xb2", b"\xff"]
)
async def test_an_event_id_that_makes_no_sense_counts_as_none(
    client: httpx.AsyncClient, garbage: str | bytes
) -> None:
    visitor = await arrive(client)
    async with listening(visitor, after=garbage) as stream:
        [greeting] = await stream.hear_until("message_created")
    assert greeting.data["author"] == "system"


async def test_one_visitor_never_hears_another(client: httpx.AsyncClient) -> None:
    first, second = await arrive(client), await arrive(client)
    async with listening(first) as mine, listening(second) as theirs:
        await second.say("my secret")
        await theirs.hear_until("message_created", author="bot")
        await first.say("hello")
        heard = await mine.hear_until("message_created", author="bot")
    assert {event.data.get("conversation_id") for event in heard if event.id} == {
        first.conversation_id
    }
    assert "my secret" not in str(heard)


async def test_typing_is_shown_while_a_reply_is_owed(
    settings: Settings, empty_database: None
) -> None:
    assistant = HeldAssistant()
    async with _client(create_app(settings, assistant=assistant)) as client:
        visitor = await arrive(client)
        async with listening(visitor) as stream:
            await stream.hear_until("message_created")
            await visitor.say("How long?")
            kinds = [event.kind for event in await stream.hear_until("typing")]
            assert kinds == ["message_created", "typing"]
            await assistant.thinking.wait()
            assistant.released.set()
            [answer] = await stream.hear_until("message_created")
            assert answer.data["author"] == "bot"


async def test_a_visitor_reads_along_while_a_reply_is_made(
    settings: Settings, empty_database: None
) -> None:
    assistant = TellingAssistant("Six weeks.")
    async with _client(create_app(settings, assistant=assistant)) as client:
        visitor = await arrive(client)
        async with listening(visitor) as stream:
            await visitor.say("How long?")
            heard = await stream.hear_until("reply_begun")
            begun = str(heard[-1].data["text"])
            assert begun.endswith("Six weeks.")
            assert (heard[-1].id, len(heard[-1].data)) == ("", 1)
            assistant.released.set()
            heard = await stream.hear_until("message_created", author="bot")
    assert str(heard[-1].data["text"]).startswith(begun)


async def test_what_was_read_when_a_person_takes_over_is_a_message_before_it(
    settings: Settings, empty_database: None
) -> None:
    assistant = TellingAssistant("Six weeks.")
    app = create_app(settings, assistant=assistant)
    async with _client(app) as client:
        visitor = await arrive(client)
        async with listening(visitor) as stream:
            await visitor.say("How long?")
            await stream.hear_until("reply_begun")
            conversations = app.state.parts.conversations
            await conversations.take(visitor.conversation_id, member="Ada")
            assistant.released.set()
            *_, said, _ = await stream.hear_until("conversation_status_changed")
    assert (said.kind, said.data["author"]) == ("message_created", "bot")
    assert str(said.data["text"]).endswith("Six weeks. …")


async def test_a_server_that_stops_ends_its_open_streams(
    settings: Settings, empty_database: None
) -> None:
    async with AsyncExitStack() as server, AsyncExitStack() as page:
        app = create_app(settings, assistant=ScriptedAssistant())
        address = await server.enter_async_context(served(app))
        client = await page.enter_async_context(httpx.AsyncClient(base_url=address))
        stream = await page.enter_async_context(listening(await arrive(client)))
        await stream.hear_until("message_created")
        await server.aclose()
        with pytest.raises(httpx.RemoteProtocolError):
            await stream.hear()


async def test_a_visitor_s_newest_streams_push_out_the_oldest(
    client: httpx.AsyncClient,
) -> None:
    visitor = await arrive(client)
    async with AsyncExitStack() as stack:
        streams = [
            await stack.enter_async_context(listening(visitor)) for _ in range(6)
        ]
        for stream in streams:
            await stream.hear_until("message_created")
        assert await streams[0].hear() is None
        await visitor.say("Still there?")
        for stream in streams[1:]:
            heard = await stream.hear_until("message_created", author="bot")
            assert _said(heard)[0] == ("contact", "Still there?")


async def test_when_the_server_is_full_a_stream_has_to_wait_its_turn(
    house: House,
) -> None:
    app = _app_with_seats(house, altogether=1)
    async with _client(app) as client:
        first, second = await arrive(client), await arrive(client)
        async with listening(first) as taken:
            await taken.hear_until("message_created")
            async with listening(second) as refused:
                assert refused.response.status_code == 503
                assert int(refused.response.headers["Retry-After"]) > 0
        status = 503
        while status == 503:
            async with listening(second) as stream:
                status = stream.response.status_code
        assert status == 200


async def test_one_network_cannot_shut_the_chat_for_others(house: House) -> None:
    app = _app_with_seats(house, altogether=3)
    async with _client(app) as client, AsyncExitStack() as stack:
        crowd = [
            await stack.enter_async_context(listening(await arrive(client)))
            for _ in range(3)
        ]
        for stream in crowd:
            await stream.hear_until("message_created")
        async with _elsewhere(client) as other, listening(await arrive(other)) as late:
            await late.hear_until("message_created")
            assert await crowd[0].hear() is None
            async with listening(await arrive(client)) as refused:
                assert refused.response.status_code == 503
