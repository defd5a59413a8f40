"""The web chat: a small API with a stream, and the pages that use it."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, Depends, Header, HTTPException, Request
from fastapi.params import Depends as DependsMarker
from fastapi.responses import FileResponse, HTMLResponse
from fastapi.sse import EventSourceResponse, ServerSentEvent
from jinja2 import Environment, PackageLoader, select_autoescape
from pydantic import BaseModel, Field

from bot.channels.visitors import new_visitor, token_for, visitor_of
from bot.conversations.models import EventKind
from bot.conversations.ports import Author, Inbound
from bot.conversations.queries import MessageView, StreamEntry, stream_after
from bot.conversations.seats import NoSeatError, Seat, Seats
from bot.conversations.service import Conversations
from bot.errors import ConflictError
from bot.limits import Limit
from bot.text import CleanText

CHANNEL = "web"
LONGEST_TEXT = 20_000
LONGEST_BODY = 128 * 1024
LONGEST_EVENT_ID = 18
# The stream looks again after this long even if nobody woke it.
PATIENCE_SECONDS = 10.0
STATIC = Path(__file__).parent / "static"
PAGES = Environment(
    loader=PackageLoader("bot.channels"), autoescape=select_autoescape()
)


class NewMessage(BaseModel):
    """A message; ``client_id`` makes sending it again harmless."""

    client_id: CleanText = Field(min_length=1, max_length=100)
    text: CleanText = Field(min_length=1, max_length=LONGEST_TEXT)


def build_api(  # noqa: C901  the API at a glance, one small function an endpoint
    conversations: Conversations,
    *,
    secret: str,
    per_visitor: Limit,
    per_network: Limit,
    seats: Seats,
) -> APIRouter:
    """Everything under ``/api/chat``."""
    router = APIRouter(prefix="/api/chat", max_body_size=LONGEST_BODY)
    within_network = _network_limit(per_network, "requests")
    # Counted apart: pages that lost their streams must still be able to send.
    streams_within_network = _network_limit(per_network, "streams")

    async def visitor(
        authorization: Annotated[str | None, Header()] = None,
    ) -> str:
        scheme, _, token = (authorization or "").partition(" ")
        found = visitor_of(token.strip(), secret=secret)
        if scheme.casefold() != "bearer" or found is None:
            raise HTTPException(
                401, "a visitor token is needed", {"WWW-Authenticate": "Bearer"}
            )
        return found

    async def seated(key: Annotated[str, Depends(visitor)]) -> AsyncIterator[Seat]:
        try:
            with seats.take(key) as taken:
                yield taken
        except NoSeatError as error:
            raise HTTPException(503, str(error), {"Retry-After": "10"}) from error

    @router.post("/conversations", status_code=201, dependencies=[within_network])
    async def open_conversation() -> dict[str, str]:
        key = new_visitor()
        opened = await conversations.open(CHANNEL, key)
        return {
            "token": token_for(key, secret=secret),
            "conversation_id": opened.conversation_id,
            "greeting": opened.greeting,
        }

    @router.post("/messages", status_code=202, dependencies=[within_network])
    async def send(
        message: NewMessage, key: Annotated[str, Depends(visitor)]
    ) -> dict[str, object]:
        if not message.text.strip():
            raise HTTPException(422, "a message needs words")
        if not per_visitor.allows(key):
            raise _too_many(per_visitor, key)
        inbound = Inbound(
            channel=CHANNEL,
            sender=key,
            external_id=message.client_id,
            text=message.text,
            received_at=conversations.clock(),
        )
        try:
            receipt = await conversations.receive(inbound)
        except ConflictError as error:
            raise HTTPException(409, str(error)) from error
        return {
            "message_id": receipt.message_id,
            "conversation_id": receipt.conversation_id,
            "duplicate": receipt.duplicate,
        }

    @router.get(
        "/events",
        response_class=EventSourceResponse,
        dependencies=[streams_within_network],
    )
    async def events(
        key: Annotated[str, Depends(visitor)],
        seat: Annotated[Seat, Depends(seated)],
        last_event_id: Annotated[str | None, Header()] = None,
    ) -> AsyncIterator[ServerSentEvent]:
        after = _event_id(last_event_id)
        async for event in stream(conversations, key, after=after, seat=seat):
            yield event

    return router


async def stream(
    conversations: Conversations, key: str, *, after: int, seat: Seat
) -> AsyncIterator[ServerSentEvent]:
    """What happens in a visitor's conversations, from an event on."""
    database = conversations.events.database
    while not seat.given_away:
        entries = await stream_after(database, CHANNEL, key, after=after)
        for entry in entries:
            after = entry.id
            event = _event(entry)
            if event is not None:
                yield event
        if entries and _reply_is_owed(entries[-1]):
            yield ServerSentEvent(event="typing", data={"active": True})
        if not entries:
            await seat.subscription.wait(seconds=PATIENCE_SECONDS)


