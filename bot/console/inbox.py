"""The inbox page, and what every page shows around its own part."""

from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Query, Response
from fastapi.responses import RedirectResponse
from pydantic import BaseModel, Field

from bot.console.access import Access
from bot.console.pages import Pages
from bot.conversations.contacts.contact_file import all_labels
from bot.conversations.desk.call_desk import count_open
from bot.conversations.desk.choosing import Choice, View, destinations
from bot.conversations.desk.dossier import colleagues, emergency
from bot.conversations.desk.inbox import counts, inbox
from bot.conversations.desk.saved_views import saved_views
from bot.conversations.live.happenings import newest_event
from bot.conversations.service import Conversations
from bot.staff.sessions import SignedIn

LONGEST_SEARCH = 100
LAST_PAGE = 10_000


class Asked(BaseModel):
    """What a page's address asks of the inbox."""

    view: View = View.WAITING
    q: str = ""
    label: Annotated[str, Field(pattern="^[a-z0-9]{0,32}$")] = ""
    channel: Annotated[str, Field(max_length=20)] = ""
    language: Annotated[str, Field(max_length=12)] = ""
    country: Annotated[str, Field(max_length=60)] = ""
    reason: Annotated[str, Field(max_length=60)] = ""
    assigned: Annotated[str, Field(max_length=200)] = ""
    waited: Literal["", "0", "1", "4", "24", "72"] = ""
    crowd: bool = False
    page: Annotated[int, Field(ge=1, le=LAST_PAGE)] = 1

    def choice(self) -> Choice:
        """Which rows that is."""
        asked = self.model_dump(exclude={"q", "waited"})
        texts = {
            name: value.replace("\0", "")
            for name, value in asked.items()
            if type(value) is str
        }
        return Choice(
            **{**asked, **texts},
            search=self.q.strip().replace("\0", "")[:LONGEST_SEARCH],
            waited=int(self.waited or 0),
        )


def choice(asked: Annotated[Asked, Query()]) -> Choice:
    """Which rows a page's address asks for."""
    return asked.choice()


Chosen = Annotated[Choice, Depends(choice)]


class Frame:
    """What is around every page: the lists with their counts, and the switch."""

    def __init__(self, conversations: Conversations) -> None:
        self._conversations = conversations

    async def values(
        self, who: SignedIn, choice: Choice | None = None
    ) -> dict[str, object]:
        """Values for the templates; without a choice no row is looked up.

        The newest event is read first: a page may hear twice of something, but never
        not at all.
        """
        database = self._conversations.events.database
        now = self._conversations.clock()
        values: dict[str, object] = {
            "who": who,
            "current": None,
            "event": await newest_event(database),
            "choice": choice or Choice(),
            "now": now,
            "listed": None,
            "emergency": await emergency(database),
            "calls_open": await count_open(database),
        }
        if choice is not None:
            member_id = who.member_id
            values["counts"] = await counts(database, member_id=member_id, now=now)
            values["labels"] = await all_labels(database)
            values["views"] = await saved_views(database, member_id=member_id)
            values["countries"] = await destinations(database)
            values["colleagues"] = await colleagues(database)
            values["listed"] = await inbox(
                database, choice, member_id=member_id, now=now
            )
        return values


def inbox_page(access: Access, pages: Pages, frame: Frame) -> APIRouter:
    """``/console``: the lists."""
    router = APIRouter(include_in_schema=False)

    @router.get("/console")
    async def page(
        who: Annotated[SignedIn, Depends(access.signed_in)], choice: Chosen
    ) -> Response:
        return pages.show("inbox.html", await frame.values(who, choice))

    @router.get("/console/")
    async def with_a_slash() -> Response:
        return RedirectResponse("/console", 307)

    return router
