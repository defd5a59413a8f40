"""A draft and translations in the console, on a phone and at a desk."""

import re
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest
from playwright.async_api import Browser, ViewportSize, expect

from bot.app import create_app
from bot.config import Settings
from bot.conversations.ports import Inbound
from bot.parts import Parts
from tests.browser.office import DESKTOP, PHONE, Office
from tests.support.helped import helped_settings
from tests.support.openai_server import (
    OpenAIServer,
    refuses,
    replies,
    stalls_after,
    writes,
)
from tests.support.servers import free_port, served
from tests.support.staff import add_staff

QUESTION = "¿Cuánto dura una microcredencial?"
SUMMARY = "Who: somebody who writes Spanish.\nWants: length and fee of a course."

LIMITS = {"bot_model_first_token_seconds": 25.0}
TYPED = "The fee is 450 euros. Please apply by 31 March."
RIGHT = "La tasa es de 450 euros. Solicite hasta el 31 de marzo."
WRONG = RIGHT.replace("450", "540")


@pytest.fixture
async def model() -> OpenAIServer:
    return OpenAIServer(writes(SUMMARY))


@pytest.fixture
def here(
    settings: Settings, sample_data: Path, sqlite_template: Path
) -> Callable[[str], Settings]:
    """Settings of a server with a model at an address."""
    return lambda address: helped_settings(
        settings, address, sample_data, sqlite_template, port=free_port(), **LIMITS
    )


@pytest.fixture
async def office(
    browser: Browser,
    model: OpenAIServer,
    here: Callable[[str], Settings],
    monkeypatch: pytest.MonkeyPatch,
) -> AsyncIterator[Office]:
    """Somebody who writes Spanish waits for a person; the server and its loops run."""
    monkeypatch.setenv("OPENAI_API_KEY", "a-key-for-tests")
    async with served(model.app) as address:
        settings = here(address)
        app = create_app(settings)
        await waiting(app.state.parts)
        complaints: list[str] = []
        async with served(app, port=settings.port):
            yield Office(
                browser=browser, address=settings.base_url, complaints=complaints
            )
            assert complaints == []


async def waiting(parts: Parts) -> None:
    conversations = parts.conversations
    await add_staff(parts.database, "Ana", now=conversations.clock())
    received = await conversations.receive(
        Inbound(channel="web", sender="visitor", external_id="1", text=QUESTION)
    )
    async with conversations.changing(received.conversation_id) as (_, found):
        found.language = "es"
    await conversations.hand_off(received.conversation_id, "own_case")


@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])
async def test_staff_read_a_summary_a_translation_and_a_draft(
    size: ViewportSize, office: Office, model: OpenAIServer
) -> None:
    async with office.page(size) as page:
        await office.sign_in(page, "Ana")
        await office.open(page)
        note = page.locator(".by-model")
        await expect(note).to_contain_text("Wants: length and fee of a course.")
        await expect(note).to_contain_text("Nobody said this.")

        model.script = writes("How long is a micro-credential?")
        first = page.locator(".entry.contact")
        await first.get_by_role("button", name="Translate this message").click()
        await expect(first.locator(".translated")).to_contain_text("How long is a")
        await expect(first).to_contain_text(QUESTION)
        await office.check(page)

        model.script = replies(
            "answer",
            ("Un curso dura entre seis y doce semanas a tiempo parcial.", [1, 2, 3]),
            ("El visado está garantizado: https://evil.example/pagar.", [1]),
        )
        await page.get_by_role("button", name="Draft a reply").click()
        words = page.get_by_label("Your words")
        await expect(words).to_have_value(re.compile("seis y doce semanas"))
        helped = page.get_by_role("status", name="About these words")
        await expect(helped.get_by_role("link").first).to_be_visible()
        await expect(helped).to_contain_text("Not in the documents")
        assert "evil.example" not in await words.input_value()
        assert await helped.get_by_role("link", name="evil").count() == 0
        await office.check(page)

        await page.reload()
        await office.ready(page)
        await expect(helped).to_contain_text("Not in the documents")
        await words.fill("")
        await expect(helped).to_be_hidden()


@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])
async def test_a_reply_is_translated_compared_and_sent_by_staff(
    size: ViewportSize, office: Office, model: OpenAIServer
) -> None:
    async with office.page(size) as page:
        await office.sign_in(page, "Ana")
        await office.open(page)
        words = page.get_by_label("Your words")
        helped = page.get_by_role("status", name="About these words")
        await words.fill(TYPED)
        model.script = writes("La tasa es de 540 euros. Solicite hasta el 31 de marzo.")
        await page.get_by_role("button", name="Translate into Spanish").click()
        await expect(words).to_have_value(re.compile("La tasa"))
        await expect(helped).to_contain_text(TYPED)
        await expect(helped).to_contain_text("only in the original: 450")
        await office.check(page)

        await page.get_by_role("button", name="Put my words back").click()
        await expect(words).to_have_value(TYPED)
        await expect(helped).to_be_hidden()
        model.script = writes("La tasa es de 450 euros. Solicite hasta el 31 de marzo.")
        await page.get_by_role("button", name="Translate into Spanish").click()
        await expect(words).to_have_value(RIGHT)
        await expect(helped.get_by_text("Compare with")).to_be_hidden()
        await page.get_by_role("button", name="Send", exact=True).click()
        sent = page.locator(".entry.staff")
        await expect(sent).to_contain_text("La tasa es de 450 euros.")
        await expect(helped).to_be_hidden()


async def test_what_is_typed_is_not_lost_and_a_model_that_fails_says_so(
    office: Office, model: OpenAIServer
) -> None:
    async with office.page() as page:
        await office.sign_in(page, "Ana")
        await office.open(page)
        words = page.get_by_label("Your words")
        await words.fill("Hello Maria,")
        model.script = replies("answer", ("Un curso dura seis semanas.", [1, 2, 3]))
        draft = page.get_by_role("button", name="Draft a reply")
        await draft.click()
        await expect(words).to_have_value(re.compile("^Hello Maria,\\nUn curso"))
        model.script = refuses(500)
        await draft.click()
        await expect(page.get_by_role("alert")).to_contain_text("wrote no draft")
        await expect(draft).to_be_enabled()
        await expect(words).to_have_value(re.compile("^Hello Maria,\\nUn curso"))
        await page.get_by_label("Private note").check()
        button = page.get_by_role("button", name="Translate into Spanish")
        await expect(button).to_be_hidden()


async def test_nothing_is_sent_while_a_translation_is_on_its_way(
    office: Office, model: OpenAIServer
) -> None:
    async with office.page() as page:
        await office.sign_in(page, "Ana")
        await office.open(page)
        words = page.get_by_label("Your words")
        await words.fill(TYPED)
        model.script = stalls_after("La tasa")
        await page.get_by_role("button", name="Translate into Spanish").click()
        send = page.get_by_role("button", name="Send", exact=True)
        await expect(send).to_be_disabled()
        await words.press("Control+Enter")
        await expect(page.get_by_role("alert")).to_contain_text("did not translate it")
        await expect(send).to_be_enabled()
        await expect(words).to_have_value(TYPED)
        await expect(page.locator(".entry.staff")).to_have_count(0)
