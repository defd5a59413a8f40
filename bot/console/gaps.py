"""The pages of gaps: what contacts asked in vain, and the form that answers it."""

from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Path, Query, Response
from fastapi.responses import RedirectResponse

from bot.console.access import LONGEST_BODY, Access, Form
from bot.console.answering_forms import status_of
from bot.console.gap_desk import FIELDS, GapDesk
from bot.console.screens import Screens
from bot.conversations.desk.answer_telling import tell_who_asked
from bot.conversations.desk.gaps import SHOWN, gap_list, gap_of_reply, one_gap, sum_of
from bot.errors import BotError
from bot.staff.sessions import SignedIn

GAPS = "/console/gaps"
LAST_PAGE = 10_000
GapId = Annotated[str, Path(pattern="^[a-z0-9_]{1,32}$")]

Counted = Annotated[int | None, Query(ge=0, le=SHOWN)]


class GapPages:
    """Shows gaps, and does what their forms ask for."""

    def __init__(self, desk: GapDesk, screens: Screens) -> None:
        self._desk = desk
        self._screens = screens

    async def list(self, who: SignedIn, *, page: int, answered: bool) -> Response:
        """The gaps, the largest first."""
        rows = await gap_list(
            self._desk.database, limit=SHOWN + 1, page=page, answered=answered
        )
        return await self._screens.show(
            "gaps.html",
            who,
            {
                "rows": rows[:SHOWN],
                "more": len(rows) > SHOWN,
                "page": page,
                "answered": answered,
            },
        )

    async def one(
        self,
        who: SignedIn,
        gap_id: str,
        *,
        given: Form | None = None,
        error: BotError | None = None,
        told: tuple[int, int] | None = None,
    ) -> Response:
        """A gap, and its form with what was typed and what is wrong with it.

        ``told`` is how many were just told, and how many not.
        """
        view = await one_gap(self._desk.database, gap_id)
        today = self._desk.conversations.clock().date().isoformat()
        typed = self._desk.prefilled(view, today=today)
        proposal = view.gap.proposal
        chosen = set(proposal["asks"].split()) if proposal else set()
        if given is not None:
            typed = {name: given.text(name) for name in FIELDS}
            chosen = set(given.all("ask"))
        values = {
            "view": view,
            "gap": view.gap,
            "typed": typed,
            "asks": self._desk.asks(view.questions),
            "chosen": chosen,
            "seen": sum_of(proposal) if given is None else given.text("seen"),
            "told": told,
            "second_reader": self._desk.second_reader,
            "problems": str(error).splitlines() if error else (),
        }
        status = status_of(error) if error else 200
        return await self._screens.show("gap.html", who, values, status=status)

    async def saved(self, gap_id: str, form: Form) -> Response:
        """Published or proposed, or the form again with what is wrong."""
        given = {name: form.text(name).strip() for name in FIELDS}
        try:
            await self._desk.save(
                gap_id, given, form.all("ask"), form.who, seen=form.text("seen")
            )
        except BotError as error:
            return await self.one(form.who, gap_id, given=form, error=error)
        return RedirectResponse(f"{GAPS}/{gap_id}", 303)

    async def dropped(self, gap_id: str, form: Form) -> Response:
        """The proposal is gone."""
        await self._desk.drop(gap_id, form.who, seen=form.text("seen"))
        return RedirectResponse(f"{GAPS}/{gap_id}", 303)

    async def of_reply(self, message_id: str) -> Response:
        """To the gap of the question that somebody answered."""
        now = self._desk.conversations.clock()
        found = await gap_of_reply(self._desk.database, message_id, now=now)
        return RedirectResponse(f"{GAPS}/{found}", 303)

    async def told(self, gap_id: str, form: Form) -> Response:
        """Whoever asked is told."""
        done = await tell_who_asked(
            self._desk.conversations,
            gap_id,
            form.text("text"),
            member_id=form.who.member_id,
        )
        query = urlencode({"told": done.told, "left": done.left})
        return RedirectResponse(f"{GAPS}/{gap_id}?{query}", 303)

    async def grouped(self) -> Response:
        """Everything is grouped anew, as it is every night."""
        await self._desk.group()
        return RedirectResponse(GAPS, 303)


def gap_pages(desk: GapDesk, access: Access, screens: Screens) -> APIRouter:
    """``/console/gaps`` for everybody; only admins publish and group."""
    router = APIRouter(include_in_schema=False, max_body_size=LONGEST_BODY)
    pages = GapPages(desk, screens)

    @router.get(GAPS)
    async def gaps(
        who: Annotated[SignedIn, Depends(access.signed_in)],
        page: Annotated[int, Query(ge=1, le=LAST_PAGE)] = 1,
        answered: bool = False,  # noqa: FBT001, FBT002  a query's
    ) -> Response:
        return await pages.list(who, page=page, answered=answered)

    @router.post(GAPS)
    async def group(form: Annotated[Form, Depends(access.admin_form)]) -> Response:
        return await screens.tried(form.who, pages.grouped())

    @router.get(GAPS + "/{gap_id}")
    async def gap(
        gap_id: GapId,
        who: Annotated[SignedIn, Depends(access.signed_in)],
        told: Counted = None,
        left: Counted = None,
    ) -> Response:
        counts = None if told is None or left is None else (told, left)
        return await screens.tried(who, pages.one(who, gap_id, told=counts))

    @router.post(GAPS + "/{gap_id}")
    async def save(
        gap_id: GapId, form: Annotated[Form, Depends(access.form)]
    ) -> Response:
        return await screens.tried(form.who, pages.saved(gap_id, form))

    @router.post(GAPS + "/{gap_id}/tell")
    async def tell(
        gap_id: GapId, form: Annotated[Form, Depends(access.form)]
    ) -> Response:
        return await screens.tried(form.who, pages.told(gap_id, form))

    @router.post(GAPS + "/{gap_id}/drop")
    async def drop(
        gap_id: GapId, form: Annotated[Form, Depends(access.form)]
    ) -> Response:
        return await screens.tried(form.who, pages.dropped(gap_id, form))

    @router.post(GAPS + "/of-reply/{message_id}")
    async def from_reply(
        message_id: GapId, form: Annotated[Form, Depends(access.form)]
    ) -> Response:
        return await screens.tried(form.who, pages.of_reply(message_id))

    return router
