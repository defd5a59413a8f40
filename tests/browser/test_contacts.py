"""Contacts in a real browser: their page, a merge, and an answer that waits."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from fastapi import FastAPI
from playwright.async_api import Page, ViewportSize, expect
from sqlalchemy import update

from bot.config import Settings
from bot.conversations.models import Address
from bot.parts import Parts
from tests.browser.conftest import Running
from tests.browser.office import DESKTOP, PHONE, Office

NUMBER = "whatsapp:+447700900123"
OTHER = "whatsapp:+4915112345678"


async def write(app: FastAPI, text: str, *, sender: str = NUMBER) -> None:
    """Somebody writes from the simulated phone."""
    parts: Parts = app.state.parts
    assert parts.simulator
    answer = await parts.simulator.type(text, sender=sender)
    assert answer.status_code == 200


async def close_window(app: FastAPI) -> None:
    """As if everybody had last written two days ago."""
    parts: Parts = app.state.parts
    ago = parts.conversations.clock() - timedelta(days=2)
    async with parts.database.write() as session:
        await session.execute(update(Address).values(last_inbound_at=ago))
    assert parts.simulator
    for message in parts.simulator.messages:
        message.created_at = ago


def sent(app: FastAPI) -> list[str]:
    """What the phone has been sent."""
    parts: Parts = app.state.parts
    assert parts.simulator
    return [one.body for one in parts.simulator.messages if one.recipient == NUMBER]


async def test_an_answer_waits_over_a_restart_and_leaves_once_when_they_write(
    office: Office, web_settings: Settings, running: Callable[[Settings], Running]
) -> None:
    async with office.page() as ana, office.page(PHONE) as ben:
        async with running(web_settings) as app:
            await write(app, "A person, please")
            for page, name in ((ana, "Ana"), (ben, "Ben")):
                await office.sign_in(page, name)
                await expect(page.locator(".row")).to_contain_text("Asks for a person")
            await close_window(app)
            await office.open(ana)
            await office.open(ben)
            await ana.get_by_text("Answer ready").click()
            await ana.get_by_label("{{1}}: their name").fill("Ada")
            await ana.get_by_label("Your answer, which leaves").fill("49 dollars.")
            await office.check(ana)
            await ana.get_by_role("button", name="Send this message").click()
            for page in (ana, ben):
                held = page.get_by_role("region", name="Waits for the contact")
                await expect(held).to_contain_text("49 dollars.")
            await office.check(ben)
        await expect(ana.locator("#line")).to_contain_text("cannot be reached")
        async with running(web_settings) as app:
            await expect(ana.locator("#line")).to_be_hidden()
            await write(app, "Yes?")
            for page in (ana, ben):
                await expect(page.locator(".entries .staff")).to_have_count(2)
                await expect(page.locator(".entries .staff").last).to_contain_text(
                    "49 dollars."
                )
                await expect(page.locator(".held .entry")).to_have_count(0)
            await expect(ana.locator(".entries .staff .read")).to_have_count(2)
            assert sent(app).count("49 dollars.") == 1


async def test_a_contact_is_named_labelled_merged_and_found(
    office: Office, server: FastAPI
) -> None:
    async with office.page() as ana, office.page(PHONE) as ben:
        await write(server, "A person, please")
        await write(server, "person!", sender=OTHER)
        await office.sign_in(ben, "Ben")
        await expect(ben.locator(".row")).to_have_count(2)
        await expect(ben).to_have_title("(2) Waiting · Harbour Advisory")
        await office.sign_in(ana, "Ana")
        await ana.goto(f"{office.address}/console/office")
        await ana.get_by_label("New label").fill("Nursing")
        await ana.get_by_role("button", name="Add").click()
        await ana.goto(f"{office.address}/console/contacts")
        await ana.get_by_role("link", name="+447700900123").click()
        await office.ready(ana)
        await ana.get_by_label("Name").fill("Ada")
        await ana.get_by_role("button", name="Save the name").click()
        await expect(ana.locator("h1")).to_have_text("Ada")
        await expect(ben.locator(".row .who").first).to_contain_text("Ada")
        await ana.get_by_label("Nursing").check()
        await ana.get_by_role("button", name="Save the labels").click()
        await expect(ana.locator("header .label")).to_have_text("Nursing")
        await ana.get_by_label("Destination").fill("Germany")
        await ana.get_by_role("button", name="Save the plans").click()
        await ana.get_by_label("They agreed to").fill("be called")
        await ana.get_by_label("How they said so").fill("on the telephone")
        await ana.get_by_role("button", name="Write it down").click()
        await expect(ana.locator("[data-live=consents]")).to_contain_text("be called")
        await expect(ana.get_by_label("They agreed to")).to_have_value("")
        await ana.get_by_role("link", name="The same person as somebody else").click()
        await ana.get_by_role("link", name="+4915112345678").click()
        await ana.get_by_role("button", name="Merge them").click()
        await expect(ana.locator("[data-live=conversations] li")).to_have_count(2)
        await expect(ben.locator(".row .who")).to_contain_text(["Ada", "Ada"])
        await ben.get_by_text("Filters", exact=True).click()
        await ben.get_by_label("Label").select_option("Nursing")
        await ben.get_by_role("button", name="Filter").click()
        await expect(ben.locator(".row")).to_have_count(2)


async def test_a_long_list_is_turned_by_the_keyboard(
    office: Office, server: FastAPI
) -> None:
    for number in range(55):
        await write(server, "Hello", sender=f"whatsapp:+4477009{number:05d}")
    async with office.page() as ana:
        await office.sign_in(ana, "Ana")
        await ana.goto(f"{office.address}/console?view=all")
        await office.ready(ana)
        await expect(ana.locator(".row")).to_have_count(50)
        await ana.locator(".row a").last.focus()
        await ana.keyboard.press("j")
        await expect(ana.get_by_role("link", name="After")).to_be_focused()
        await ana.keyboard.press("Enter")
        await expect(ana.locator(".row")).to_have_count(5)
        await office.ready(ana)
        await office.check(ana)
        await ana.keyboard.press("j")
        await expect(ana.locator(".row a").first).to_be_focused()
        await ana.keyboard.press("k")
        await expect(ana.get_by_role("link", name="Before")).to_be_focused()


@pytest.mark.parametrize(
    ("size", "scheme"),
    [(PHONE, "light"), (PHONE, "dark"), (DESKTOP, "light"), (DESKTOP, "dark")],
)
async def test_no_page_about_contacts_or_accounts_has_barriers(
    office: Office, server: FastAPI, size: ViewportSize, scheme: str
) -> None:
    async def see(page: Page, path: str) -> None:
        await page.goto(f"{office.address}{path}")
        await office.check(page)

    async with office.page(size, scheme) as ana:
        await office.sign_in(ana, "Ana")
        for path in ("", "?view=mine", "?q=nobody", "/contacts", "/account"):
            await see(ana, f"/console{path}")
        await write(server, "A person, please")
        await write(server, "person!", sender=OTHER)
        await ana.goto(f"{office.address}/console/contacts")
        await ana.locator(".past a").first.click()
        await office.ready(ana)
        contact = ana.url
        await office.check(ana)
        await ana.get_by_label("Budget").fill("x")
        await ana.evaluate(
            "document.querySelector('[name=budget]').value = 'x'.repeat(101)"
        )
        await ana.get_by_role("button", name="Save the plans").click()
        await expect(ana.get_by_role("alert")).to_contain_text("at most 100")
        await office.check(ana)
        await ana.goto(f"{contact}/merge")
        await office.check(ana)
        await ana.locator(".past a").first.click()
        await expect(ana).to_have_url(re.compile(r"/merge/."))
        await office.check(ana)
        await ana.goto(f"{contact}/erase")
        await office.check(ana)
        await ana.get_by_label("Type").fill("somebody else")
        await ana.get_by_role("button", name="Erase for good").click()
        await expect(ana.get_by_role("alert")).to_contain_text("nothing was erased")
        await office.check(ana)
