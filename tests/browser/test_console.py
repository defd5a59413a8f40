"""The staff's console: two colleagues and a contact, each in a browser of their own."""

import asyncio
from collections.abc import Callable

import pytest
from fastapi import FastAPI
from playwright.async_api import Page, Route, ViewportSize, expect

from bot.config import Settings
from bot.conversations.desk import queries
from bot.conversations.ports import Outcome
from tests.browser.conftest import Running
from tests.browser.office import DESKTOP, PHONE, Office
from tests.support.assistants import ScriptedAssistant, answer


async def test_two_colleagues_and_a_contact_with_a_restart_in_the_middle(
    office: Office,
    web_settings: Settings,
    running: Callable[[Settings], Running],
) -> None:
    async with (
        office.page() as ana,
        office.page(PHONE) as ben,
        office.page(PHONE) as contact,
    ):
        async with running(web_settings):
            await office.sign_in(ana, "Ana")
            await office.sign_in(ben, "Ben")
            await office.ask(contact, "A person, please")
            for page in (ana, ben):
                row = page.locator(".row")
                await expect(row).to_contain_text("Asks for a person")
                await expect(row).to_contain_text("A person, please")
            await office.open(ana)
            await office.open(ben)
            await ana.get_by_role("button", name="Take").click()
            await expect(ana.get_by_text("With you")).to_be_visible()
            await expect(
                ben.get_by_text("Ana holds this conversation.")
            ).to_be_visible()
            await ana.get_by_label("Your words").fill("Hello, this is Ana.")
            await ana.keyboard.press("Control+Enter")
            await expect(contact.locator(".entry.staff")).to_contain_text("this is Ana")
        await expect(ana.locator("#line")).to_contain_text("cannot be reached")
        await ana.get_by_label("Your words").fill("Which course is it?")
        await ana.get_by_role("button", name="Send").click()
        await expect(ana.get_by_role("alert")).to_contain_text("Your words are kept")
        async with running(web_settings):
            await expect(ana.locator("#line")).to_be_hidden()
            await ana.get_by_role("button", name="Send").click()
            staff = contact.locator(".entry.staff")
            await expect(staff).to_have_count(2)
            await expect(staff.last).to_contain_text("Which course is it?")
            await office.ask(contact, "Nursing")
            for page in (ana, ben):
                await expect(page.locator(".entry.contact").last).to_contain_text(
                    "Nursing"
                )
                await expect(page.locator(".entry.staff")).to_have_count(2)
            await ana.get_by_role("button", name="Hand back").click()
            await expect(ana.get_by_text("Bot answers", exact=True)).to_be_visible()
            await office.ask(contact, "How long?")
            await expect(contact.locator(".entry.bot").last).to_contain_text(
                "About: How long?"
            )
            await expect(ben.locator(".entry.bot").last).to_contain_text(
                "About: How long?"
            )


async def test_of_two_who_take_at_once_one_wins_and_the_other_is_told_who(
    office: Office, server: FastAPI
) -> None:
    async with office.page() as ana, office.page() as ben, office.page() as contact:
        await office.ask(contact, "A person, please")
        for page, name in ((ana, "Ana"), (ben, "Ben")):
            await office.sign_in(page, name)
            await office.open(page)
            await expect(page.get_by_role("button", name="Take")).to_be_visible()
        # Ben's page hears of nothing, as when both press within the same moment.
        deaf = asyncio.Event()
        deaf.set()

        async def unless_deaf(route: Route) -> None:
            news = "/events" in route.request.url
            told = (
                route.request.method == "GET" and "x-console" in route.request.headers
            )
            await (
                route.abort() if (news or told) and deaf.is_set() else route.continue_()
            )

        await ben.route("**/console/**", unless_deaf)
        await ben.reload()
        await office.ready(ben)
        await ana.get_by_role("button", name="Take").click()
        await expect(ana.get_by_text("With you")).to_be_visible()
        async with ben.expect_response(lambda answer: answer.request.method == "POST"):
            await ben.get_by_role("button", name="Take").click()
        deaf.clear()
        await expect(ben.get_by_role("alert")).to_have_text("Ana has taken it")
        await expect(ben.get_by_text("Ana holds this conversation.")).to_be_visible()


