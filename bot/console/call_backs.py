"""The list of call-backs: who wants to be called, when, and what came of it."""

from collections.abc import Awaitable, Callable
from typing import Annotated

from fastapi import APIRouter, Depends, HTTPException, Path, Request, Response

from bot.console.access import LONGEST_BODY, Access, Form
from bot.console.answering_forms import answered
from bot.console.inbox import Frame
from bot.console.pages import Pages
from bot.conversations.desk.call_desk import CallDesk, closed_calls, open_calls
from bot.conversations.service import Conversations
from bot.staff.sessions import SignedIn

CALL_BACKS = "/console/call-backs"

CallId = Annotated[str, Path(pattern="^[a-z0-9]{1,32}$")]


def call_back_pages(
    conversations: Conversations, access: Access, pages: Pages, *, frame: Frame
) -> APIRouter:
    """``/console/call-backs``, for everybody who is signed in."""
    router = APIRouter(include_in_schema=False, max_body_size=LONGEST_BODY)
    database, desk = conversations.events.database, CallDesk(conversations)
    zone = conversations.organisation.time_zone
    actions: dict[str, Callable[..., Awaitable[None]]] = {
        "done": desk.done,
        "not-reached": desk.not_reached,
        "give-up": desk.give_up,
    }

    @router.get(CALL_BACKS)
    async def page(who: Annotated[SignedIn, Depends(access.signed_in)]) -> Response:
        values = {
            "calls": await open_calls(database, time_zone=zone),
            "closed": await closed_calls(database, time_zone=zone),
        }
        return pages.show("call_backs.html", {**await frame.values(who), **values})

    @router.post(CALL_BACKS + "/{call_id}/correct")
    async def correct(
        call_id: CallId, request: Request, form: Annotated[Form, Depends(access.form)]
    ) -> Response:
        doing = desk.correct(
            call_id,
            number=form.text("number"),
            when=form.text("when"),
            member=form.who.name,
        )
        return await answered(request, doing, pages=pages, back=CALL_BACKS)

    @router.post(CALL_BACKS + "/{call_id}/{name}")
    async def act(
        call_id: CallId,
        name: str,
        request: Request,
        form: Annotated[Form, Depends(access.form)],
    ) -> Response:
        if name not in actions:
            raise HTTPException(404)
        doing = actions[name](call_id, member=form.who.name)
        return await answered(request, doing, pages=pages, back=CALL_BACKS)

    return router
