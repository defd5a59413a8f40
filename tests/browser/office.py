"""Pages of the console and of the chat, each in a browser of its own."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser, Page, ViewportSize, expect

from tests.support.staff import PASSWORD

PHONE: ViewportSize = {"width": 360, "height": 740}
DESKTOP: ViewportSize = {"width": 1280, "height": 800}


@dataclass(frozen=True, slots=True, kw_only=True)
class Office:
    """Opens pages in browsers of their own; every complaint of a script is kept."""

    browser: Browser
    address: str
    complaints: list[str]

    @asynccontextmanager
    async def page(
        self, size: ViewportSize = DESKTOP, scheme: str = "light"
    ) -> AsyncIterator[Page]:
        context = await self.browser.new_context(
            viewport=size, color_scheme="dark" if scheme == "dark" else "light"
        )
        context.set_default_timeout(30_000)
        page = await context.new_page()
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        yield page
        await context.close()

    async def sign_in(self, page: Page, name: str) -> None:
        await page.goto(f"{self.address}/console")
        await page.get_by_label("Name").fill(name)
        await page.get_by_label("Password").fill(PASSWORD)
        await page.get_by_role("button", name="Sign in").click()
        await expect(page.get_by_role("navigation", name="Lists")).to_be_visible()
        await self.ready(page)

    async def ready(self, page: Page) -> None:
        """Wait until the page's script listens to clicks and keys."""
        await expect(page.locator("html[data-ready]")).to_be_attached()

    async def open(self, page: Page) -> None:
        """Open the only conversation of the list."""
        await page.locator(".row a").click()
        await expect(page.locator(".thread")).to_be_visible()
        await self.ready(page)

    async def ask(self, page: Page, text: str) -> None:
        """The contact writes in the web chat."""
        if "console" in page.url or not page.url.startswith(self.address):
            await page.goto(self.address)
        await page.get_by_label("Your message").fill(text)
        await page.get_by_role("button", name="Send").click()

    async def check(self, page: Page) -> None:
        """Nothing keeps anybody out, and nothing is wider than the screen."""
        # Before its style sheet a page has the colours of the browser.
        await page.wait_for_load_state("load")
        found = await Axe().run(page)
        assert found.response["violations"] == [], found.generate_report()
        width = await page.evaluate("document.documentElement.scrollWidth")
        assert page.viewport_size
        assert width <= page.viewport_size["width"]