async def test_staff_and_contact_see_each_other_write_and_who_else_is_here(
    office: Office, server: FastAPI
) -> None:
    async with office.page() as ana, office.page() as ben, office.page() as contact:
        await office.ask(contact, "A person, please")
        await expect(contact.get_by_role("status")).to_contain_text("has been asked")
        for page, name in ((ana, "Ana"), (ben, "Ben")):
            await office.sign_in(page, name)
            await office.open(page)
        others = ana.locator("#others")
        await expect(others).to_have_text("Ben: also here")
        await ben.get_by_label("Your words").press_sequentially("Hello")
        await expect(others).to_have_text("Ben: writing …")
        typing = contact.locator(".typing")
        await expect(typing).to_have_text("Our team is writing …")
        await expect(typing).to_be_visible()
        await ben.get_by_label("Private note").check()
        await expect(typing).to_be_hidden()
        await expect(others).to_have_text("Ben: also here")
        await contact.get_by_label("Your message").press_sequentially("One more")
        await expect(others).to_contain_text("The contact is writing …")
        await contact.get_by_role("button", name="Send").click()
        await expect(others).to_have_text("Ben: also here")
        await ben.goto(f"{office.address}/console")
        await expect(others).to_have_text("")


async def test_a_draft_is_put_into_the_composer_and_sent_by_nobody_else(
    office: Office, server: FastAPI
) -> None:
    async with office.page() as ana, office.page() as contact:
        await office.ask(contact, "How long?")
        await expect(contact.locator(".entry.bot")).to_be_visible()
        await office.ask(contact, "A person, please")
        await office.sign_in(ana, "Ana")
        await office.open(ana)
        await ana.get_by_role("button", name="Draft a reply").click()
        words = ana.get_by_label("Your words")
        await expect(words).to_have_value(
            "About: How long?\n\nSource: Courses https://e.org/c"
        )
        await words.fill("About six weeks, says our guide.")
        await ana.get_by_role("button", name="Send").click()
        staff = contact.locator(".entry.staff")
        await expect(staff).to_have_count(1)
        await expect(staff).to_contain_text("About six weeks")


async def test_a_call_is_asked_for_listed_and_done(
    office: Office, server: FastAPI, assistant: ScriptedAssistant
) -> None:
    assistant.reply = lambda _: answer(
        "We call you.", outcome=Outcome.HANDOFF, reason="asked_for_call"
    )
    async with office.page() as ana, office.page(PHONE) as contact:
        await office.ask(contact, "Call me tomorrow at 3pm")
        await expect(contact.locator(".entry.bot")).to_contain_text("Which number")
        await office.ask(contact, "+44 20 7946 0958")
        await expect(contact.locator(".entry.system").last).to_contain_text(
            "The number they will call is +44 20 7946 0958."
        )
        await office.sign_in(ana, "Ana")
        await office.open(ana)
        call = ana.get_by_role("region", name="Call-back")
        await expect(call.get_by_role("link")).to_have_attribute(
            "href", "tel:+442079460958"
        )
        await call.get_by_role("button", name="Not reached").click()
        await expect(call).to_contain_text("1 attempt")
        await ana.get_by_role("link", name="Calls").click()
        await office.ready(ana)
        await ana.get_by_role("button", name="Reached", exact=True).click()
        await expect(ana.get_by_text("Nobody waits for a call.")).to_be_visible()


