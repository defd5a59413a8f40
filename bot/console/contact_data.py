"""What can be done with a whole contact: merged with another, exported, erased."""

import json
from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import RedirectResponse

from bot.console.access import LONGEST_BODY, Access, Form
from bot.console.answering_forms import answered
from bot.console.contact import CONTACTS, ContactId, found_file
from bot.console.inbox import Chosen, Frame
from bot.console.pages import HEADERS, Pages
from bot.conversations.contacts.contact_file import contact_file
from bot.conversations.contacts.contact_list import contact_list
from bot.conversations.contacts.contacts import FACTS
from bot.conversations.contacts.erasing import Erasing
from bot.conversations.contacts.exporting import export_contact
from bot.conversations.contacts.merging import NAME, merge_contacts, preview_merge
from bot.conversations.service import Conversations
from bot.errors import BotError, ConversationError
from bot.staff.sessions import SignedIn


def merge_pages(
    conversations: Conversations, access: Access, pages: Pages, *, frame: Frame
) -> APIRouter:
    """``/console/contacts/…/merge``: choose the other one, look, then do it."""
    router = APIRouter(
        prefix=CONTACTS, include_in_schema=False, max_body_size=LONGEST_BODY
    )
    database = conversations.events.database

    @router.get("/{contact_id}/merge")
    async def choose(
        contact_id: ContactId,
        who: Annotated[SignedIn, Depends(access.signed_in)],
        choice: Chosen,
    ) -> Response:
        contact = await found_file(database, contact_id)
        others = await contact_list(
            database, search=choice.search, page=choice.page, but=contact.id
        )
        values = {"contact": contact, "found": others, "asked": choice}
        return pages.show("merge_choice.html", {**await frame.values(who), **values})

    @router.get("/{contact_id}/merge/{other_id}")
    async def look(
        contact_id: ContactId,
        other_id: ContactId,
        who: Annotated[SignedIn, Depends(access.signed_in)],
    ) -> Response:
        try:
            preview = await preview_merge(database, contact_id, other_id)
        except BotError as error:
            values = {"problem": str(error), "back": f"{CONTACTS}/{contact_id}"}
            return pages.show("refused.html", values, status=409)
        return pages.show("merge.html", {**await frame.values(who), "preview": preview})

    @router.post("/{contact_id}/merge/{other_id}")
    async def merge(
        contact_id: ContactId,
        other_id: ContactId,
        request: Request,
        form: Annotated[Form, Depends(access.form)],
    ) -> Response:
        doing = merge_contacts(
            conversations,
            contact_id,
            other_id,
            take=[name for name in (NAME, *FACTS) if form.text(name)],
            member_id=form.who.member_id,
        )
        back = f"{CONTACTS}/{contact_id}"
        return await answered(request, doing, pages=pages, back=back)

    return router


def data_pages(
    conversations: Conversations, access: Access, pages: Pages, *, frame: Frame
) -> APIRouter:
    """Export and erasure, which are for admins."""
    router = APIRouter(
        prefix=CONTACTS, include_in_schema=False, max_body_size=LONGEST_BODY
    )
    database = conversations.events.database

    @router.post("/{contact_id}/export")
    async def export(
        contact_id: ContactId, form: Annotated[Form, Depends(access.admin_form)]
    ) -> Response:
        contact = await found_file(database, contact_id)
        access.require_fresh(form.who, back=f"{CONTACTS}/{contact.id}")
        found = await export_contact(
            conversations, contact.id, member_id=form.who.member_id
        )
        name = f"contact-{contact.id}.json"
        return Response(
            json.dumps(found, ensure_ascii=False, indent=2),
            media_type="application/json",
            headers={
                **HEADERS,
                "Content-Disposition": f'attachment; filename="{name}"',
            },
        )

    @router.get("/{contact_id}/erase")
    async def ask_back(
        contact_id: ContactId, who: Annotated[SignedIn, Depends(access.admin)]
    ) -> Response:
        contact = await found_file(database, contact_id)
        access.require_fresh(who, back=f"{CONTACTS}/{contact.id}/erase")
        return pages.show("erase.html", {**await frame.values(who), "contact": contact})

    @router.post("/{contact_id}/erase")
    async def erase(
        contact_id: ContactId, form: Annotated[Form, Depends(access.admin_form)]
    ) -> Response:
        access.require_fresh(form.who, back=f"{CONTACTS}/{contact_id}/erase")
        try:
            await _erase(contact_id, form)
        except BotError as error:
            values = {
                "problem": str(error),
                "back": f"{CONTACTS}/{contact_id}/erase",
            }
            return pages.show("refused.html", values, status=409)
        return RedirectResponse(CONTACTS, 303)

    async def _erase(contact_id: str, form: Form) -> None:
        contact = await contact_file(database, contact_id)
        if form.text("typed").strip() not in {contact.title, contact.id}:
            raise ConversationError(
                "what you typed is neither their name nor their id; nothing was erased"
            )
        await Erasing(conversations).erase(contact.id, member_id=form.who.member_id)

    return router
