"""The chat's own page, as a contact uses it."""

import asyncio
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from axe_playwright_python.async_playwright import Axe
from fastapi import FastAPI
from playwright.async_api import Browser, Locator, Page, Route, ViewportSize, expect

from bot.app import create_app
from bot.config import Settings
from bot.conversations.desk import queries
from bot.conversations.live.happenings import happenings
from bot.conversations.ports import Outcome
from tests.browser.conftest import Running
from tests.browser.office import DESKTOP, PHONE
from tests.support.assistants import ScriptedAssistant, TellingAssistant, answer
from tests.support.servers import served

MARKUP = "<img src=x onerror=\"document.title='broken in'\"><b>bold</b>"


async def ask(page: Page, text: str) -> None:
    await page.get_by_label("Your message").fill(text)
    await page.get_by_role("button", name="Send").click()


async def test_a_question_is_answered_with_its_source(
    page: Page, server: FastAPI, web_settings: Settings
) -> None:
    await page.goto(web_settings.base_url)
    await expect(page.get_by_text("automated assistant of Harbour")).to_be_visible()
    await ask(page, "How long?")
    await expect(page.locator(".entry.bot")).to_contain_text("About: How long?")
    link = page.get_by_role("link", name="Courses")
    await expect(link).to_have_attribute("href", "https://e.org/c")
    await expect(link).to_have_attribute("rel", "noopener noreferrer")
    await expect(page.locator(".typing")).to_be_hidden()


class TestAReplyThatIsReadAlong:
    @pytest.fixture
    def assistant(self) -> TellingAssistant:
        return TellingAssistant("It takes six weeks.")

    async def begun(self, page: Page, settings: Settings) -> Locator:
        """The bot's replies on a page, the first of which is being made."""
        await page.goto(settings.base_url)
        await ask(page, "How long?")
        said = page.locator(".entry.bot")
        await expect(said).to_contain_text("It takes six weeks.")
        return said

    async def test_it_stands_there_while_it_grows_and_once_when_it_is_whole(
        self,
        page: Page,
        server: FastAPI,
        web_settings: Settings,
        assistant: TellingAssistant,
    ) -> None:
        said = await self.begun(page, web_settings)
        await expect(page.locator(".growing")).to_have_attribute("aria-live", "off")
        assistant.released.set()
        await expect(said).to_contain_text("It takes six weeks. The rest.")
        await expect(said).to_have_count(1)
        await expect(page.locator(".growing")).to_have_count(0)
        await expect(page.get_by_role("link", name="Courses")).to_be_visible()

    async def test_after_a_takeover_it_stands_there_broken_off(
        self,
        page: Page,
        server: FastAPI,
        web_settings: Settings,
        assistant: TellingAssistant,
    ) -> None:
        said = await self.begun(page, web_settings)
        conversations = server.state.parts.conversations
        (*_, last) = await happenings(conversations.events.database, after=0)
        await conversations.take(last.conversation_id, member="Ada")
        await expect(said).to_contain_text("It takes six weeks. …")
        await expect(page.locator(".growing")).to_have_count(0)
        assistant.released.set()
        await page.reload()
        await expect(said).to_have_count(1)


async def test_the_page_answers_from_the_index(
    page: Page, web_settings: Settings, sample_data: Path
) -> None:
    settings = web_settings.model_copy(update={"data_dir": sample_data})
    settings = settings.model_copy(
        update={"database_url": f"sqlite:///{web_settings.data_dir / 'bot.sqlite3'}"}
    )
    async with served(create_app(settings), port=settings.port):
        await page.goto(settings.base_url)
        await ask(page, "How much money must I show for a German student visa?")
        shown = page.locator(".entry.bot")
        await expect(shown).to_contain_text("11,904 euros")
        await expect(shown).to_contain_text("(as of 2026-04)")
        await ask(page, "xyzzyplughqwrtz plughxyzzyqwrtz")
        await expect(shown).to_have_count(2)


async def test_a_thumb_under_an_answer_is_kept_and_one_down_offers_a_person(
    page: Page, server: FastAPI, web_settings: Settings
) -> None:
    await page.goto(web_settings.base_url)
    await ask(page, "How long?")
    up = page.get_by_role("button", name="This helped")
    down = page.get_by_role("button", name="This did not help")
    async with page.expect_response(lambda answer: "/feedback" in answer.url):
        await up.click()
    await page.reload()
    await expect(up).to_have_attribute("aria-pressed", "true")
    await down.click()
    await expect(page.locator(".entry.bot").last).to_contain_text("didn't help")
    await expect(up).to_have_attribute("aria-pressed", "false")
    await expect(down).to_have_attribute("aria-pressed", "true")
    await ask(page, "How much?")
    await expect(page.locator(".entry.bot").last).to_contain_text("About: How much?")