async def test_a_note_is_seen_by_colleagues_only(
    office: Office, server: FastAPI
) -> None:
    async with office.page() as ana, office.page() as ben, office.page() as contact:
        await office.ask(contact, "A person, please")
        for page, name in ((ana, "Ana"), (ben, "Ben")):
            await office.sign_in(page, name)
            await office.open(page)
        await ana.keyboard.press("n")
        await ana.keyboard.type("Asked last year, too")
        await ana.keyboard.press("Control+Enter")
        await expect(ben.locator(".entry.note")).to_contain_text("Asked last year")
        await ana.keyboard.press("Escape")
        await ana.keyboard.press("r")
        await ana.keyboard.type("Hello!")
        await ana.keyboard.press("Control+Enter")
        await expect(contact.locator(".entry.staff")).to_contain_text("Hello!")
        assert "last year" not in await contact.content()
        await contact.reload()
        await expect(contact.locator(".entry.staff")).to_contain_text("Hello!")
        assert "last year" not in await contact.content()


async def test_the_keyboard_is_enough_and_a_draft_survives_a_reload(
    office: Office, server: FastAPI
) -> None:
    async with office.page() as ana, office.page() as contact:
        await office.ask(contact, "A person, please")
        await office.sign_in(ana, "Ana")
        await expect(ana.locator(".row")).to_have_count(1)
        await ana.keyboard.press("j")
        await expect(ana.locator(".row a")).to_be_focused()
        await ana.keyboard.press("Enter")
        await expect(ana.locator(".entry.contact")).to_be_visible()
        await office.ready(ana)
        await ana.keyboard.press("t")
        await expect(ana.get_by_text("With you")).to_be_visible()
        await ana.keyboard.press("r")
        await ana.keyboard.type("Half a sent")
        await ana.reload()
        await office.ready(ana)
        await expect(ana.get_by_label("Your words")).to_have_value("Half a sent")
        await ana.locator(".thread").click()
        await ana.keyboard.press("n")
        await ana.keyboard.type("For Ben only")
        await ana.reload()
        await office.ready(ana)
        await ana.get_by_label("Private note").check()
        await expect(ana.get_by_label("Your note")).to_have_value("For Ben only")
        await ana.get_by_label("Reply to contact").check()
        await expect(ana.get_by_label("Your words")).to_have_value("Half a sent")
        await ana.locator(".thread").click()
        await ana.keyboard.press("e")
        await expect(ana.get_by_text("a new conversation opens")).to_be_visible()
        await ana.get_by_role("button", name="Undo").click()
        await expect(ana.get_by_text("With you")).to_be_visible()
        await ana.keyboard.press("b")
        await expect(ana.get_by_role("button", name="Hand back")).to_be_focused()
        await expect(ana.get_by_text("With you")).to_be_visible()


async def test_what_a_contact_writes_is_never_markup(
    office: Office, server: FastAPI
) -> None:
    async with office.page() as ana, office.page() as contact:
        await office.ask(
            contact, "person <img src=x onerror=\"document.title='broken in'\">"
        )
        await office.sign_in(ana, "Ana")
        await office.open(ana)
        await expect(ana.locator(".entry.contact")).to_contain_text("<img src=x")
        assert await ana.locator(".entry img, .row img").count() == 0
        assert "broken in" not in await ana.title()


async def test_a_saved_reply_leads_from_blank_to_blank(
    office: Office, server: FastAPI
) -> None:
    async with office.page() as ana, office.page() as contact:
        await office.ask(contact, "A person, please")
        await office.sign_in(ana, "Ana")
        await ana.get_by_role("link", name="Replies").click()
        await ana.get_by_label("Title").fill("Fees")
        await ana.get_by_label("Words").fill("[[me]] here: [[course]] costs [[sum]].")
        await ana.get_by_role("button", name="Save").click()
        await ana.get_by_role("link", name="Inbox").click()
        await office.open(ana)
        words = ana.get_by_label("Your words")
        await words.focus()
        await ana.keyboard.type("/co")
        await expect(ana.get_by_label("Find a saved reply")).to_have_value("co")
        await ana.keyboard.press("Enter")
        await expect(words).to_be_focused()
        await expect(words).to_have_value("Ana here: [[course]] costs [[sum]].")
        await ana.keyboard.type("Nursing")
        await ana.keyboard.press("Tab")
        await ana.keyboard.type("nothing")
        await expect(words).to_have_value("Ana here: Nursing costs nothing.")


