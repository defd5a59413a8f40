"""The list of labels, which admins keep."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response

from bot.console.access import LONGEST_BODY, Access, Form
from bot.console.answering_forms import answered
from bot.console.office import OFFICE
from bot.console.pages import Pages
from bot.conversations.contacts.contacts import Contacts
from bot.conversations.service import Conversations


def label_forms(
    conversations: Conversations, access: Access, pages: Pages
) -> APIRouter:
    """``/console/labels``: the office's forms for adding and deleting."""
    router = APIRouter(
        prefix="/console/labels", include_in_schema=False, max_body_size=LONGEST_BODY
    )
    contacts = Contacts(conversations)

    @router.post("")
    async def add(
        request: Request, form: Annotated[Form, Depends(access.admin_form)]
    ) -> Response:
        adding = contacts.add_label(form.text("name"), member_id=form.who.member_id)
        return await answered(request, adding, pages=pages, back=OFFICE)

    @router.post("/{label_id}/delete")
    async def delete(
        label_id: str,
        request: Request,
        form: Annotated[Form, Depends(access.admin_form)],
    ) -> Response:
        deleting = contacts.delete_label(label_id, member_id=form.who.member_id)
        return await answered(request, deleting, pages=pages, back=OFFICE)

    return router
