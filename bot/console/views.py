"""Saved views of the inbox: a query of its address under a name."""

from typing import Annotated
from urllib.parse import parse_qsl, urlencode

from fastapi import APIRouter, Depends, HTTPException, Request, Response
from pydantic import ValidationError

from bot.console.access import HOME, LONGEST_BODY, Access, Form
from bot.console.answering_forms import answered
from bot.console.inbox import Asked
from bot.console.pages import Pages
from bot.conversations.desk.saved_views import delete_view, save_view
from bot.conversations.service import Conversations


def view_forms(conversations: Conversations, access: Access, pages: Pages) -> APIRouter:
    """``/console/views``."""
    router = APIRouter(
        prefix="/console/views", include_in_schema=False, max_body_size=LONGEST_BODY
    )

    @router.post("")
    async def save(
        request: Request, form: Annotated[Form, Depends(access.form)]
    ) -> Response:
        who, asked = form.who, asked_of(form)
        saving = save_view(
            conversations,
            form.text("name"),
            asked,
            member_id=who.member_id,
            shared=who.admin and bool(form.text("shared")),
        )
        return await answered(request, saving, pages=pages, back=f"{HOME}?{asked}")

    @router.post("/{view_id}/delete")
    async def delete(
        view_id: str, request: Request, form: Annotated[Form, Depends(access.form)]
    ) -> Response:
        who = form.who
        deleting = delete_view(
            conversations, view_id, member_id=who.member_id, admin=who.admin
        )
        return await answered(request, deleting, pages=pages, back=HOME)

    return router


def asked_of(form: Form) -> str:
    """The query of the inbox that a form was sent from; without the page."""
    given = {
        name: value
        for name, value in parse_qsl(form.text("asked"))
        if name in Asked.model_fields and name != "page"
    }
    try:
        Asked.model_validate(given)
    except ValidationError as error:
        raise HTTPException(422, "that is no view of the inbox") from error
    return urlencode(given)
