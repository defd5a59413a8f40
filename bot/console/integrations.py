"""The page for admins where other programs are connected: tokens and webhooks."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response

from bot.console.access import LONGEST_BODY, Access, Form
from bot.console.answering_forms import answered
from bot.console.inbox import Frame
from bot.console.pages import Pages
from bot.errors import BotError, WebhookError
from bot.integrations.webhook_models import WebhookKind
from bot.integrations.webhooks import Webhooks
from bot.staff.sessions import SignedIn
from bot.staff.tokens import Scope, Tokens

INTEGRATIONS = "/console/integrations"
LOG_SHOWN = 100
LARGEST_EVENT = 2**31 - 1


class Doings:
    """What the page's buttons do to a token, an endpoint or a line of the log."""

    def __init__(self, webhooks: Webhooks, tokens: Tokens) -> None:
        self._webhooks = webhooks
        self._tokens = tokens

    async def do(self, name: str, what: str, form: Form) -> None:
        """Do it; ``WebhookError`` if there is nothing of that name."""
        member_id = form.who.member_id
        match name:
            case "revoke":
                await self._tokens.revoke(what, member_id=member_id)
            case "remove":
                await self._webhooks.remove(what, member_id=member_id)
            case "replay":
                await self._webhooks.replay(what, member_id=member_id)
            case "replay-from":
                event = _event(form.text("event"))
                await self._webhooks.replay_from(what, event, member_id=member_id)
            case _:
                raise WebhookError("there is no such button")

    async def add(self, form: Form) -> str:
        """A new token, or a new endpoint's secret; both are shown this once."""
        if form.text("what") == "token":
            scope = Scope.WRITE if form.text("write") else Scope.READ
            return await self._tokens.add(
                form.text("name"), scope, member_id=form.who.member_id
            )
        chosen = set(form.data.getlist("kind"))
        _, secret = await self._webhooks.add(
            form.text("url"),
            [kind for kind in WebhookKind if kind in chosen],
            member_id=form.who.member_id,
        )
        return secret


def integration_pages(
    webhooks: Webhooks, tokens: Tokens, access: Access, pages: Pages, *, frame: Frame
) -> APIRouter:
    """``/console/integrations``, for admins."""
    router = APIRouter(include_in_schema=False, max_body_size=LONGEST_BODY)
    doings = Doings(webhooks, tokens)

    async def show(who: SignedIn, *, status: int = 200, **shown: object) -> Response:
        values = {
            "secret": None,
            "problem": None,
            "kinds": list(WebhookKind),
            "tokens": await tokens.all(),
            "endpoints": await webhooks.endpoints(),
            "log": await webhooks.log(limit=LOG_SHOWN),
            **shown,
        }
        return pages.show(
            "integrations.html", {**await frame.values(who), **values}, status=status
        )

    @router.get(INTEGRATIONS)
    async def page(who: Annotated[SignedIn, Depends(access.admin)]) -> Response:
        return await show(who)

    @router.post(INTEGRATIONS)
    async def add(form: Annotated[Form, Depends(access.admin_form)]) -> Response:
        try:
            secret = await doings.add(form)
        except BotError as error:
            return await show(form.who, status=409, problem=str(error))
        return await show(form.who, secret=secret)

    @router.post(INTEGRATIONS + "/{what}/{name}")
    async def act(
        what: str,
        name: str,
        request: Request,
        form: Annotated[Form, Depends(access.admin_form)],
    ) -> Response:
        doing = doings.do(name, what, form)
        return await answered(request, doing, pages=pages, back=INTEGRATIONS)

    return router


def _event(text: str) -> int:
    known = text.isascii() and text.isdigit() and int(text) <= LARGEST_EVENT
    if not known:
        raise WebhookError("an event is a number, as in the log")
    return int(text)
