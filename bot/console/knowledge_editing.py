"""The page of knowledge where admins change a document, with a preview."""

from dataclasses import replace
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Response
from fastapi.responses import RedirectResponse

from bot.console.access import Access, Form
from bot.console.knowledge_desk import (
    KNOWLEDGE,
    Edit,
    KnowledgeDesk,
    document_at,
    number_in,
)
from bot.console.screens import Screens
from bot.errors import BotError, ChangedMeanwhileError, DocumentError
from bot.publishing import Written
from bot.staff.sessions import SignedIn

# A text of half a megabyte, where every letter may be nine in a form.
LONGEST_FORM = 5 * 1024 * 1024
FIELDS = ("title", "source", "last_verified", "recheck_by", "valid_until")
LARGEST_NUMBER = 10_000


class EditPages:
    """Shows the form of an edit, with what came of it so far."""

    def __init__(self, desk: KnowledgeDesk, screens: Screens) -> None:
        self._desk = desk
        self._screens = screens

    async def form(
        self, who: SignedIn, edit: Edit, *, status: int = 200, **shown: object
    ) -> Response:
        """The form, with a preview or what is wrong."""
        usual = {"trial": None, "problems": (), "there": None, "lost": False}
        values = {"edit": edit, **usual, **shown}
        return await self._screens.show(
            "knowledge_edit.html", who, values, status=status
        )

    async def begun(self, who: SignedIn, path: str, part: int | None) -> Response:
        """The form with what is there now."""
        found = await self._desk.text(path)
        return await self.form(who, _begun(self._desk, found, part))

    async def sent(self, form: Form) -> Response:
        """Preview or publish what was typed; nothing that was typed is ever lost."""
        edit = _edit(form)
        try:
            base = await self._desk.text(edit.path)
            if base.version != edit.seen:
                return await self._merged(form.who, edit, base)
            content = self._desk.composed(edit, base)
            if form.text("do") == "publish":
                return await self._published(form.who, edit, content)
            trial = await self._desk.tried(edit.path, content)
        except ChangedMeanwhileError:
            base = await self._desk.publisher.read(edit.path)
            return await self._merged(form.who, edit, base)
        except BotError as error:
            problems = str(error).splitlines()
            return await self.form(form.who, edit, status=409, problems=problems)
        return await self.form(form.who, edit, trial=trial)

    async def _published(self, who: SignedIn, edit: Edit, content: bytes) -> Response:
        done = await self._desk.publisher.publish(
            edit.path, content, seen=edit.seen, by=who.name
        )
        await self._desk.done("document_published", done, who)
        return RedirectResponse(document_at(edit.path), 303)

    async def _merged(self, who: SignedIn, edit: Edit, base: Written) -> Response:
        """Both texts: what was typed in the form, and what is there now.

        A part is published only where it is known which one it was.
        """
        merged, there = replace(edit, seen=base.version), base.text
        if edit.part is not None and edit.part >= 0:
            parts = self._desk.parts(base)
            same = [one for one in parts if one.heading == edit.opened]
            if len(same) != 1:
                return await self.form(who, edit, status=409, there=there, lost=True)
            merged, there = replace(merged, part=same[0].number), same[0].text
        return await self.form(who, merged, status=409, there=there)


def editing_pages(desk: KnowledgeDesk, access: Access, screens: Screens) -> APIRouter:
    """Where admins edit a document or a part of one."""
    router = APIRouter(include_in_schema=False, max_body_size=LONGEST_FORM)
    edits = EditPages(desk, screens)

    @router.get(KNOWLEDGE + "/edit")
    async def edit(
        path: str,
        who: Annotated[SignedIn, Depends(access.admin)],
        part: Annotated[int | None, Query(ge=-1, le=LARGEST_NUMBER)] = None,
    ) -> Response:
        return await screens.tried(who, edits.begun(who, path, part))

    @router.post(KNOWLEDGE + "/edit")
    async def sent(form: Annotated[Form, Depends(access.admin_form)]) -> Response:
        return await edits.sent(form)

    return router


def _begun(desk: KnowledgeDesk, found: Written, part: int | None) -> Edit:
    # The whole text is opened, too, where its front matter has to be mended.
    written = {} if part is None else desk.matter(found)
    edit = Edit(
        path=found.path,
        seen=found.version,
        part=part,
        opened="",
        heading="",
        words="",
        matter={key: written.get(key, "") for key in FIELDS},
    )
    if part is None:
        return replace(edit, words=found.text)
    if part < 0:
        return edit
    parts = desk.parts(found)
    if part >= len(parts):
        raise DocumentError(f"{found.path}: has no section {part}")
    heading = parts[part].heading
    return replace(edit, opened=heading, heading=heading, words=parts[part].text)


def _edit(form: Form) -> Edit:
    part = form.text("part")
    return Edit(
        path=form.text("path"),
        seen=form.text("seen"),
        part=number_in(part) if part else None,
        opened=form.text("opened"),
        heading=form.text("heading").strip(),
        words=form.text("words"),
        matter={key: form.text(key).strip() for key in FIELDS if key in form.data},
    )
