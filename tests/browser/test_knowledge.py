"""From an edit in the console to the answer that the next contact reads."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from fastapi import FastAPI
from playwright.async_api import expect

from bot.app import create_app
from bot.config import Settings
from tests.browser.office import DESKTOP, PHONE, Office
from tests.support.publishing import own_settings
from tests.support.servers import served

QUESTION = "Do I get a certificate?"


@pytest.fixture
def settings(tmp_path: Path, sample_data: Path) -> Settings:
    """Documents and an index of this test's own."""
    return own_settings(tmp_path, sample_data)


@pytest.fixture
async def answering(web_settings: Settings) -> AsyncIterator[FastAPI]:
    """The server as it is run, which answers from the documents."""
    app = create_app(web_settings)
    async with served(app, port=web_settings.port):
        yield app


async def test_an_answer_that_is_edited_is_what_the_next_contact_reads(
    office: Office, answering: FastAPI
) -> None:
    async with (
        office.page(DESKTOP) as ana,
        office.page(PHONE) as contact,
        office.page(PHONE) as next_contact,
    ):
        await office.ask(contact, QUESTION)
        reply = contact.locator(".entry.bot").last
        await expect(reply).to_contain_text("digital certificate with a badge")

        await office.sign_in(ana, "Ana")
        await ana.get_by_role("link", name="Knowledge").click()
        await office.check(ana)
        await ana.get_by_role("link", name="Certificates").click()
        await ana.get_by_role("link", name=f"Edit {QUESTION}").click()
        await ana.get_by_label("Text").fill("Yes, a **printed** one, by post.")
        await ana.get_by_role("button", name="Preview").click()
        preview = ana.get_by_role("region", name="Preview")
        await expect(preview).to_contain_text("Yes, a printed one, by post.")
        await office.check(ana)
        await ana.get_by_role("button", name="Publish").click()
        await expect(ana.get_by_text("edited by Ana")).to_be_visible()

        await office.ask(next_contact, QUESTION)
        reply = next_contact.locator(".entry.bot").last
        await expect(reply).to_contain_text("by post")

        await ana.get_by_role("link", name="History").click()
        await expect(ana.locator(".diff .new")).to_contain_text("by post")
        await ana.set_viewport_size(PHONE)
        await ana.goto(f"{office.address}/console/knowledge/ask")
        await ana.get_by_label("Message").fill(QUESTION)
        await ana.get_by_role("button", name="Ask").click()
        told = ana.get_by_role("region", name="The reply")
        await expect(told).to_contain_text("by post")
        await office.check(ana)
