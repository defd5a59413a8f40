"""What the bot offers in the web chat can be tapped."""

from dataclasses import replace

import pytest
from axe_playwright_python.async_playwright import Axe
from fastapi import FastAPI
from playwright.async_api import Page, ViewportSize, expect

from bot.config import Settings
from bot.conversations.ports import Answer, Outcome
from tests.browser.office import DESKTOP, PHONE, Office
from tests.support.assistants import ScriptedAssistant, answer

MARKUP = "<b>What</b> does it cost?"
QUESTIONS = (MARKUP, "متى يبدأ؟")
ASKED = replace(
    answer(f"For example:\n1. {MARKUP}\n2. {QUESTIONS[1]}", outcome=Outcome.CLARIFY),
    choices=QUESTIONS,
)
TITLES = ("Data", "Data: the basics")
LISTED = replace(
    answer(
        "These fit:\n1. Data: Google; online\n2. Data: the basics: IBM; online\n"
        "Not all there are.\n\nYou can also ask: How long? · Who pays?"
    ),
    choices=(*TITLES, "How long?", "Who pays?"),
)
STEPS = answer("Do this:\n1. Apply\n2. Pay\nThen wait.\n3. Travel\n- with a visa")
FEWEST_PIXELS = 44


def reply(question: str) -> Answer:
    return {"hello": ASKED, "courses": LISTED, "steps": STEPS}.get(
        question, answer(f"About: {question}")
    )


@pytest.fixture
async def chat(
    page: Page, server: FastAPI, web_settings: Settings, assistant: ScriptedAssistant
) -> Page:
    assistant.reply = reply
    await page.goto(web_settings.base_url)
    return page


async def ask(page: Page, text: str) -> None:
    await page.get_by_label("Your message").fill(text)
    await page.get_by_label("Your message").press("Enter")


async def test_a_choice_that_is_tapped_is_asked_and_answered(
    chat: Page, assistant: ScriptedAssistant
) -> None:
    await ask(chat, "hello")
    buttons = chat.locator(".choices button")
    await expect(buttons).to_have_text([f"1. {MARKUP}", f"2. {QUESTIONS[1]}"])
    await expect(buttons.nth(1)).to_have_attribute("dir", "rtl")
    assert await chat.locator(".entry.bot b").count() == 0
    await expect(chat.locator(".entry.bot .words").first).to_have_text(
        f"For example:1. {MARKUP}2. {QUESTIONS[1]}"
    )
    await buttons.first.click()
    await expect(chat.locator(".entry.contact .words").last).to_have_text(MARKUP)
    await expect(chat.locator(".entry.bot").last).to_contain_text(f"About: {MARKUP}")
    question, earlier = assistant.asked[-1]
    assert (question, earlier[-1].choices) == (MARKUP, QUESTIONS)
    await expect(buttons).to_have_count(0)
    await expect(chat.locator("ol li")).to_have_text(list(QUESTIONS))


async def test_choices_are_reached_and_taken_by_the_keyboard(chat: Page) -> None:
    await ask(chat, "hello")
    second = chat.get_by_role("button", name=QUESTIONS[1])
    await expect(second).to_be_visible()
    await chat.locator(".log").focus()
    await chat.keyboard.press("Tab")
    await expect(chat.locator(".choices button").first).to_be_focused()
    await chat.keyboard.press("Tab")
    await expect(second).to_be_focused()
    await chat.keyboard.press("Enter")
    await expect(chat.locator(".entry.contact .words").last).to_have_text(QUESTIONS[1])
    await expect(chat.get_by_label("Your message")).to_be_focused()


async def test_of_programmes_the_line_is_the_button_and_the_title_is_asked(
    chat: Page,
) -> None:
    await ask(chat, "courses")
    buttons = chat.locator(".choices button")
    await expect(buttons).to_have_text(
        [
            "1. Data: Google; online",
            "2. Data: the basics: IBM; online",
            "How long?",
            "Who pays?",
        ]
    )
    await expect(chat.locator(".entry.bot p").last).to_have_text("You can also ask:")
    await buttons.nth(1).click()
    await expect(chat.locator(".entry.contact .words").last).to_have_text(TITLES[1])
    await expect(chat.locator(".entry.bot").first).to_contain_text(
        "You can also ask: How long? · Who pays?"
    )


async def test_after_a_reload_only_the_last_message_can_be_picked_from(
    chat: Page,
) -> None:
    await ask(chat, "hello")
    await expect(chat.locator(".choices button")).to_have_count(2)
    await ask(chat, "courses")
    await expect(chat.locator(".choices button")).to_have_count(4)
    await chat.reload()
    await expect(chat.locator(".entry.bot")).to_have_count(2)
    await expect(chat.locator(".choices button")).to_have_count(4)
    await expect(chat.locator(".entry.bot").first.locator("li")).to_have_count(2)


async def test_numbered_lines_that_nobody_picks_are_a_list_with_their_numbers(
    chat: Page,
) -> None:
    await ask(chat, "steps")
    items = chat.locator(".entry.bot ol li")
    await expect(items).to_have_text(["Apply", "Pay", "Travel"])
    assert await items.evaluate_all("all => all.map(one => one.value)") == [1, 2, 3]
    await expect(chat.locator(".entry.bot ul li").first).to_have_text("with a visa")
    assert await chat.locator(".choices").count() == 0


@pytest.mark.usefixtures("server")
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desk"])
async def test_choices_are_large_and_legible_on_every_screen(
    scheme: str, size: ViewportSize, office: Office, assistant: ScriptedAssistant
) -> None:
    assistant.reply = reply
    async with office.page(size, scheme) as page:
        await page.goto(office.address)
        await ask(page, "courses")
        buttons = page.locator(".choices button")
        await expect(buttons).to_have_count(4)
        heights = await buttons.evaluate_all("all => all.map(one => one.offsetHeight)")
        assert min(heights) >= FEWEST_PIXELS
        assert await buttons.first.get_attribute("dir") == "ltr"
        found = await Axe().run(page)
        assert found.response["violations"] == [], found.generate_report()
        width = await page.evaluate("document.documentElement.scrollWidth")
        assert width <= size["width"]
