"""The widget on pages that hide, shrink, move, swap or listen to what is on them."""

from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Locator, Page, expect

from tests.browser.hosts import HOSTS
from tests.browser.quarter import Quarter

pytestmark = pytest.mark.asyncio(loop_scope="module")

# Where each part of the chat is, and what it looks like.
LOOKS = """names => {
  const all = [...document.querySelectorAll("*")];
  const root = all.find(one => one.shadowRoot).shadowRoot;
  return names.map(name => {
    const node = root.querySelector(name);
    const box = node.getBoundingClientRect();
    const style = getComputedStyle(node);
    return [name, ...[box.x, box.y, box.width, box.height].map(Math.round),
      ...["fontFamily", "fontSize", "lineHeight", "letterSpacing", "textTransform",
        "color", "backgroundColor", "direction", "writingMode", "visibility",
        "cursor", "pointerEvents"].map(one => style[one])];
  });
}"""
OPEN = [".panel", "header", "h1", ".log", "textarea", "form button"]
FRESH = """const old = document.body, root = document.documentElement;
const fresh = () => {
  const body = document.createElement("body");
  body.append(document.createElement("main"));
  return body;
};"""
# What Turbo, Astro, pjax and others do when a link is followed.
SWAPS = {
    "the body is replaced": "root.replaceChild(fresh(), old)",
    "the body is filled anew": "old.innerHTML = '<main></main>'",
    "the page is filled anew": "root.innerHTML = '<body></body>'",
    "head and body are replaced": "root.replaceChildren("
    "document.createElement('head'), fresh())",
    "the root is replaced": "const html = document.createElement('html');"
    "html.append(document.createElement('head'), fresh());"
    "document.replaceChild(html, root)",
    "the chat is removed": "[...document.querySelectorAll('*')]"
    ".find(one => one.shadowRoot).remove()",
}


def launcher(page: Page) -> Locator:
    return page.get_by_role("button", name="Ask a question")


def message(page: Page) -> Locator:
    return page.get_by_label("Your message")


async def looks(page: Page) -> list[Any]:
    """How the chat looks, closed and then open."""
    await expect(launcher(page)).to_be_visible()
    closed = await page.evaluate(LOOKS, [".launcher"])
    await launcher(page).click()
    await expect(message(page)).to_be_focused()
    opened = await page.evaluate(LOOKS, OPEN)
    return [*closed, *opened]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def wanted(quarter: Quarter) -> list[Any]:
    """How the chat looks on a page that does nothing to it."""
    async with quarter.page("friendly") as page:
        return await looks(page)


@pytest.mark.parametrize("kind", HOSTS)
async def test_the_chat_looks_as_on_a_friendly_page_on_one_with(
    quarter: Quarter, wanted: list[Any], kind: str
) -> None:
    async with quarter.page(kind) as page:
        assert await looks(page) == wanted
        await page.keyboard.press("Escape")
        await expect(launcher(page)).to_be_focused()


async def test_a_page_with_a_strict_policy_gets_answers(quarter: Quarter) -> None:
    async with quarter.page("strict-policy") as page:
        await launcher(page).click()
        await page.keyboard.type("How long?")
        await page.get_by_role("button", name="Send").click()
        await expect(page.locator(".entry.bot")).to_contain_text("About: How long?")


async def test_what_is_typed_into_the_chat_is_heard_by_nobody_else(
    quarter: Quarter,
) -> None:
    async with quarter.page("shortcuts") as page:
        await launcher(page).click()
        await page.keyboard.type("/search me")
        await expect(message(page)).to_have_value("/search me")
        await page.keyboard.press("Enter")
        await expect(page.locator(".entry.bot")).to_contain_text("About: /search me")
        await page.keyboard.press("Escape")
        await expect(launcher(page)).to_be_focused()
        await page.keyboard.press("Enter")
        await expect(message(page)).to_be_focused()
        assert await page.evaluate("heard") == []
        await page.locator("h1").first.click()
        await page.keyboard.press("s")
        assert "s" in await page.evaluate("heard")


@pytest.mark.parametrize("how", SWAPS)
async def test_the_chat_outlives_a_page_that(quarter: Quarter, how: str) -> None:
    async with quarter.page("friendly") as page:
        await launcher(page).click()
        await message(page).fill("A draft")
        await page.evaluate(f"() => {{ {FRESH} {SWAPS[how]} }}")
        await expect(message(page)).to_be_visible()
        await expect(message(page)).to_have_value("A draft")
        # Some of them run the scripts of the new page, too.
        await page.add_script_tag(url=f"{quarter.chat}/widget.js")
        await message(page).press("Escape")
        await expect(launcher(page)).to_have_count(1)
        await launcher(page).click()
        await expect(message(page)).to_be_visible()


async def test_staff_who_answer_a_closed_chat_are_noticed(quarter: Quarter) -> None:
    async with quarter.page("friendly") as page:
        await launcher(page).click()
        await message(page).fill("a person")
        await message(page).press("Enter")
        await expect(page.locator(".notice")).to_contain_text("has been asked")
        conversation = await quarter.newest()
        await page.keyboard.press("Escape")
        await expect(page).to_have_title("A university")
        await quarter.reply(conversation, "Hello, this is Ana.")
        await expect(page).to_have_title("(1) A university")
        await expect(launcher(page)).to_have_accessible_name(
            "Ask a question New messages: 1"
        )
        await expect(page.get_by_role("status")).to_have_text("New messages: 1")
        # On the next page of the site, too.
        await page.goto(f"{quarter.site}/other")
        await expect(page).to_have_title("(1) A university")
        await quarter.reply(conversation, "Are you there?")
        await expect(launcher(page).locator(".count")).to_have_text("2")
        await launcher(page).click()
        await expect(page.get_by_text("Are you there?")).to_be_in_viewport()
        await expect(page).to_have_title("A university")
        await page.keyboard.press("Escape")
        await expect(launcher(page)).to_have_accessible_name("Ask a question")
        await page.reload()
        await expect(launcher(page)).to_be_visible()
        await expect(page).to_have_title("A university")


async def test_who_never_wrote_holds_no_line_open(quarter: Quarter) -> None:
    async with quarter.page("friendly") as page:
        await launcher(page).click()
        await expect(page.locator(".entry")).to_have_count(1)
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        await page.goto(f"{quarter.site}/other")
        await expect(launcher(page)).to_be_visible()
        await page.evaluate("new Promise(done => setTimeout(done))")
        assert [url for url in asked if "/api/chat/" in url] == []
