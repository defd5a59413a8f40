"""Alerts: notices of the browser for what a staff member has to hear of."""

from fastapi import FastAPI
from playwright.async_api import Page, expect

from bot.conversations.desk import queries
from tests.browser.office import Office
from tests.browser.test_contacts import NUMBER, OTHER, write
from tests.support.patience import until

# As if the window were behind others; every real notice is written down.
BEHIND = """
Object.defineProperty(document, "hidden", { get: () => true });
document.hasFocus = () => false;
window.Notification = class extends Notification {
  constructor(title) { super(title); window.noticed(title); }
};
"""

# Every sound is written down, and what is looked at has the focus.
IN_FRONT = """
document.hasFocus = () => true;
const make = AudioContext.prototype.createOscillator;
AudioContext.prototype.createOscillator = function () {
  window.noticed(document.title);
  return make.call(this);
};
"""


class Notices:
    """What the browser has told since the last look."""

    def __init__(self, script: str) -> None:
        self._heard: list[str] = []
        self._script = script

    async def watch(self, page: Page) -> None:
        await page.expose_function("noticed", self.hear)
        await page.add_init_script(self._script)

    def hear(self, title: str) -> None:
        self._heard.append(title)

    async def next(self) -> list[str]:
        async def heard() -> bool:
            return bool(self._heard)

        await until(heard)
        heard_now, self._heard[:] = list(self._heard), []
        return heard_now


async def taken_by_ana(server: FastAPI) -> queries.ConversationView:
    """The conversation of a contact who asked for a person, and got Ana."""
    core = server.state.parts.conversations
    await write(server, "a person, please")

    async def waits() -> bool:
        return bool(await queries.waiting(core.events.database))

    await until(waits)
    (hers,) = await queries.waiting(core.events.database)
    await core.take(hers.id, member="Ana")
    return hers


async def test_who_holds_a_conversation_hears_of_a_new_message_on_any_page(
    office: Office, server: FastAPI
) -> None:
    core = server.state.parts.conversations
    async with office.page() as ana:
        await ana.context.grant_permissions(["notifications"], origin=office.address)
        notices = Notices(BEHIND)
        await notices.watch(ana)
        await office.sign_in(ana, "Ana")
        await ana.get_by_role("button", name="Alerts").click()
        await ana.goto(f"{office.address}/console/replies")
        await office.ready(ana)
        await write(server, "a person, please")
        assert await notices.next() == ["Somebody is waiting"]
        (hers,) = await queries.waiting(core.events.database)
        await core.take(hers.id, member="Ana")
        await write(server, "a person, please", sender=OTHER)
        assert await notices.next() == ["Somebody is waiting"]
        his = next(
            one
            for one in await queries.waiting(core.events.database)
            if one.assignee is None
        )
        await core.take(his.id, member="Ben")
        await write(server, "Are you there?", sender=OTHER)
        await write(server, "Are you there?", sender=NUMBER)
        assert await notices.next() == ["A contact wrote"]


async def test_a_page_that_is_looked_at_sounds_for_what_it_does_not_show(
    office: Office, server: FastAPI
) -> None:
    hers = await taken_by_ana(server)
    async with office.page() as ana:
        sounds = Notices(IN_FRONT)
        await sounds.watch(ana)
        await office.sign_in(ana, "Ana")
        await ana.get_by_role("button", name="Alerts").click()
        assert len(await sounds.next()) == 1
        await ana.goto(f"{office.address}/console/conversations/{hers.id}")
        await office.ready(ana)
        await write(server, "Are you there?")
        await expect(ana.locator(".thread")).to_contain_text("Are you there?")
        # Had the message sounded, two sounds would be heard by the time of this one.
        await write(server, "a person, please", sender=OTHER)
        assert len(await sounds.next()) == 1


async def test_a_window_behind_is_silent_about_what_is_in_front_in_another(
    office: Office, server: FastAPI
) -> None:
    hers = await taken_by_ana(server)
    async with office.page() as ana:
        await ana.context.grant_permissions(["notifications"], origin=office.address)
        await office.sign_in(ana, "Ana")
        await ana.get_by_role("button", name="Alerts").click()
        behind, notices = await ana.context.new_page(), Notices(BEHIND)
        await notices.watch(behind)
        await behind.goto(f"{office.address}/console?view=mine")
        await office.ready(behind)
        await ana.goto(f"{office.address}/console/conversations/{hers.id}")
        await office.ready(ana)
        await write(server, "Are you there?")
        await expect(behind.locator(".rows")).to_contain_text("Are you there?")
        await ana.evaluate("dispatchEvent(new Event('blur'))")
        await write(server, "a person, please", sender=OTHER)
        assert await notices.next() == ["Somebody is waiting"]
        await write(server, "And now?")
        assert await notices.next() == ["A contact wrote"]