@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])
async def test_nothing_is_wider_than_the_screen(
    page: Page,
    server: FastAPI,
    web_settings: Settings,
    size: ViewportSize,
) -> None:
    await page.set_viewport_size(size)
    await page.goto(web_settings.base_url)
    await ask(page, "x" * 500 + " https://example.org/" + "y" * 300)
    await expect(page.locator(".entry.bot")).to_be_visible()
    width = await page.evaluate("document.documentElement.scrollWidth")
    assert width <= size["width"]
    log = page.locator(".log")
    assert await log.evaluate("node => node.scrollWidth <= node.clientWidth")


async def test_text_is_never_markup(
    page: Page, server: FastAPI, web_settings: Settings, assistant: ScriptedAssistant
) -> None:
    assistant.reply = lambda question: answer(f"You wrote {question}")
    await page.goto(web_settings.base_url)
    await ask(page, MARKUP)
    await expect(page.locator(".entry.contact")).to_contain_text(MARKUP)
    await expect(page.locator(".entry.bot")).to_contain_text(f"You wrote {MARKUP}")
    assert await page.locator(".entry img, .entry b").count() == 0
    assert "broken in" not in await page.title()


async def test_lists_bold_and_links_are_shown_as_such(
    page: Page, server: FastAPI, web_settings: Settings, assistant: ScriptedAssistant
) -> None:
    assistant.reply = lambda _: answer(
        "**Two ways**:\n- by post\n- on https://e.org/apply."
    )
    await page.goto(web_settings.base_url)
    await ask(page, "How do I apply?")
    shown = page.locator(".entry.bot")
    await expect(shown.locator("li").first).to_have_text("by post")
    await expect(shown.locator("strong")).to_have_text("Two ways")
    await expect(shown.locator("li a").first).to_have_attribute(
        "href", "https://e.org/apply"
    )


async def test_a_reload_shows_the_same_conversation_once(
    page: Page, server: FastAPI, web_settings: Settings
) -> None:
    await page.goto(web_settings.base_url)
    await ask(page, "How long?")
    await expect(page.locator(".entry.bot")).to_have_count(1)
    await page.reload()
    await expect(page.locator(".entry.bot")).to_have_count(1)
    await expect(page.locator(".entry.contact p")).to_have_text("How long?")
    await expect(page.locator(".entry")).to_have_count(3)


async def test_a_person_can_be_asked_for_and_answers_here(
    page: Page, server: FastAPI, web_settings: Settings, assistant: ScriptedAssistant
) -> None:
    assistant.reply = lambda _: answer(
        "Passed on.", outcome=Outcome.HANDOFF, reason="asked_for_person"
    )
    await page.goto(web_settings.base_url)
    await page.get_by_role("button", name="Talk to a person").click()
    notice = page.get_by_role("status")
    await expect(notice).to_contain_text("has been asked to answer you here")
    core = server.state.parts.conversations
    (row,) = await queries.waiting(core.events.database)
    await core.reply_as_staff(row.id, "Hello, this is Ana.", member="Ana")
    entry = page.locator(".entry.staff")
    await expect(entry).to_contain_text("Our team")
    await expect(entry).to_contain_text("Hello, this is Ana.")
    await expect(notice).to_contain_text("with a person from our team")
    await core.hand_back(row.id)
    await expect(page.get_by_role("button", name="Talk to a person")).to_be_visible()


async def test_a_server_that_goes_and_comes_back_loses_and_doubles_nothing(
    page: Page, web_settings: Settings, running: Callable[[Settings], Running]
) -> None:
    async with running(web_settings):
        await page.goto(web_settings.base_url)
        await ask(page, "first")
        await expect(page.locator(".entry.bot")).to_have_count(1)
    notice = page.get_by_role("status")
    await expect(notice).to_contain_text("cannot be reached")
    await ask(page, "second")
    unsent = page.locator(".entry.contact").last
    await expect(unsent).to_contain_text("Not sent.")
    await expect(unsent.locator(".state")).to_have_attribute("aria-live", "polite")
    async with running(web_settings):
        await expect(notice).to_be_hidden()
        await unsent.get_by_role("button", name="Try again").click()
        await expect(page.locator(".entry.bot")).to_have_count(2)
        await expect(page.locator(".entry.contact")).to_have_count(2)
        await expect(unsent.locator(".state")).to_have_count(0)
        await expect(unsent.locator("p")).to_have_text("second")


async def test_a_token_of_another_installation_is_replaced(
    page: Page, server: FastAPI, web_settings: Settings
) -> None:
    await page.goto(web_settings.base_url)
    await expect(page.locator(".entry.system")).to_be_visible()
    await page.evaluate("localStorage.setItem('enquiry-assistant-token', 'old.token')")
    await page.reload()
    await expect(page.locator(".entry.system")).to_have_count(1)
    await ask(page, "Still there?")
    await expect(page.locator(".entry.bot")).to_contain_text("About: Still there?")


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_the_page_has_no_barriers_that_a_checker_finds(
    browser: Browser,
    server: FastAPI,
    web_settings: Settings,
    scheme: str,
) -> None:
    page = await browser.new_page(
        viewport={"width": 360, "height": 740},
        color_scheme="dark" if scheme == "dark" else "light",
    )
    await page.goto(web_settings.base_url)
    await ask(page, "How long?")
    await expect(page.locator(".entry.bot")).to_be_visible()
    found = await Axe().run(page)
    assert found.response["violations"] == [], found.generate_report()


