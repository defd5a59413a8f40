"""Forms of the list: the same done to many conversations, and undone."""

from collections.abc import Mapping
from typing import Annotated

from fastapi import APIRouter, Depends, HTTPException, Request, Response
from fastapi.responses import JSONResponse
from pydantic import TypeAdapter, ValidationError

from bot.console.access import LONGEST_BODY, Access, Form
from bot.console.inbox import Frame
from bot.console.pages import Pages
from bot.console.views import asked_of
from bot.conversations.desk.many import Deed, Done, Many, Step
from bot.conversations.service import Conversations
from bot.errors import BotError

DONE = {
    Deed.RESOLVE: "resolved",
    Deed.SPAM: "marked as spam",
    Deed.ASSIGN: "assigned",
    Deed.READ: "marked as read",
}
STEPS = TypeAdapter(list[Step])


def many_forms(
    conversations: Conversations, access: Access, pages: Pages, *, frame: Frame
) -> APIRouter:
    """``/console/many`` and ``/console/undo``."""
    router = APIRouter(
        prefix="/console", include_in_schema=False, max_body_size=LONGEST_BODY
    )

    def acting(form: Form) -> Many:
        who = form.who
        return Many(conversations, member=who.name, member_id=who.member_id)

    async def told(
        request: Request, form: Form, values: Mapping[str, object]
    ) -> Response:
        if request.headers.get("X-Console"):
            return JSONResponse(values)
        around = {**await frame.values(form.who), "asked": asked_of(form)}
        return pages.show("done.html", {**around, **values})

    @router.post("/many")
    async def do(
        request: Request, form: Annotated[Form, Depends(access.form)]
    ) -> Response:
        deed = _deed(form)
        try:
            done = await acting(form).do(
                deed, form.all("conversation"), to=form.text("to")
            )
        except BotError as error:
            return await told(request, form, {"told": f"{error}.", "undo": ""})
        undo = STEPS.dump_json(list(done.steps)).decode() if done.steps else ""
        values = {"told": _words(done, DONE[deed]), "undo": undo, "deed": deed.value}
        return await told(request, form, values)

    @router.post("/undo")
    async def undo(
        request: Request, form: Annotated[Form, Depends(access.form)]
    ) -> Response:
        done = await acting(form).undo(_deed(form), _steps(form))
        values = {"told": _words(done, "as before"), "undo": "", "deed": ""}
        return await told(request, form, values)

    return router


def _deed(form: Form) -> Deed:
    try:
        return Deed(form.text("deed"))
    except ValueError as error:
        raise HTTPException(404) from error


def _steps(form: Form) -> list[Step]:
    try:
        return STEPS.validate_json(form.text("undo"))
    except ValidationError as error:
        raise HTTPException(422, "that cannot be undone") from error


def _words(done: Done, what: str) -> str:
    count = len(done.steps)
    said = f"{count} conversation{'' if count == 1 else 's'} {what}."
    if done.refused:
        said += f" {done.refused} not: {'; '.join(done.reasons)}."
    return said
