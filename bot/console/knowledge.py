"""The pages of knowledge that all staff read: documents, sections, why a reply."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Query, Response

from bot.console.access import LONGEST_BODY, Access, Form
from bot.console.answering_forms import status_of
from bot.console.knowledge_desk import (
    KNOWLEDGE,
    MARKDOWN,
    TEXTS,
    KnowledgeDesk,
    part_of,
)
from bot.console.screens import Screens
from bot.errors import BotError, DocumentError, NotFoundError, TooOftenError
from bot.explanation import Explanation
from bot.limits import Limit
from bot.publishing import Part, Written
from bot.shelf import Holding, State
from bot.staff.sessions import SignedIn

ON_A_PAGE = 50
LONGEST_SEARCH, LONGEST_QUESTION = 100, 1000
LAST_PAGE = 10_000
FIELDS = ("last_verified", "recheck_by", "valid_until")


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Which documents a page's address asks for."""

    search: str = ""
    state: State | None = None
    kind: str = ""
    todo: str = ""
    page: int = 1

    def address(self, **changes: object) -> str:
        """The address of the page that shows these, with changes."""
        now = replace(self, **{"page": 1, **changes})  # type: ignore[arg-type]  # templates are not checked
        given = {
            "q": now.search,
            "state": now.state.value if now.state else "",
            "kind": now.kind,
            "todo": now.todo,
            "page": str(now.page) if now.page > 1 else "",
        }
        query = urlencode({key: value for key, value in given.items() if value})
        return f"{KNOWLEDGE}?{query}" if query else KNOWLEDGE

    def finds(self, one: Holding) -> bool:
        """Whether a document is among them."""
        words = f"{one.title} {one.path} {one.source or ''}".casefold()
        return (
            all(word in words for word in self.search.casefold().split())
            and self.state in {None, one.state}
            and self.kind in {"", one.kind}
            and (not self.todo or bool(getattr(one, self.todo)))
        )


def asked(
    q: str = "",
    state: str = "",
    kind: Annotated[str, Query(max_length=20)] = "",
    todo: Annotated[str, Query(pattern="^(|stale|drafts)$")] = "",
    page: Annotated[int, Query(ge=1, le=LAST_PAGE)] = 1,
) -> Asked:
    """Which documents a page's address asks for."""
    chosen = next((one for one in State if one.value == state), None)
    search = q.strip().replace("\0", "")[:LONGEST_SEARCH]
    return Asked(search=search, state=chosen, kind=kind, todo=todo, page=page)


def knowledge_pages(
    desk: KnowledgeDesk, access: Access, screens: Screens, *, limit: Limit
) -> APIRouter:
    """``/console/knowledge`` and what is read below it."""
    router = APIRouter(include_in_schema=False, max_body_size=LONGEST_BODY)

    @router.get(KNOWLEDGE)
    async def documents(
        who: Annotated[SignedIn, Depends(access.signed_in)],
        choice: Annotated[Asked, Depends(asked)],
    ) -> Response:
        return await screens.tried(who, _documents(desk, screens, who, choice))

    @router.get(KNOWLEDGE + "/document")
    async def document(
        path: str, who: Annotated[SignedIn, Depends(access.signed_in)]
    ) -> Response:
        async def shown() -> Response:
            values = await _document(desk, path)
            return await screens.show("knowledge_document.html", who, values)

        return await screens.tried(who, shown())

    @router.get(KNOWLEDGE + "/ask")
    async def asking(
        who: Annotated[SignedIn, Depends(access.signed_in)],
    ) -> Response:
        return await _asked(screens, who)

    @router.post(KNOWLEDGE + "/ask")
    async def explained(form: Annotated[Form, Depends(access.form)]) -> Response:
        question = form.text("question").strip()[:LONGEST_QUESTION]
        try:
            told = await _explained(desk, limit, question, form.who)
        except BotError as error:
            return await _asked(screens, form.who, question=question, error=error)
        return await _asked(screens, form.who, question=question, told=told)

    return router


async def _asked(
    screens: Screens,
    who: SignedIn,
    *,
    question: str = "",
    told: Explanation | None = None,
    error: BotError | None = None,
) -> Response:
    return await screens.show(
        "knowledge_ask.html",
        who,
        {"question": question, "told": told, "problem": str(error or "")},
        status=status_of(error) if error else 200,
    )


async def _documents(
    desk: KnowledgeDesk, screens: Screens, who: SignedIn, choice: Asked
) -> Response:
    shelf = await desk.shelves.all()
    found = [one for one in shelf.holdings if choice.finds(one)]
    start = (choice.page - 1) * ON_A_PAGE
    return await screens.show(
        "knowledge.html",
        who,
        {
            "shelf": shelf,
            "asked": choice,
            "found": len(found),
            "rows": found[start : start + ON_A_PAGE],
            "more": len(found) > start + ON_A_PAGE,
            "kinds": sorted({one.kind for one in shelf.holdings}),
            "counts": _counts(shelf.holdings),
            "states": [one for one in State if one is not State.FRESH],
        },
    )


async def _document(desk: KnowledgeDesk, path: str) -> dict[str, object]:
    found = await desk.publisher.read(path)
    shelf = await desk.shelves.all()
    sections = await desk.shelves.sections(path)
    parts, matter, problems = _parts(desk, found)
    return {
        "path": path,
        "holding": next((one for one in shelf.holdings if one.path == path), None),
        "sections": sections,
        "parts": {one.name: part_of(one, parts) for one in sections},
        "use": await desk.use(path),
        "matter": matter,
        "problems": problems,
        "written": found,
        "history": await desk.publisher.history(path),
        "is_ours": path.endswith(MARKDOWN),
        "is_text": path.endswith(TEXTS),
        "is_fetched": path.startswith("web/"),
    }


def _parts(
    desk: KnowledgeDesk, found: Written
) -> tuple[Sequence[Part], Mapping[str, str], Sequence[str]]:
    """Parts and dates of a document, or what is wrong with it."""
    none = dict.fromkeys(FIELDS, "")
    try:
        return desk.parts(found), {**none, **desk.matter(found)}, ()
    except DocumentError as error:
        return (), none, str(error).splitlines()


async def _explained(
    desk: KnowledgeDesk, limit: Limit, question: str, who: SignedIn
) -> Explanation:
    if desk.explain is None:
        raise NotFoundError("nothing here answers from the documents")
    if not question:
        raise NotFoundError("type what a contact would ask")
    key = f"explain {who.member_id}"
    if not limit.allows(key):
        raise TooOftenError("questions", seconds=limit.seconds_left(key))
    return await desk.explain(question)


def _counts(holdings: Sequence[Holding]) -> dict[str, int]:
    found = {state.value: 0 for state in State}
    for one in holdings:
        found[one.state.value] += 1
    return {
        **found,
        "stale": sum(bool(one.stale) for one in holdings),
        "drafts": sum(bool(one.drafts) for one in holdings),
    }
