"""Alerts: notices of the browser for what a staff member has to hear of."""

from fastapi import FastAPI
from playwright.async_api import Page

from bot.conversations import queries
from tests.browser.office import Office
from tests.browser.test_contacts import NUMBER, OTHER, write
from tests.support.patience import until

# As if the window were behind others; every real notice is written down.
BEHIND = """
Object.defineProperty(document, "hidden", { get: () => true });
window.Notification = class extends Notification {
  constructor(title) { super(title); window.noticed(title); }
};
"""


class Notices:
    """What the browser has told since the last look."""

    def __init__(self) -> None:
        self._heard: list[str] = []

    async def watch(self, page: Page) -> None:
        await page.expose_function("noticed", self.hear)
        await page.add_init_script(BEHIND)

    def hear(self, title: str) -> None:
        self._heard.append(title)

    async def next(self) -> list[str]:
        async def heard() -> bool:
            return bool(self._heard)

        await until(heard)
        heard_now, self._heard[:] = list(self._heard), []
        return heard_now


async def test_who_holds_a_conversation_hears_of_a_new_message_on_any_page(
    office: Office, server: FastAPI
) -> None:
    core = server.state.parts.conversations
    async with office.page() as ana:
        await ana.context.grant_permissions(["notifications"], origin=office.address)
        notices = Notices()
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
