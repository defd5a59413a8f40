"""The account page: where one is signed in; for admins, everybody's accounts."""

from collections.abc import Awaitable, Callable
from typing import Annotated

from fastapi import APIRouter, Depends, HTTPException, Request, Response
from sqlalchemy.ext.asyncio import AsyncSession

from bot.console.access import LONGEST_BODY, Access, Form
from bot.console.answering_forms import answered
from bot.console.inbox import Frame
from bot.console.pages import Pages
from bot.conversations.service import Conversations
from bot.staff.own_password import has_password
from bot.staff.sessions import SignedIn
from bot.staff.signed_in import (
    account_rows,
    browsers_of,
    end_browser,
    end_other_browsers,
    is_away,
    revoke_account,
    set_away,
    sign_out_everywhere,
)

ACCOUNT = "/console/account"

Step = Callable[[AsyncSession], Awaitable[None]]


def account_pages(
    conversations: Conversations,
    access: Access,
    pages: Pages,
    *,
    frame: Frame,
    passwords: bool,
) -> APIRouter:
    """``/console/account``; without ``passwords`` nobody signs in with one."""
    router = APIRouter(
        prefix=ACCOUNT, include_in_schema=False, max_body_size=LONGEST_BODY
    )
    database = conversations.events.database

    async def done(step: Step) -> None:
        async with database.write() as session:
            await step(session)

    @router.get("")
    async def page(who: Annotated[SignedIn, Depends(access.signed_in)]) -> Response:
        now = conversations.clock()
        async with database.read() as session:
            browsers = await browsers_of(session, who, now=now)
            accounts = await account_rows(session, now=now) if who.admin else []
            own = passwords and await has_password(session, who)
            away = await is_away(session, who)
        values = {
            "browsers": browsers,
            "accounts": accounts,
            "password": own,
            "invites_with_password": passwords,
            "away": away,
        }
        return pages.show("account.html", {**await frame.values(who), **values})

    @router.post("/{name}")
    async def own(
        name: str, request: Request, form: Annotated[Form, Depends(access.form)]
    ) -> Response:
        who, now = form.who, conversations.clock()
        steps: dict[str, Step] = {
            "end": lambda session: end_browser(
                session, who, form.text("browser"), now=now
            ),
            "away": lambda session: set_away(
                session, who, who.name, away=bool(form.text("away")), now=now
            ),
            "end-others": lambda session: end_other_browsers(session, who, now=now),
        }
        if name not in steps:
            raise HTTPException(404)
        return await answered(request, done(steps[name]), pages=pages, back=ACCOUNT)

    @router.post("/others/{name}")
    async def others(
        name: str, request: Request, form: Annotated[Form, Depends(access.admin_form)]
    ) -> Response:
        who, now, whose = form.who, conversations.clock(), form.text("name")
        steps: dict[str, Step] = {
            "sign-out": lambda session: sign_out_everywhere(
                session, who, whose, now=now
            ),
            "away": lambda session: set_away(
                session, who, whose, away=bool(form.text("away")), now=now
            ),
            "revoke": lambda session: revoke_account(session, who, whose, now=now),
        }
        if name not in steps:
            raise HTTPException(404)
        return await answered(request, done(steps[name]), pages=pages, back=ACCOUNT)

    return router