async def list_has_no_barriers(office: Office, ana: Page) -> None:
    await ana.locator("#filters summary").click()
    await ana.locator(".pick input").check()
    await expect(ana.get_by_role("button", name="Spam")).to_be_visible()
    await office.check(ana)
    await ana.keyboard.press("?")
    await office.check(ana)
    await ana.keyboard.press("Escape")


async def what_opens_has_no_barriers(office: Office, ana: Page) -> None:
    await ana.locator(".summary summary").click()
    await ana.locator(".menu summary").click()
    await office.check(ana)
    await ana.keyboard.press("Escape")
    await ana.locator("#panel summary").click()
    await office.check(ana)
    await ana.locator("#panel summary").click()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])
async def test_no_page_has_barriers_or_is_wider_than_the_screen(
    office: Office, server: FastAPI, size: ViewportSize, scheme: str
) -> None:
    check = office.check
    async with office.page() as contact, office.page(size, scheme) as ana:
        await office.ask(contact, "A person, please " + "x" * 200)
        await ana.goto(f"{office.address}/console")
        await check(ana)
        await office.sign_in(ana, "Ana")
        await expect(ana.locator(".row")).to_be_visible()
        await check(ana)
        await list_has_no_barriers(office, ana)
        await office.open(ana)
        await expect(ana.locator(".entry.contact")).to_be_visible()
        await check(ana)
        await what_opens_has_no_barriers(office, ana)
        await ana.get_by_label("Private note").check()
        await ana.get_by_label("Your note").fill("A note")
        await ana.get_by_role("button", name="Save note").click()
        await expect(ana.locator(".entry.note")).to_be_visible()
        await check(ana)
        await ana.goto(f"{office.address}/console/replies")
        await check(ana)
        core = server.state.parts.conversations
        (row,) = await queries.waiting(core.events.database)
        await core.hand_back(row.id)
        await core.hand_off(row.id, "asked_for_call")
        await ana.goto(f"{office.address}/console/call-backs")
        await expect(ana.get_by_text("No number yet")).to_be_visible()
        await check(ana)
        await ana.get_by_text("Correct number or time").click()
        number = ana.get_by_label("Number, with country code")
        await number.fill("020 7946 0958")
        await ana.get_by_role("button", name="Save").click()
        await expect(ana.get_by_role("alert")).to_contain_text("with its country code")
        await expect(number).to_have_value("020 7946 0958")
        await check(ana)
        await number.fill("+44 20 7946 0958")
        await ana.get_by_role("button", name="Save").click()
        await expect(ana.get_by_role("link", name="+44 20 7946 0958")).to_be_visible()
        await expect(number).to_be_hidden()
        await expect(number).to_have_value("+44 20 7946 0958")
        await ana.goto(f"{office.address}/console/conversations/{row.id}")
        await expect(ana.get_by_text("Wants to be called")).to_be_visible()
        await check(ana)
        await ana.goto(f"{office.address}/console/office")
        await ana.get_by_label("Fixed reply").fill("Please call us.")
        await ana.get_by_role("button", name="Turn the assistant off").click()
        await expect(ana.get_by_text("The emergency reply is on")).to_be_visible()
        await check(ana)


@pytest.mark.usefixtures("server")
async def test_in_forced_colours_only_the_list_that_is_open_is_underlined(
    office: Office,
) -> None:
    async with office.page({"width": 320, "height": 568}) as page:
        await page.emulate_media(forced_colors="active")
        await office.sign_in(page, "Ana")
        lines = await page.locator(".tabs a").evaluate_all(
            "all => all.map(one => getComputedStyle(one).borderBottomColor)"
        )
        assert len(set(lines)) == 2
        await office.check(page)
