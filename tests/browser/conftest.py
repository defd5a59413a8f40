"""A real browser, and the whole server with its loops for it to talk to."""

import shutil
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest
import pytest_asyncio
from fastapi import FastAPI
from fastapi.responses import HTMLResponse
from playwright.async_api import Browser, Page, async_playwright, expect

from bot.app import create_app
from bot.config import Settings
from bot.conversations.ports import Outcome
from bot.database import Database
from bot.staff import Role
from tests.browser.hosts import street
from tests.browser.office import PHONE, Office
from tests.browser.quarter import Quarter, reply_in_the_quarter
from tests.conftest import PROJECT
from tests.support.assistants import ScriptedAssistant, answer
from tests.support.servers import free_port, served
from tests.support.staff import add_staff

ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>A university</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<style>* {{ color: red !important; }} button {{ display: none !important; }}</style>
</head><body><main><h1>Courses</h1></main>
<script src="{address}/widget.js" data-title="Ask Harbour"></script></body></html>
"""
Running = AbstractAsyncContextManager[FastAPI]

# A busy machine is no failure.
expect.set_options(timeout=30_000)


@pytest.fixture
async def browser(chromium: str) -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=chromium, args=ARGUMENTS
        )
        yield browser
        await browser.close()


@pytest.fixture
async def page(browser: Browser) -> AsyncIterator[Page]:
    """A page as wide as a phone; what its scripts complain of fails the test."""
    complaints: list[str] = []
    context = await browser.new_context(viewport=PHONE)
    context.set_default_timeout(30_000)
    page = await context.new_page()
    page.on("pageerror", lambda error: complaints.append(str(error)))
    yield page
    await context.close()
    assert complaints == []


@pytest.fixture
def assistant() -> ScriptedAssistant:
    return ScriptedAssistant()


@pytest.fixture
def web_settings(settings: Settings, sqlite_template: Path) -> Settings:
    """Settings of a server on a free port, with an empty database."""
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    shutil.copy(sqlite_template, settings.data_dir / "bot.sqlite3")
    return settings.model_copy(update={"port": free_port()})


@pytest.fixture
def running(assistant: ScriptedAssistant) -> Callable[[Settings], Running]:
    """Starts the whole server, for as long as a context lasts."""

    @asynccontextmanager
    async def run(settings: Settings) -> AsyncIterator[FastAPI]:
        app = create_app(settings, assistant=assistant)
        async with served(app, port=settings.port):
            yield app

    return run


@pytest.fixture
async def server(
    running: Callable[[Settings], Running], web_settings: Settings
) -> AsyncIterator[FastAPI]:
    """The server, running at ``web_settings.base_url``."""
    async with running(web_settings) as app:
        yield app


@pytest.fixture
async def university(web_settings: Settings) -> AsyncIterator[str]:
    """Another site, whose page carries the one script tag."""
    site = FastAPI()

    @site.get("/", response_class=HTMLResponse)
    async def page() -> str:
        return PAGE.format(address=web_settings.base_url)

    async with served(site) as address:
        yield address


@pytest.fixture
async def office(
    browser: Browser, web_settings: Settings, assistant: ScriptedAssistant
) -> AsyncIterator[Office]:
    """Ana, an admin, and Ben have accounts; who says "person" gets one."""
    database = Database(web_settings.database_address)
    now = datetime.now(UTC)
    await add_staff(database, "Ana", role=Role.ADMIN, now=now)
    await add_staff(database, "Ben", now=now)
    await database.close()
    assistant.reply = lambda question: (
        answer("Passed on.", outcome=Outcome.HANDOFF, reason="asked_for_person")
        if "person" in question
        else answer(f"About: {question}")
    )
    complaints: list[str] = []
    yield Office(browser=browser, address=web_settings.base_url, complaints=complaints)
    assert complaints == []


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def quarter(
    chromium: str, sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Quarter]:
    """A server with every language, and a site of pages that carry its widget."""
    folder = tmp_path_factory.mktemp("quarter")
    shutil.copy(sqlite_template, folder / "bot.sqlite3")
    assistant = ScriptedAssistant(reply_in_the_quarter)
    port, neighbour = free_port(), free_port()
    settings = Settings(
        environment="development",
        data_dir=folder,
        knowledge_dir=PROJECT / "knowledge",
        port=port,
        limit_per_network="10000/minute",
        allowed_origins=[f"http://127.0.0.1:{neighbour}"],
    )
    app = create_app(settings, assistant=assistant)
    await add_staff(
        app.state.parts.database, "Ana", role=Role.ADMIN, now=datetime.now(UTC)
    )
    async with (
        served(app, port=port) as chat,
        served(street(chat), port=neighbour) as site,
        async_playwright() as playwright,
    ):
        browser = await playwright.chromium.launch(
            executable_path=chromium, args=ARGUMENTS
        )
        yield Quarter(
            browser=browser,
            chat=chat,
            site=site,
            conversations=app.state.parts.conversations,
            assistant=assistant,
        )
        await browser.close()
