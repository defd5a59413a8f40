"""The inbox page, and what every page shows around its own part."""

from typing import Annotated

from fastapi import APIRouter, Depends, Response

from bot.console.access import Access
from bot.console.pages import Pages
from bot.conversations.dossier import emergency
from bot.conversations.happenings import newest_event
from bot.conversations.inbox import View, counts, inbox
from bot.conversations.service import Conversations
from bot.staff.sessions import SignedIn

LONGEST_SEARCH = 100


class Frame:
    """What is around every page: the lists with their counts, and the switch."""

    def __init__(self, conversations: Conversations) -> None:
        self._conversations = conversations

    async def values(
        self, who: SignedIn, *, view: View = View.WAITING, search: str = ""
    ) -> dict[str, object]:
        """Values for the templates.

        The newest event is read first: a page may hear twice of something, but never
        not at all.
        """
        database = self._conversations.events.database
        now = self._conversations.clock()
        search = search.strip().replace("\0", "")[:LONGEST_SEARCH]
        return {
            "who": who,
            "current": None,
            "event": await newest_event(database),
            "view": view,
            "search": search,
            "now": now,
            "counts": await counts(database, member_id=who.member_id, now=now),
            "rows": await inbox(
                database, view, member_id=who.member_id, now=now, search=search
            ),
            "emergency": await emergency(database),
        }


def inbox_page(access: Access, pages: Pages, frame: Frame) -> APIRouter:
    """``/console``: the lists."""
    router = APIRouter(include_in_schema=False)

    @router.get("/console")
    async def page(
        who: Annotated[SignedIn, Depends(access.signed_in)],
        view: View = View.WAITING,
        q: str = "",
    ) -> Response:
        return pages.show("inbox.html", await frame.values(who, view=view, search=q))

    return router
