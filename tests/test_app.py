"""The assembled server: health, what is public, and a clean end."""

import asyncio
import contextlib
import threading
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI
from structlog.testing import capture_logs

from bot.answering.executor import THREADS
from bot.app import create_app
from bot.config import Settings
from bot.errors import SettingsError
from tests.support.assistants import ScriptedAssistant
from tests.support.chat import arrive
from tests.support.event_stream import listening
from tests.support.house import House
from tests.support.patience import PATIENCE_SECONDS
from tests.support.servers import served


async def ready(app: FastAPI, address: str) -> tuple[int, dict[str, str]]:
    """What the server says of itself once it has loaded what there is."""
    await app.state.parts.loaded.wait()
    return await ready_now(address)


async def ready_now(address: str) -> tuple[int, dict[str, str]]:
    async with httpx.AsyncClient(base_url=address, timeout=PATIENCE_SECONDS) as client:
        answer = await client.get("/health/ready")
        return answer.status_code, answer.json()["problems"]


def with_index(settings: Settings, index_data: Path) -> Settings:
    """These settings, with somebody else's index."""
    settings.data_dir.mkdir(parents=True)
    (settings.data_dir / "index").symlink_to(index_data / "index")
    return settings


async def test_a_running_server_is_alive_and_ready(
    settings: Settings, sample_data: Path
) -> None:
    app = create_app(with_index(settings, sample_data))
    async with served(app) as address:
        assert await ready(app, address) == (200, {})
        async with httpx.AsyncClient(base_url=address) as client:
            alive = await client.get("/health/live")
        assert alive.json() == {"status": "ok"}


async def test_without_an_index_it_runs_but_is_not_ready(settings: Settings) -> None:
    app = create_app(settings)
    async with served(app) as address:
        status, problems = await ready(app, address)
    assert status == 503
    assert "python -m ingest sync" in problems["index"]
    assert list(problems) == ["index"]


async def test_an_index_that_comes_later_is_used_without_a_restart(
    settings: Settings, sample_data: Path
) -> None:
    app = create_app(settings)
    async with served(app) as address:
        assert (await ready(app, address))[0] == 503
        (settings.data_dir / "index").symlink_to(sample_data / "index")
        assert await ready(app, address) == (200, {})


async def test_an_index_that_cannot_be_read_is_named_until_it_is_mended(
    settings: Settings, sample_data: Path
) -> None:
    pointer = settings.index_dir / "current"
    pointer.mkdir(parents=True)
    app = create_app(settings)
    async with served(app) as address:
        status, problems = await ready(app, address)
        assert status == 503
        assert f"{pointer} cannot be read (Is a directory)" in problems["index"]
        pointer.rmdir()
        settings.index_dir.rmdir()
        settings.index_dir.symlink_to(sample_data / "index")
        assert await ready(app, address) == (200, {})


async def test_what_else_answers_need_and_is_missing_is_named(
    settings: Settings, sample_data: Path
) -> None:
    given = settings.model_copy(update={"embedding_model": "/nowhere"})
    app = create_app(with_index(given, sample_data))
    async with served(app) as address:
        status, problems = await ready(app, address)
    assert status == 503
    assert "the embedding model '/nowhere' is not on this machine" in problems["index"]


async def test_whatever_stops_the_loading_is_logged_and_told(
    settings: Settings, sample_data: Path
) -> None:
    app = create_app(with_index(settings, sample_data))
    app.state.parts.answering.warm_up = _surprising
    with capture_logs() as logs:
        async with served(app) as address:
            status, problems = await ready(app, address)
    assert status == 503
    assert problems["answering"].startswith("could not be loaded (ZeroDivisionError)")
    assert [one["event"] for one in logs if one["log_level"] == "error"] == [
        "loading_failed"
    ]


async def test_what_fails_beside_the_others_is_logged_and_the_server_ends_cleanly(
    settings: Settings,
) -> None:
    app = create_app(settings, assistant=ScriptedAssistant())
    app.state.parts.retention.run = _surprising
    with capture_logs() as logs:
        async with served(app) as address, httpx.AsyncClient() as client:
            assert (await client.get(f"{address}/health/live")).status_code == 200
    [told] = [one for one in logs if one["log_level"] == "error"]
    assert told["event"] == "task_failed"
    assert isinstance(told["exc_info"], ZeroDivisionError)
    assert not [task for task in asyncio.all_tasks() if "Parts" in repr(task)]


