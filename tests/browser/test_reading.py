"""What is said in the chat can be read: by eye, aloud, and in either direction."""

import asyncio
import re

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Locator, Page, Route, expect

from bot.channels.web_requests import LONGEST_TEXT
from tests.browser.office import PHONE
from tests.browser.quarter import SCRAMBLED, Quarter

pytestmark = pytest.mark.asyncio(loop_scope="module")

FEWEST_PIXELS = 44
# Where a piece of what is shown stands on the screen, from its left edge.
LEFT = """(node, piece) => {
  const walker = document.createTreeWalker(node, NodeFilter.SHOW_TEXT);
  for (let text; (text = walker.nextNode());) {
    const at = text.data.indexOf(piece);
    if (at < 0) continue;
    const range = document.createRange();
    range.setStart(text, at);
    range.setEnd(text, at + piece.length);
    return range.getBoundingClientRect().x;
  }
  throw new Error(`${piece} is not shown`);
}"""
# The language that a text is announced in.
ANNOUNCED = "node => node.closest('[lang]').lang"


async def ask(page: Page, text: str) -> Locator:
    """Ask, and find the answer when it is there."""
    answers = page.locator(".entry.bot")
    before = await answers.count()
    await page.locator("textarea").fill(text)
    await page.locator("textarea").press("Enter")
    await expect(answers).to_have_count(before + 1)
    return answers.nth(before)


async def test_a_long_answer_is_shown_from_its_beginning(quarter: Quarter) -> None:
    async with quarter.page(None, size=PHONE) as page:
        shown = await ask(page, "long")
        await expect(shown.locator("p").first).to_be_in_viewport(ratio=1)
        await expect(shown.locator("p").last).not_to_be_in_viewport()
        # Also when the page is opened again.
        await page.reload()
        await expect(shown.locator("p").first).to_be_in_viewport(ratio=1)


async def test_who_reads_a_long_answer_is_left_where_they_are(
    quarter: Quarter,
) -> None:
    async with quarter.page(None, size=PHONE) as page:
        shown = await ask(page, "long")
        conversation = await quarter.newest()
        await quarter.reply(conversation, "This is Ana.")
        await expect(page.locator(".entry.staff")).to_have_count(1)
        presence = quarter.conversations.presence
        await presence.writes(conversation, "Ana", active=True)
        await expect(page.locator(".typing")).not_to_have_attribute("hidden", "")
        await expect(shown.locator("p").first).to_be_in_viewport(ratio=1)
        # What came meanwhile is said, and is a tap away.
        news = page.get_by_role("button", name="New messages: 1")
        await news.click()
        await expect(page.locator(".entry.staff")).to_be_in_viewport(ratio=1)
        await expect(page.locator(".below")).to_be_hidden()


async def test_every_message_says_who_writes_and_so_does_the_header(
    quarter: Quarter,
) -> None:
    async with quarter.page(None) as page:
        header = page.locator("header p")
        shown = await ask(page, "How long?")
        conversation = await quarter.newest()
        await expect(header).to_have_text("Automated assistant")
        for entry in (page.locator(".entry.system"), shown):
            await expect(entry.first).to_contain_text("Automated assistant")
        mine = page.locator(".entry.contact")
        await expect(mine).to_have_text(re.compile("^You.*How long", re.DOTALL))
        await quarter.reply(conversation, "Hello.")
        await expect(page.locator(".entry.staff")).to_have_text(
            re.compile("^Our team.*Hello", re.DOTALL)
        )
        await expect(header).to_have_text("Our team")
        await page.reload()
        await expect(header).to_have_text("Our team")
        await quarter.conversations.hand_back(conversation)
        await expect(header).to_have_text("Automated assistant")


async def test_each_message_is_announced_in_its_own_language(
    quarter: Quarter,
) -> None:
    async with quarter.page(None, locale="es-MX") as page:
        shown = await ask(page, "How long?")
        await expect(page.get_by_label("Your message")).to_be_visible()
        greeting = page.locator(".entry.system p").first
        assert await greeting.evaluate(ANNOUNCED) == "es"
        assert await shown.locator("p").first.evaluate(ANNOUNCED) == "en"
        mine = page.locator(".entry.contact p")
        assert await mine.evaluate(ANNOUNCED) == ""
        await ask(page, "¿Cuánto?")
        await expect(page.get_by_label("Su mensaje")).to_be_visible()
        assert await shown.locator("p").first.evaluate(ANNOUNCED) == "en"
        who = shown.locator(".who")
        await expect(who).to_have_text("Asistente automático")
        assert await who.evaluate(ANNOUNCED) == "es"