async def test_the_page_speaks_the_browsers_language_then_that_of_the_answers(
    browser: Browser,
    server: FastAPI,
    web_settings: Settings,
    assistant: ScriptedAssistant,
) -> None:
    assistant.reply = lambda _: answer("Six semaines.", language="fr")
    page = await browser.new_page(locale="es-MX", viewport=PHONE)
    await page.goto(web_settings.base_url)
    await expect(page).to_have_title("Pregunte a Harbour Advisory")
    await expect(page.locator(".entry.system")).to_contain_text("asistente automático")
    await expect(
        page.get_by_role("button", name="Hablar con una persona")
    ).to_be_visible()
    await page.get_by_label("Su mensaje").fill("Combien de temps ?")
    await page.get_by_role("button", name="Enviar").click()
    await expect(page.get_by_role("button", name="Envoyer")).to_be_visible()
    await expect(page.get_by_label("Votre message")).to_have_attribute(
        "placeholder", "Écrivez votre question"
    )
    await expect(page.get_by_role("button", name="Cela m'a aidé")).to_be_visible()
    await expect(page.locator(".entry.bot .words")).to_have_attribute("lang", "fr")
    await page.reload()
    await expect(
        page.get_by_role("button", name="Parler à une personne")
    ).to_be_visible()


@pytest.mark.parametrize("language", ["ar", "ur"])
async def test_the_page_of_who_reads_from_the_right_is_mirrored(
    browser: Browser,
    running: Callable[[Settings], Running],
    web_settings: Settings,
    assistant: ScriptedAssistant,
    language: str,
) -> None:
    assistant.reply = lambda question: answer(question, language=language)
    knowledge = web_settings.data_dir / "arabic"
    knowledge.mkdir()
    words = (web_settings.knowledge_dir / "organisation.yaml").read_text("utf-8")
    words = words.replace("[en, es, fr]", f"[en, {language}]")
    (knowledge / "organisation.yaml").write_text(words, "utf-8")
    settings = web_settings.model_copy(update={"knowledge_dir": knowledge})
    page = await browser.new_page(locale=language, viewport=PHONE)
    async with running(settings):
        await page.goto(settings.base_url)
        box, button = page.locator("textarea"), page.locator("form button")
        await box.fill("Harbour?")
        await button.click()
        await expect(page.locator(".entry.bot")).to_be_visible()
        places = [await one.bounding_box() for one in (button, box)]
        send, field = (place["x"] for place in places if place)
        assert send < field
        mine = await page.locator(".entry.contact").bounding_box()
        assert mine
        assert mine["x"] < PHONE["width"] - mine["x"] - mine["width"]
        width = await page.evaluate("document.documentElement.scrollWidth")
        assert width <= PHONE["width"]
        found = await Axe().run(page)
        assert found.response["violations"] == [], found.generate_report()


async def test_arabic_runs_from_right_to_left(
    page: Page, server: FastAPI, web_settings: Settings
) -> None:
    await page.goto(web_settings.base_url)
    await ask(page, "كم تستغرق الدورة؟")
    shown = page.locator(".entry.contact p")
    direction = await shown.evaluate("node => getComputedStyle(node).direction")
    assert direction == "rtl"


async def test_the_page_works_by_keyboard_alone(
    page: Page, server: FastAPI, web_settings: Settings
) -> None:
    await page.goto(web_settings.base_url)
    await expect(page.get_by_label("Your message")).to_be_focused()
    await page.keyboard.type("one")
    await page.keyboard.press("Shift+Enter")
    await page.keyboard.type("two")
    await page.keyboard.press("Enter")
    await expect(page.locator(".entry.contact p")).to_have_count(2)
    await expect(page.get_by_label("Your message")).to_have_value("")
    await expect(page.locator(".entry.bot")).to_contain_text(
        re.compile("one.*two", re.DOTALL)
    )


async def test_who_writes_before_the_chat_is_connected_gets_one_conversation(
    page: Page, server: FastAPI, web_settings: Settings
) -> None:
    release = asyncio.Event()
    opened = 0

    async def slowly(route: Route) -> None:
        nonlocal opened
        opened += 1
        await release.wait()
        await route.continue_()

    await page.route("**/api/chat/conversations", slowly)
    await page.goto(web_settings.base_url)
    await ask(page, "How long?")
    await expect(page.locator(".entry.contact")).to_contain_text("sending")
    release.set()
    await expect(page.locator(".entry.bot")).to_contain_text("About: How long?")
    assert opened == 1
