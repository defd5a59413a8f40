"""One server and one browser, shared by the tests of a file: a page each."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from typing import Literal

from playwright.async_api import Browser, Page, ViewportSize

from bot.conversations.live.happenings import happenings
from bot.conversations.ports import Answer, Outcome
from bot.conversations.service import Conversations
from tests.browser.office import DESKTOP
from tests.support.assistants import ScriptedAssistant, answer

CHOICES = ("How long?", "Who pays?")
LONG = "\n".join(f"{number}) " + "It depends. " * 12 for number in range(1, 20))
# Whatever else stands in the line, these pieces stand in this order from the left.
SCRAMBLED = (
    ("2026", "-04", "-20"),
    ("+44", "7946", "0000"),
    ("020", "7947", "1111"),
    ("$", "1,200"),
    ("12.5", "%"),
    ("C", "++"),
    ("https", "example", "/2026/"),
    ("Google", "Analytics"),
)
IN_ARABIC = """\
IELTS مطلوب قبل 2026-04-20 بدرجة جيدة للقبول
اتصل على +44 20 7946 0000 أو على 020 7947 1111 في أي وقت
الرسوم $1,200 وتزيد 12.5% كل عام دراسي
دورة C++ من **Google Data Analytics.** تناسب المبتدئين
انظر الصفحة https://example.org/2026/ للتفاصيل"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Quarter:
    """The chat's server, a site with its neighbours, and who looks at them."""

    browser: Browser
    chat: str
    site: str
    conversations: Conversations
    assistant: ScriptedAssistant

    @asynccontextmanager
    async def page(
        self,
        kind: str | None,
        *,
        size: ViewportSize = DESKTOP,
        locale: str = "en-GB",
        scheme: Literal["light", "dark"] = "light",
        forced_colors: Literal["active", "none"] = "none",
    ) -> AsyncIterator[Page]:
        """A page of the site, or the chat's own; its scripts must not complain."""
        complaints: list[str] = []
        context = await self.browser.new_context(
            viewport=size,
            locale=locale,
            color_scheme=scheme,
            forced_colors=forced_colors,
        )
        context.set_default_timeout(30_000)
        page = await context.new_page()
        page.on("pageerror", lambda error: complaints.append(str(error)))
        await page.goto(self.chat if kind is None else f"{self.site}/{kind}")
        yield page
        await context.close()
        assert complaints == []

    async def newest(self) -> str:
        """The conversation in which something happened last."""
        (*_, last) = await happenings(self.conversations.events.database, after=0)
        return last.conversation_id

    async def reply(self, conversation: str, text: str) -> None:
        """A member of staff writes."""
        await self.conversations.reply_as_staff(conversation, text, member="Ana")


def reply_in_the_quarter(question: str) -> Answer:
    """A person for who asks for one; else what the question names."""
    if "person" in question:
        return answer("Passed on.", outcome=Outcome.HANDOFF, reason="asked_for_person")
    if question == "choices":
        offered = answer("For example:\n1. How long?\n2. Who pays?")
        return replace(offered, outcome=Outcome.CLARIFY, choices=CHOICES)
    if "¿" in question:
        return answer(f"Sobre: {question}", language="es")
    known = {"long": answer(LONG), "scrambled": answer(IN_ARABIC, language="ar")}
    return known.get(question, answer(f"About: {question}"))
