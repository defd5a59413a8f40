"""The widget on somebody else's page."""

from collections.abc import AsyncIterator, Callable

import pytest
from axe_playwright_python.async_playwright import Axe
from fastapi import FastAPI
from fastapi.responses import HTMLResponse
from playwright.async_api import Page, expect

from bot.config import Settings
from tests.browser.conftest import Running
from tests.support.servers import served

PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>A university</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<style>* {{ color: red !important; }} button {{ display: none !important; }}</style>
</head><body><main><h1>Courses</h1></main>
<script src="{address}/widget.js" data-title="Ask Harbour"></script></body></html>
"""


@pytest.fixture
async def university(web_settings: Settings) -> AsyncIterator[str]:
    """Another site, whose page carries the one script tag."""
    site = FastAPI()

    @site.get("/", response_class=HTMLResponse)
    async def page() -> str:
        return PAGE.format(address=web_settings.base_url)

    async with served(site) as address:
        yield address


async def test_one_script_tag_puts_the_chat_into_any_page(
    page: Page,
    university: str,
    web_settings: Settings,
    running: Callable[[Settings], Running],
) -> None:
    settings = web_settings.model_copy(update={"allowed_origins": [university]})
    async with running(settings):
        await page.goto(university)
        launcher = page.get_by_role("button", name="Ask a question")
        await launcher.click()
        await expect(page.get_by_text("automated assistant of Harbour")).to_be_visible()
        await page.get_by_label("Your message").fill("How long?")
        await page.get_by_label("Your message").press("Enter")
        await expect(page.locator(".entry.bot")).to_contain_text("About: How long?")
        colour = await page.locator(".entry.bot").evaluate(
            "node => getComputedStyle(node).color"
        )
        assert colour != "rgb(255, 0, 0)"
        found = await Axe().run(page)
        assert found.response["violations"] == [], found.generate_report()
        await page.keyboard.press("Escape")
        await expect(launcher).to_be_focused()


async def test_a_site_that_is_not_allowed_gets_no_conversation(
    page: Page, university: str, web_settings: Settings, server: FastAPI
) -> None:
    await page.goto(university)
    await page.get_by_role("button", name="Ask a question").click()
    await expect(page.get_by_role("status")).to_contain_text("cannot be reached")
    assert await page.locator(".entry").count() == 0
