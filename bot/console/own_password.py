"""The form with which a member changes their own password."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response

from bot.console.access import LONGEST_BODY, Access, Form
from bot.console.account import ACCOUNT
from bot.console.answering_forms import answered
from bot.console.pages import Pages
from bot.conversations.service import Conversations
from bot.errors import StaffError
from bot.staff.own_password import PasswordChange, change_own_password


def password_form(
    conversations: Conversations, access: Access, pages: Pages, *, passwords: bool
) -> APIRouter:
    """``/console/password``; without ``passwords`` nobody signs in with one."""
    router = APIRouter(include_in_schema=False, max_body_size=LONGEST_BODY)

    async def changed(form: Form) -> None:
        if not passwords:
            raise StaffError("nobody signs in with a password here")
        change = PasswordChange(
            current=form.text("current"), new=form.text("new"), again=form.text("again")
        )
        await change_own_password(
            conversations.events.database,
            access.sessions.passwords,
            form.who,
            change,
            now=conversations.clock(),
        )

    @router.post("/console/password")
    async def change(
        request: Request, form: Annotated[Form, Depends(access.form)]
    ) -> Response:
        doing = changed(form)
        return await answered(request, doing, pages=pages, back=ACCOUNT)

    return router
