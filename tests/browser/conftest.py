"""A real browser, and the whole server with its loops for it to talk to."""

import shutil
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path

import pytest
from fastapi import FastAPI
from playwright.async_api import Browser, Page, ViewportSize, async_playwright, expect

from bot.app import create_app
from bot.config import Settings
from tests.support.assistants import ScriptedAssistant
from tests.support.servers import free_port, served

ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PHONE: ViewportSize = {"width": 360, "height": 740}
DESKTOP: ViewportSize = {"width": 1280, "height": 800}

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
    settings.data_dir.mkdir(parents=True)
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
