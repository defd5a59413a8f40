"""Shows a page with everything around it, or the page that says why it is not there."""

from collections.abc import Awaitable, Mapping

from fastapi import Response

from bot.console.answering_forms import status_of
from bot.console.inbox import Frame
from bot.console.pages import Pages
from bot.errors import BotError
from bot.staff.sessions import SignedIn


class Screens:
    """The pages of one part of the console.

    ``back`` is where its problems lead to, and ``part`` what that is called.
    """

    def __init__(self, pages: Pages, frame: Frame, *, back: str, part: str) -> None:
        self.pages = pages
        self._around = {"back": back, "part": part}
        self._frame = frame

    async def show(
        self,
        template: str,
        who: SignedIn,
        values: Mapping[str, object],
        *,
        status: int = 200,
    ) -> Response:
        """A page with what is around every page."""
        around = await self._frame.values(who)
        return self.pages.show(template, {**around, **values}, status=status)

    async def tried(self, who: SignedIn, doing: Awaitable[Response]) -> Response:
        """A page, or one that says what is wrong."""
        try:
            return await doing
        except BotError as error:
            values = {**self._around, "problems": str(error).splitlines()}
            return await self.show("problem.html", who, values, status=status_of(error))
