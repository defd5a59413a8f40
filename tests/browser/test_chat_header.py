"""The line above the chat: one of it, in every language, on a narrow phone."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.async_api import Browser, Locator, Page

from bot.config import Settings
from bot.phrases import languages, phrases
from tests.browser.conftest import Running
from tests.browser.office import PHONE

KNOWLEDGE = Path(__file__).parents[2] / "knowledge"
TALLEST = 72


async def check(page: Page, language: str) -> None:
    """Title and buttons stand whole in one line, and are named in full."""
    header = page.locator(".panel header")
    person = page.get_by_role("button", name=phrases(language)["chat_person"])
    box = await header.bounding_box()
    assert box
    assert box["height"] <= TALLEST, language
    for part in (header.locator("h1"), header.locator("p"), person):
        assert await is_whole(part), (language, await part.text_content())


async def is_whole(part: Locator) -> bool:
    """Whether all of its words are to be seen, in one line."""
    return bool(
        await part.evaluate(
            """node => {
              const words = document.createRange();
              words.selectNodeContents(node);
              const line = parseFloat(getComputedStyle(node).lineHeight);
              return node.scrollWidth <= node.clientWidth
                && words.getBoundingClientRect().height < 1.6 * line;
            }"""
        )
    )


@pytest.mark.parametrize("where", ["page", "widget"])
async def test_the_header_is_one_line_in_every_language(
    browser: Browser,
    university: str,
    web_settings: Settings,
    running: Callable[[Settings], Running],
    where: str,
) -> None:
    changed = {"knowledge_dir": KNOWLEDGE, "allowed_origins": [university]}
    settings = web_settings.model_copy(update=changed)
    async with running(settings):
        for language in languages():
            page = await browser.new_page(locale=language, viewport=PHONE)
            words = phrases(language)
            if where == "page":
                await page.goto(settings.base_url)
            else:
                await page.goto(university)
                await page.get_by_role("button", name=words["chat_launcher"]).click()
            await page.locator(".entry").first.wait_for()
            await check(page, language)
            await page.close()