def build_pages(*, organisation: str, allowed_origins: list[str]) -> APIRouter:
    """The chat's own page, and the script that puts it into other pages."""
    router = APIRouter(include_in_schema=False)
    ancestors = " ".join(("'self'", *allowed_origins))
    headers = {
        "Content-Security-Policy": "default-src 'none'; script-src 'self'; "
        "style-src 'self'; connect-src 'self'; img-src 'self' data:; "
        f"base-uri 'none'; form-action 'none'; frame-ancestors {ancestors}",
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "no-referrer",
    }

    @router.get("/", response_class=HTMLResponse)
    async def page() -> HTMLResponse:
        words = PAGES.get_template("chat.html").render(organisation=organisation)
        return HTMLResponse(words, headers=headers)

    @router.get("/widget.js")
    async def widget() -> FileResponse:
        return FileResponse(
            STATIC / "widget.js",
            media_type="text/javascript",
            headers={
                "Cache-Control": "public, max-age=300",
                "Cross-Origin-Resource-Policy": "cross-origin",
                "X-Content-Type-Options": "nosniff",
            },
        )

    return router


def _network_limit(limit: Limit, what: str) -> DependsMarker:
    async def within(request: Request) -> None:
        address = request.client.host if request.client else "unknown"
        key = f"{what} {address}"
        if not limit.allows(key):
            raise _too_many(limit, key)

    return DependsMarker(within)


def _too_many(limit: Limit, key: str) -> HTTPException:
    seconds = limit.seconds_left(key)
    return HTTPException(
        429,
        f"too many requests; try again in {seconds} s",
        {"Retry-After": str(seconds)},
    )


def _event_id(text: str | None) -> int:
    known = text and text.isascii() and text.isdigit()
    return int(text) if text and known and len(text) <= LONGEST_EVENT_ID else 0


def _reply_is_owed(entry: StreamEntry) -> bool:
    message = entry.message
    return (
        message is not None
        and message.author is Author.CONTACT
        and entry.bot_is_replying
    )


def _event(entry: StreamEntry) -> ServerSentEvent | None:
    data: dict[str, object]
    if entry.kind is EventKind.MESSAGE_CREATED and entry.message:
        data = _message(entry.message)
    elif entry.kind is EventKind.CONVERSATION_STATUS_CHANGED:
        data = {"status": entry.status}
    else:
        return None
    return ServerSentEvent(
        id=str(entry.id),
        event=entry.kind.value,
        data={"conversation_id": entry.conversation_id, **data},
    )


def _message(message: MessageView) -> dict[str, object]:
    return {
        "id": message.id,
        "author": message.author,
        "text": message.text,
        "created_at": message.created_at.isoformat(),
        "outcome": message.outcome,
        "confidence": message.confidence,
        "citations": list(message.citations),
        "client_id": message.client_id,
    }
