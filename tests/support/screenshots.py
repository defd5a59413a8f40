"""Takes the pictures of ``docs/screenshots``: ``python -m tests.support.screenshots``.

With ``--look FOLDER`` every page of the console is taken on a phone and on a desk,
light and dark, for whoever changes one.
"""

import argparse
import asyncio
import shutil
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

from fastapi import FastAPI
from playwright.async_api import Browser, Page, ViewportSize, async_playwright

from bot.app import create_app
from bot.config import Settings
from bot.parts import Parts
from tests.support.assistants import ScriptedAssistant
from tests.support.example import Example, LateClock, reply, seed
from tests.support.servers import free_port, served
from tests.support.staff import PASSWORD

PROJECT = Path(__file__).parents[2]
PICTURES = PROJECT / "docs" / "screenshots"
DESK: ViewportSize = {"width": 1280, "height": 800}
PHONE: ViewportSize = {"width": 360, "height": 740}
BEHIND = timedelta(hours=2)


def main() -> None:
    """Start an example on a free port, take the pictures, stop it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--look", type=Path, metavar="FOLDER")
    look: Path | None = parser.parse_args().look
    folder = look or PICTURES
    folder.mkdir(parents=True, exist_ok=True)
    asyncio.run(_run(folder, everything=look is not None))


async def _run(folder: Path, *, everything: bool) -> None:
    async with _example() as (address, example), async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox"]
        )
        paths = pages(example)
        if everything:
            for size in (DESK, PHONE):
                for scheme in ("light", "dark"):
                    suffix = f"-{size['width']}-{scheme}"
                    async with _signed_in(browser, address, size, scheme) as page:
                        for name, path in paths.items():
                            await _take(page, path, folder / f"{name}{suffix}.png")
        else:
            await _chat(browser, address, folder / "chat.png")
            await _open(browser, f"{address}/console", folder / "console-sign-in.png")
            await _open(browser, f"{address}/api/v1/docs", folder / "reference.png")
            async with _signed_in(browser, address, DESK, "light") as page:
                for name, path in paths.items():
                    await _take(page, path, folder / f"console-{name}.png")
            async with _signed_in(browser, address, PHONE, "dark") as page:
                picture = folder / "console-phone.png"
                await _take(page, paths["conversation"], picture)
        await browser.close()


def pages(example: Example) -> dict[str, str]:
    """Every page of the console, by the name of its picture."""
    return {
        "inbox": "/console",
        "conversation": f"/console/conversations/{example.conversation}",
        "closed-window": f"/console/conversations/{example.closed}",
        "contact": f"/console/contacts/{example.contact}",
        "contacts": "/console/contacts",
        "call-backs": "/console/call-backs",
        "replies": "/console/replies",
        "office": "/console/office",
        "spend": "/console/spend",
        "account": "/console/account",
        "second-step": "/console/second-step",
        "confirm": "/console/confirm",
        "integrations": "/console/integrations",
        "merge-choice": f"/console/contacts/{example.contact}/merge",
        "merge": f"/console/contacts/{example.contact}/merge/{example.other}",
        "erase": f"/console/contacts/{example.contact}/erase",
    }


@asynccontextmanager
async def _example() -> AsyncIterator[tuple[str, Example]]:
    clock = LateClock(BEHIND)
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(
            environment="development",
            data_dir=Path(folder),
            knowledge_dir=PROJECT / "knowledge",
            port=free_port(),
        )
        app: FastAPI = create_app(
            settings, assistant=ScriptedAssistant(reply), clock=clock
        )
        parts: Parts = app.state.parts
        await parts.database.migrate()
        assert parts.simulator
        parts.simulator.connect(app)
        example = await seed(parts, clock)
        async with served(app, port=settings.port) as address:
            yield address, example


async def _chat(browser: Browser, address: str, picture: Path) -> None:
    page = await browser.new_page(viewport=PHONE)
    await page.goto(address)
    await page.get_by_label("Your message").fill("How much is a course?")
    await page.get_by_role("button", name="Send").click()
    await page.locator(".entry.bot").last.wait_for()
    await page.screenshot(path=picture)


async def _open(browser: Browser, address: str, picture: Path) -> None:
    """A page for which nobody has signed in."""
    page = await browser.new_page(viewport=DESK)
    await page.goto(address)
    await page.screenshot(path=picture)


@asynccontextmanager
async def _signed_in(
    browser: Browser, address: str, size: ViewportSize, scheme: str
) -> AsyncIterator[Page]:
    """A page of Ana's, who has an account."""
    context = await browser.new_context(
        viewport=size,
        color_scheme="dark" if scheme == "dark" else "light",
        base_url=address,
    )
    page = await context.new_page()
    await page.goto("/console")
    await page.get_by_label("Name").fill("Ana")
    await page.get_by_label("Password").fill(PASSWORD)
    await page.get_by_role("button", name="Sign in").click()
    await page.locator("html[data-ready]").wait_for(state="attached")
    yield page
    await context.close()


async def _take(page: Page, path: str, picture: Path) -> None:
    await page.goto(path)
    await page.locator("html[data-ready]").wait_for(state="attached")
    await page.screenshot(path=picture)


if __name__ == "__main__":
    main()
