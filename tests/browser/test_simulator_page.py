"""The simulated phone's page."""

import re

import pytest
from axe_playwright_python.async_playwright import Axe
from fastapi import FastAPI
from playwright.async_api import Page, expect

from bot.config import Settings
from tests.support.assistants import HeldAssistant


async def test_the_simulated_phone_shows_the_reply_and_how_far_it_came(
    page: Page, server: FastAPI, web_settings: Settings
) -> None:
    await page.goto(f"{web_settings.base_url}/simulator")
    await page.get_by_label("Message", exact=True).fill("How <b>long</b>?")
    await page.get_by_role("button", name="Send").click()
    await expect(page.locator(".message.inbound")).to_contain_text("How <b>long</b>?")
    reply = page.locator(".message.outbound-api")
    await expect(reply).to_contain_text("automated assistant of Harbour")
    await expect(reply).to_contain_text("About: How <b>long</b>?")
    await expect(reply.locator("small")).to_have_text("read")
    found = await Axe().run(page)
    assert found.response["violations"] == [], found.generate_report()


async def test_another_number_is_another_conversation(
    page: Page, server: FastAPI, web_settings: Settings
) -> None:
    await page.goto(f"{web_settings.base_url}/simulator")
    await page.get_by_label("Your number").fill("whatsapp:+4915112345678")
    await page.get_by_label("Message", exact=True).fill("Hello")
    await page.get_by_label("Message", exact=True).press("Enter")
    await expect(page.locator(".message.outbound-api")).to_contain_text("About: Hello")
    await page.get_by_label("Your number").fill("whatsapp:+447700900123")
    await expect(page.locator(".message")).to_have_count(0)
    await expect(page.locator("#thread")).to_have_text(re.compile(r"^\s*$"))


class TestThinking:
    """While the assistant thinks."""

    @pytest.fixture
    def assistant(self) -> HeldAssistant:
        return HeldAssistant()

    async def test_the_phone_shows_typing_until_the_answer_is_there(
        self,
        page: Page,
        server: FastAPI,
        web_settings: Settings,
        assistant: HeldAssistant,
    ) -> None:
        await page.goto(f"{web_settings.base_url}/simulator")
        await page.get_by_label("Message", exact=True).fill("How long?")
        await page.get_by_role("button", name="Send").click()
        await expect(page.locator("#thread")).to_contain_text("typing …")
        assistant.released.set()
        await expect(page.locator(".message.outbound-api")).to_be_visible()
        await expect(page.locator("#thread")).not_to_contain_text("typing …")
