"""The contact page: who somebody is to us, over all their addresses."""

from collections.abc import Awaitable, Callable
from typing import Annotated

from fastapi import APIRouter, Depends, HTTPException, Path, Request, Response
from fastapi.responses import RedirectResponse

from bot.console.access import LONGEST_BODY, Access, Form
from bot.console.answering_forms import answered
from bot.console.inbox import Chosen, Frame
from bot.console.pages import Pages
from bot.conversations.contacts.contact_file import (
    ContactFile,
    all_labels,
    contact_file,
)
from bot.conversations.contacts.contact_list import contact_list
from bot.conversations.contacts.contacts import FACTS, Contacts
from bot.conversations.service import Conversations
from bot.database import Database
from bot.errors import NotFoundError
from bot.staff.sessions import SignedIn

CONTACTS = "/console/contacts"

ContactId = Annotated[str, Path(pattern="^[a-z0-9]{1,32}$")]
Action = Callable[[str, Form], Awaitable[None]]


def contact_pages(
    conversations: Conversations, access: Access, pages: Pages, *, frame: Frame
) -> APIRouter:
    """``/console/contacts/…``."""
    router = APIRouter(
        prefix=CONTACTS, include_in_schema=False, max_body_size=LONGEST_BODY
    )
    actions = _actions(Contacts(conversations))
    database = conversations.events.database

    @router.get("")
    async def listed(
        who: Annotated[SignedIn, Depends(access.signed_in)], choice: Chosen
    ) -> Response:
        found = await contact_list(database, search=choice.search, page=choice.page)
        values = {"found": found, "asked": choice}
        return pages.show("contacts.html", {**await frame.values(who), **values})

    @router.get("/{contact_id}")
    async def page(
        contact_id: ContactId, who: Annotated[SignedIn, Depends(access.signed_in)]
    ) -> Response:
        contact = await found_file(database, contact_id)
        if contact.id != contact_id:
            return RedirectResponse(f"{CONTACTS}/{contact.id}", 303)
        values = {"contact": contact, "labels": await all_labels(database)}
        return pages.show("contact.html", {**await frame.values(who), **values})

    @router.post("/{contact_id}/{name}")
    async def act(
        contact_id: ContactId,
        name: str,
        request: Request,
        form: Annotated[Form, Depends(access.form)],
    ) -> Response:
        action = actions.get(name)
        if action is None:
            raise HTTPException(404)
        back = f"{CONTACTS}/{contact_id}"
        return await answered(request, action(contact_id, form), pages=pages, back=back)

    return router


async def found_file(database: Database, contact_id: str) -> ContactFile:
    """The contact of a page's address; whoever is not there is a 404."""
    try:
        return await contact_file(database, contact_id)
    except NotFoundError as error:
        raise HTTPException(404, str(error)) from error


def _actions(contacts: Contacts) -> dict[str, Action]:
    """What the buttons of the page do, by name."""

    async def rename(contact_id: str, form: Form) -> None:
        await contacts.rename(
            contact_id, form.text("name"), member_id=form.who.member_id
        )

    async def facts(contact_id: str, form: Form) -> None:
        told = {name: form.text(name) for name in FACTS if name in form.data}
        await contacts.correct_facts(contact_id, told, member_id=form.who.member_id)

    async def label(contact_id: str, form: Form) -> None:
        await contacts.label_contact(
            contact_id, form.all("label"), member_id=form.who.member_id
        )

    async def consent(contact_id: str, form: Form) -> None:
        await contacts.record_consent(
            contact_id,
            form.text("purpose"),
            form.text("how"),
            member_id=form.who.member_id,
        )

    async def withdraw(contact_id: str, form: Form) -> None:
        await contacts.withdraw_consent(
            contact_id, form.text("consent"), member_id=form.who.member_id
        )

    return {
        "name": rename,
        "facts": facts,
        "label": label,
        "consent": consent,
        "withdraw": withdraw,
    }
