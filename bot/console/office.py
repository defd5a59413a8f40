"""The pages beside conversations: saved replies, and for admins the office."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response

from bot.console.access import LONGEST_BODY, Access, Form
from bot.console.answering_forms import answered
from bot.console.inbox import Frame
from bot.console.pages import Pages
from bot.conversations.contacts.contact_file import all_labels
from bot.conversations.desk.desk import Desk
from bot.conversations.desk.dossier import saved_replies
from bot.conversations.service import Conversations
from bot.staff.audit import audit_log
from bot.staff.sessions import SignedIn

REPLIES = "/console/replies"
OFFICE = "/console/office"
LOG_SHOWN = 200


def office_pages(
    conversations: Conversations, access: Access, pages: Pages, *, frame: Frame
) -> APIRouter:
    """``/console/replies`` for everybody, ``/console/office`` for admins."""
    router = APIRouter(include_in_schema=False, max_body_size=LONGEST_BODY)
    database = conversations.events.database
    desk = Desk(conversations)

    @router.get(REPLIES)
    async def replies(who: Annotated[SignedIn, Depends(access.signed_in)]) -> Response:
        return pages.show(
            "replies.html",
            {
                **await frame.values(who),
                "replies": await saved_replies(database),
            },
        )

    @router.post(REPLIES)
    async def save(
        request: Request, form: Annotated[Form, Depends(access.form)]
    ) -> Response:
        saving = desk.save_reply(
            form.text("title"), form.text("text"), member_id=form.who.member_id
        )
        return await answered(request, saving, pages=pages, back=REPLIES)

    @router.post(REPLIES + "/{reply_id}")
    async def edit(
        reply_id: str, request: Request, form: Annotated[Form, Depends(access.form)]
    ) -> Response:
        editing = desk.edit_reply(
            reply_id,
            form.text("title"),
            form.text("text"),
            was=form.text("was"),
            member_id=form.who.member_id,
        )
        return await answered(request, editing, pages=pages, back=REPLIES)

    @router.post(REPLIES + "/{reply_id}/delete")
    async def delete(
        reply_id: str, request: Request, form: Annotated[Form, Depends(access.form)]
    ) -> Response:
        deleting = desk.delete_reply(reply_id, member_id=form.who.member_id)
        return await answered(request, deleting, pages=pages, back=REPLIES)

    @router.get(OFFICE)
    async def office(who: Annotated[SignedIn, Depends(access.admin)]) -> Response:
        async with database.read() as session:
            log = await audit_log(session, limit=LOG_SHOWN)
        values = {"log": log, "labels": await all_labels(database)}
        return pages.show("office.html", {**await frame.values(who), **values})

    @router.post("/console/emergency")
    async def switch(
        request: Request, form: Annotated[Form, Depends(access.admin_form)]
    ) -> Response:
        member_id = form.who.member_id
        if form.text("on"):
            doing = desk.start_emergency(form.text("text"), member_id=member_id)
        else:
            doing = desk.end_emergency(member_id=member_id)
        return await answered(request, doing, pages=pages, back=OFFICE)

    return router
