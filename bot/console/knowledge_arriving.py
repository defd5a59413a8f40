"""The pages of knowledge where documents come in: written, uploaded, or fetched."""

from typing import Annotated

from fastapi import APIRouter, Depends, Response
from fastapi.responses import RedirectResponse
from starlette.datastructures import UploadFile

from bot.console.access import Access, Form
from bot.console.answering_forms import status_of
from bot.console.document_names import path_for, path_of_file
from bot.console.knowledge_desk import KNOWLEDGE, KnowledgeDesk, document_at
from bot.console.screens import Screens
from bot.errors import BotError, ChangedMeanwhileError, DocumentError
from bot.publishing import Arrival
from bot.staff.sessions import SignedIn

LARGEST_UPLOAD = 25 * 1024 * 1024
FIELDS = ("title", "kind", "source", "last_verified", "recheck_by")


class ArrivalPages:
    """Shows the forms by which documents come in, and what would be told of them."""

    def __init__(self, desk: KnowledgeDesk, screens: Screens) -> None:
        self._desk = desk
        self._screens = screens

    async def form(
        self, who: SignedIn, *, given: Form | None = None, error: BotError | None = None
    ) -> Response:
        """The forms, with what was typed and what is wrong with it."""
        names = (*FIELDS, "heading", "words", "url")
        typed = {name: given.text(name) if given else "" for name in names}
        return await self._screens.show(
            "knowledge_new.html",
            who,
            {"typed": typed, "problems": str(error or "").splitlines()},
            status=status_of(error) if error else 200,
        )

    async def written(self, form: Form) -> Response:
        """A new document of what was typed."""
        try:
            arrival = await self._written(form)
            return await self._preview(form.who, arrival)
        except BotError as error:
            return await self.form(form.who, given=form, error=error)

    async def uploaded(self, form: Form) -> Response:
        """A file, as it would be used."""
        try:
            file = form.data.get("file")
            if not isinstance(file, UploadFile) or not file.filename:
                raise DocumentError("choose a file first")
            path = path_of_file(form.text("kind"), file.filename)
            content = await file.read()
            arrival = await self._desk.publisher.arrived(path, content)
            return await self._preview(form.who, arrival)
        except BotError as error:
            return await self.form(form.who, given=form, error=error)
        finally:
            await form.data.close()

    async def fetched(self, form: Form) -> Response:
        """A page of a web address, as it would be used."""
        try:
            url = form.text("url").strip()
            arrival = await self._desk.publisher.fetched(url)
            return await self._preview(form.who, arrival)
        except BotError as error:
            return await self.form(form.who, given=form, error=error)

    async def published(self, form: Form) -> Response:
        """What was read in a preview, from now on in use."""
        token, who, seen = form.text("token"), form.who, form.text("seen") or None
        publisher = self._desk.publisher
        try:
            done = await publisher.publish_arrival(token, seen=seen, by=who.name)
        except ChangedMeanwhileError:
            return await self._preview(who, await publisher.arrival(token), again=True)
        await self._desk.done("document_published", done, who)
        return RedirectResponse(document_at(done.path), 303)

    async def _written(self, form: Form) -> Arrival:
        title = form.text("title").strip()
        path = path_for(form.text("kind"), title)
        text = self._desk.publisher.texts.new_document(
            {key: form.text(key).strip() for key in FIELDS},
            [(form.text("heading").strip() or title, form.text("words"))],
        )
        return await self._desk.publisher.arrived(path, text.encode())

    async def _preview(
        self, who: SignedIn, arrival: Arrival, *, again: bool = False
    ) -> Response:
        """What would be told; ``again`` where a colleague was faster at that place."""
        trial = await self._desk.tried(arrival.path, arrival.content)
        values = {"arrival": arrival, "trial": trial, "again": again}
        return await self._screens.show(
            "knowledge_arrival.html", who, values, status=409 if again else 200
        )


def arriving_pages(desk: KnowledgeDesk, access: Access, screens: Screens) -> APIRouter:
    """Where admins bring documents in."""
    router = APIRouter(include_in_schema=False, max_body_size=LARGEST_UPLOAD)
    arrivals = ArrivalPages(desk, screens)

    @router.get(KNOWLEDGE + "/new")
    async def new(who: Annotated[SignedIn, Depends(access.admin)]) -> Response:
        return await arrivals.form(who)

    @router.post(KNOWLEDGE + "/new")
    async def written(form: Annotated[Form, Depends(access.admin_form)]) -> Response:
        return await arrivals.written(form)

    @router.post(KNOWLEDGE + "/upload")
    async def upload(form: Annotated[Form, Depends(access.admin_form)]) -> Response:
        return await arrivals.uploaded(form)

    @router.post(KNOWLEDGE + "/fetch")
    async def fetch(form: Annotated[Form, Depends(access.admin_form)]) -> Response:
        return await arrivals.fetched(form)

    @router.post(KNOWLEDGE + "/arrived")
    async def arrived(form: Annotated[Form, Depends(access.admin_form)]) -> Response:
        return await screens.tried(form.who, arrivals.published(form))

    return router
