"""Who should take what: the office's rules, which admins keep."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response

from bot.console.access import LONGEST_BODY, Access, Form
from bot.console.answering_forms import answered
from bot.console.inbox import Frame
from bot.console.pages import Pages
from bot.conversations.desk.assignment import (
    add_rule,
    assignment_rules,
    delete_rule,
)
from bot.conversations.desk.choosing import destinations
from bot.conversations.desk.dossier import colleagues
from bot.conversations.service import Conversations
from bot.staff.sessions import SignedIn

ASSIGNMENT = "/console/assignment"
LONGEST_REASON = 60
LONGEST_LANGUAGE = 12


def assignment_pages(
    conversations: Conversations, access: Access, pages: Pages, *, frame: Frame
) -> APIRouter:
    """``/console/assignment``."""
    router = APIRouter(
        prefix=ASSIGNMENT, include_in_schema=False, max_body_size=LONGEST_BODY
    )
    database = conversations.events.database

    @router.get("")
    async def page(who: Annotated[SignedIn, Depends(access.admin)]) -> Response:
        values = {
            "rules": await assignment_rules(database),
            "countries": await destinations(database),
            "colleagues": await colleagues(database),
        }
        return pages.show("assignment.html", {**await frame.values(who), **values})

    @router.post("")
    async def add(
        request: Request, form: Annotated[Form, Depends(access.admin_form)]
    ) -> Response:
        most = form.text("most")
        adding = add_rule(
            conversations,
            names=form.all("member"),
            most=int(most) if most.isascii() and most.isdigit() else 0,
            reason=form.text("reason")[:LONGEST_REASON],
            language=form.text("language")[:LONGEST_LANGUAGE],
            destination=form.text("destination").strip()[:LONGEST_REASON],
            member_id=form.who.member_id,
        )
        return await answered(request, adding, pages=pages, back=ASSIGNMENT)

    @router.post("/{rule_id}/delete")
    async def delete(
        rule_id: str,
        request: Request,
        form: Annotated[Form, Depends(access.admin_form)],
    ) -> Response:
        deleting = delete_rule(conversations, rule_id, member_id=form.who.member_id)
        return await answered(request, deleting, pages=pages, back=ASSIGNMENT)

    return router