async def _surprising() -> None:
    raise ZeroDivisionError("nobody thought of it")


async def test_while_it_loads_it_takes_messages_and_says_that_it_is_not_ready(
    settings: Settings, sample_data: Path
) -> None:
    app = create_app(with_index(settings, sample_data))
    let_go = threading.Event()
    executor = app.state.parts.answering._executor
    # The threads that load what answers need are kept busy, as a slow disk would.
    kept = asyncio.gather(*(executor.run(let_go.wait) for _ in range(THREADS)))
    async with AsyncExitStack() as stack:
        address = await stack.enter_async_context(served(app))
        stack.callback(let_go.set)  # before the server ends, which waits for them
        client = await stack.enter_async_context(httpx.AsyncClient(base_url=address))
        assert await ready_now(address) == (503, {"index": "is being loaded"})
        visitor = await arrive(client)
        await visitor.say("How much does the course cost?")
        stream = await stack.enter_async_context(listening(visitor))
        await stream.hear_until("message_created", author="contact")
        let_go.set()
        assert await ready(app, address) == (200, {})
        await stream.hear_until("message_created", author="bot")
    await kept


async def test_a_missing_database_and_an_idle_worker_are_named(house: House) -> None:
    async with house.parts.database.write() as session:
        await (await session.connection()).exec_driver_sql("SELECT 1")
    await house.parts.database.close()
    house.parts.database.ping = _unreachable  # type: ignore[method-assign]
    answer = await house.client.get("/health/ready")
    assert answer.status_code == 503
    assert answer.json()["problems"]["database"] == "OSError"


async def _unreachable() -> None:
    raise OSError("the disk is gone")


def test_an_unsafe_setting_stops_the_assembly(settings: Settings) -> None:
    unsafe = settings.model_copy(update={"environment": "production"})
    with pytest.raises(SettingsError, match="PUBLIC_BASE_URL"):
        create_app(unsafe)


def test_an_unusable_database_address_stops_the_assembly(settings: Settings) -> None:
    broken = settings.model_copy(update={"database_url": "mysterysql://host/name"})
    with pytest.raises(SettingsError, match="DATABASE_URL is not usable"):
        create_app(broken)


async def test_without_twilio_production_has_no_webhook_and_no_simulator(
    settings: Settings,
) -> None:
    production = settings.model_copy(
        update={
            "environment": "production",
            "public_base_url": "https://chat.example.org",
            "secret_key": type(settings.secret_key)("k" * 32),
        }
    )
    app = create_app(production, assistant=ScriptedAssistant())
    async with served(app) as address, httpx.AsyncClient(base_url=address) as client:
        for path in ("/webhooks/twilio/messages", "/simulator/messages"):
            assert (await client.post(path)).status_code == 404
        assert (await client.get("/simulator")).status_code == 404
        assert (await client.get("/")).status_code == 200


async def test_the_server_stops_while_somebody_reads_the_stream(
    settings: Settings,
) -> None:
    app = create_app(settings, assistant=ScriptedAssistant())
    async with httpx.AsyncClient() as client:
        async with served(app) as address:
            opened = await client.post(f"{address}/api/chat/conversations")
            token = opened.json()["token"]
            request = client.build_request(
                "GET",
                f"{address}/api/chat/events",
                headers={"Authorization": f"Bearer {token}"},
            )
            answer = await client.send(request, stream=True)
            lines = answer.aiter_lines()
            assert (await anext(lines)).startswith("event: message_created")
        rest = await asyncio.wait_for(_until_the_end(lines), 10)
        assert not any(line.startswith("event: conversation_status") for line in rest)


async def _until_the_end(lines: AsyncIterator[str]) -> list[str]:
    """What still comes from a stream that the server ends or cuts off."""
    rest = []
    with contextlib.suppress(httpx.RemoteProtocolError, httpx.ReadError):
        rest += [line async for line in lines]
    return rest
