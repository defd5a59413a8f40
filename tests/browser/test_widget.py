"""The widget on somebody else's page."""

from collections.abc import Callable

from axe_playwright_python.async_playwright import Axe
from fastapi import FastAPI
from playwright.async_api import Page, expect

from bot.config import Settings
from tests.browser.conftest import Running


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
    await expect(page.locator(".notice")).to_contain_text("cannot be reached")
    assert await page.locator(".entry").count() == 0