async def test_what_is_written_before_the_greeting_comes_after_it(
    quarter: Quarter,
) -> None:
    # It opens its conversation when it is opened itself.
    async with quarter.page("friendly") as page:
        hold = asyncio.Event()

        async def slowly(route: Route) -> None:
            await hold.wait()
            await route.continue_()

        await page.route("**/api/chat/conversations", slowly)
        await page.locator(".launcher").click()
        field, entries = page.get_by_label("Your message"), page.locator(".entry")
        for text in ("One", "Two"):
            await field.fill(text)
            await field.press("Enter")
        await expect(entries).to_have_count(2)
        # That it is being sent is shown, and not read out.
        state = page.locator(".state").first
        await expect(state).to_have_text("sending …")
        await expect(state).to_have_attribute("aria-live", "off")
        hold.set()
        await expect(page.locator(".entry.bot").last).to_contain_text("Two")
        await expect(entries.first).to_have_class("entry system")
        await expect(page.locator(".entry.contact .words")).to_have_text(["One", "Two"])
        await expect(page.locator(".pending")).to_have_count(0)


async def test_what_was_read_before_is_not_announced_again(quarter: Quarter) -> None:
    async with quarter.page(None) as page:
        await ask(page, "How long?")
        await expect(page.locator(".entry.bot")).not_to_have_attribute(
            "aria-live", "off"
        )
        await page.reload()
        await expect(page.locator(".entry.bot")).to_have_attribute("aria-live", "off")


@pytest.mark.parametrize("locale", ["ar", "ur", "en-GB"])
async def test_dates_sums_and_links_stay_together_among_letters_from_the_right(
    quarter: Quarter, locale: str
) -> None:
    async with quarter.page(None, locale=locale, size=PHONE) as page:
        shown = await ask(page, "scrambled")
        for pieces in SCRAMBLED:
            places = [await shown.evaluate(LEFT, piece) for piece in pieces]
            assert places == sorted(places), pieces
        ways = await shown.locator("p").evaluate_all(
            "all => all.map(one => getComputedStyle(one).direction)"
        )
        assert set(ways) == {"rtl"}
        source = shown.locator(".sources li")
        assert await source.evaluate(LEFT, "Courses") is not None


async def test_a_message_that_is_too_long_is_kept_and_not_sent(
    quarter: Quarter,
) -> None:
    async with quarter.page(None) as page:
        field, notice = page.get_by_label("Your message"), page.get_by_role("status")
        await field.fill("😀" * LONGEST_TEXT)
        await expect(notice).to_be_hidden()
        await field.fill("😀" * (LONGEST_TEXT + 1))
        await expect(notice).to_contain_text(f"at most {LONGEST_TEXT} characters")
        await field.press("Enter")
        await expect(field).to_have_value(re.compile("😀"))
        await expect(page.locator(".entry.contact")).to_have_count(0)
        await field.fill("Short.")
        await expect(notice).to_be_hidden()


@pytest.mark.parametrize("locale", ["en-GB", "ar", "de"])
async def test_everything_that_is_tapped_is_large_on_the_smallest_phone(
    quarter: Quarter, locale: str
) -> None:
    async with quarter.page(
        "friendly", locale=locale, size={"width": 320, "height": 568}
    ) as page:
        await page.locator(".launcher").click()
        await ask(page, "How long?")
        await ask(page, "choices")
        sizes = await page.locator("button:visible, textarea").evaluate_all(
            "all => all.map(one => [one.offsetWidth, one.offsetHeight])"
        )
        assert len(sizes) > FEWEST_PIXELS / 8
        assert min(min(size) for size in sizes) >= FEWEST_PIXELS
        assert await page.locator(".panel").evaluate(
            "node => node.scrollWidth <= node.clientWidth"
        )


async def test_a_page_zoomed_in_four_times_has_room_for_what_is_said(
    quarter: Quarter,
) -> None:
    async with quarter.page("friendly", size={"width": 320, "height": 256}) as page:
        await page.locator(".launcher").click()
        shown = await ask(page, "How long?")
        await expect(shown.locator("p").first).to_be_in_viewport(ratio=1)
        log = await page.locator(".log").bounding_box()
        assert log
        assert log["height"] > page.viewport_size["height"] / 2  # type: ignore[index]


async def test_a_thumb_that_is_pressed_is_seen_in_forced_colours(
    quarter: Quarter,
) -> None:
    async with quarter.page(None, forced_colors="active") as page:
        shown = await ask(page, "How long?")
        up = shown.get_by_role("button").first
        await up.click()
        await expect(up).to_have_attribute("aria-pressed", "true")
        ground = "node => getComputedStyle(node).backgroundColor"
        panel = await page.locator(".panel").evaluate(ground)
        assert await up.evaluate(ground) != panel
        found = await Axe().run(page)
        assert found.response["violations"] == [], found.generate_report()
