"""The account page in a real browser."""

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
