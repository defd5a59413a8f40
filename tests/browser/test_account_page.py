"""The account page in a real browser."""

import pyotp
from fastapi import FastAPI
from playwright.async_api import expect

from tests.browser.office import PHONE, Office
from tests.support.staff import PASSWORD

NEW = "another horse battery"


async def test_a_password_is_changed_and_the_page_says_what_came_of_it(
    office: Office, server: FastAPI
) -> None:
    async with office.page(PHONE) as ben:
        await office.sign_in(ben, "Ben")
        await ben.goto(f"{office.address}/console/account")
        await office.ready(ben)
        current = ben.get_by_label("The one you have")
        await current.fill("not the one")
        await ben.get_by_label("A new one").fill(NEW)
        await ben.get_by_label("The new one again").fill(NEW)
        await ben.get_by_role("button", name="Change password").click()
        await expect(ben.get_by_role("alert")).to_contain_text("not your current")
        await current.fill(PASSWORD)
        await ben.get_by_role("button", name="Change password").click()
        await expect(ben.get_by_role("status")).to_contain_text(
            "The new password holds"
        )
        await expect(ben.get_by_role("alert")).to_be_hidden()
        await expect(current).to_have_value("")
        await office.check(ben)


async def test_an_authenticator_is_set_up_and_asked_for_on_a_telephone(
    office: Office, server: FastAPI
) -> None:
    async with office.page(PHONE, "dark") as ben:
        await office.sign_in(ben, "Ben")
        await ben.goto(f"{office.address}/console/confirm")
        await office.check(ben)
        await ben.goto(f"{office.address}/console/second-step")
        await ben.get_by_role("button", name="Set up an authenticator").click()
        await expect(ben.get_by_role("img")).to_be_visible()
        await office.check(ben)
        phone = pyotp.TOTP(await ben.locator("code").inner_text())
        clock = server.state.parts.conversations.clock
        await ben.get_by_label("The code it shows").fill(phone.at(clock()))
        await ben.get_by_role("button", name="Switch it on").click()
        await expect(ben.locator(".codes code")).to_have_count(8)
        await office.check(ben)
        paper = await ben.locator(".codes code").first.inner_text()
    async with office.page(PHONE) as ben:
        await ben.goto(f"{office.address}/console")
        await ben.get_by_label("Name").fill("Ben")
        await ben.get_by_label("Password").fill(PASSWORD)
        await ben.get_by_role("button", name="Sign in").click()
        code = ben.get_by_label("The six digits")
        await expect(code).to_be_focused()
        await office.check(ben)
        await code.fill(paper)
        await ben.get_by_role("button", name="Sign in").click()
        await expect(ben.get_by_role("navigation", name="Lists")).to_be_visible()
