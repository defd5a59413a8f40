"""What became of a document: its versions, and the buttons that take one back."""

from collections.abc import Awaitable, Callable
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request, Response

from bot.console.access import LONGEST_BODY, Access, Form
from bot.console.answering_forms import answered
from bot.console.knowledge_desk import (
    KNOWLEDGE,
    MANY,
    KnowledgeDesk,
    document_at,
    number_in,
)
from bot.console.screens import Screens
from bot.errors import BotError
from bot.staff.sessions import SignedIn

Number = Annotated[int, Query(ge=1, le=MANY)]
Deed = Callable[[Form], Awaitable[None]]


def history_pages(desk: KnowledgeDesk, access: Access, screens: Screens) -> APIRouter:
    """Versions for everybody; admins restore, remove and approve."""
    router = APIRouter(include_in_schema=False, max_body_size=LONGEST_BODY)

    @router.get(KNOWLEDGE + "/history")
    async def history(
        path: str,
        who: Annotated[SignedIn, Depends(access.signed_in)],
        version: Number | None = None,
    ) -> Response:
        async def shown() -> Response:
            values = await _versions(desk, path, version)
            return await screens.show("knowledge_history.html", who, values)

        return await screens.tried(who, shown())

    for name, deed in Deeds(desk).named.items():
        router.post(f"{KNOWLEDGE}/{name}")(_button(access, screens, deed))
    return router


def _button(
    access: Access, screens: Screens, deed: Deed
) -> Callable[..., Awaitable[Response]]:
    async def pressed(
        request: Request, form: Annotated[Form, Depends(access.admin_form)]
    ) -> Response:
        back = form.text("back")
        inside = back if back.startswith(KNOWLEDGE) else document_at(form.text("path"))
        return await answered(request, deed(form), pages=screens.pages, back=inside)

    return pressed


async def _versions(
    desk: KnowledgeDesk, path: str, version: int | None
) -> dict[str, object]:
    kept = await desk.publisher.history(path)
    chosen = version or (kept[0].number if kept else None)
    lines = await desk.differences(path, chosen) if chosen else []
    seen = await _version_now(desk, path)
    return {"path": path, "kept": kept, "chosen": chosen, "lines": lines, "seen": seen}


async def _version_now(desk: KnowledgeDesk, path: str) -> str:
    try:
        return (await desk.publisher.read(path)).version
    except BotError:
        return ""


class Deeds:
    """What the buttons beside a document do."""

    def __init__(self, desk: KnowledgeDesk) -> None:
        self._desk = desk

    @property
    def named(self) -> dict[str, Deed]:
        """Each by the end of its address."""
        return {
            "approve": self.approve,
            "remove": self.remove,
            "restore": self.restore,
        }

    async def restore(self, form: Form) -> None:
        """Publish an older version again."""
        done = await self._desk.publisher.restore(
            form.text("path"),
            number_in(form.text("version")),
            seen=form.text("seen") or None,
            by=form.who.name,
        )
        await self._desk.done("document_restored", done, form.who)

    async def remove(self, form: Form) -> None:
        """Take the document away; its versions stay."""
        done = await self._desk.publisher.remove(
            form.text("path"), seen=form.text("seen"), by=form.who.name
        )
        await self._desk.done("document_removed", done, form.who)

    async def approve(self, form: Form) -> None:
        """Use what was a draft."""
        catalogue = f"languages/{form.text('language')}.yaml"
        found = await self._desk.publisher.read(catalogue)
        done = await self._desk.publisher.approve(
            catalogue,
            document=form.text("path"),
            heading=form.text("heading"),
            seen=found.version,
            by=form.who.name,
        )
        await self._desk.done("draft_approved", done, form.who)
