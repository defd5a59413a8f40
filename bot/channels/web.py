"""The web chat: a small API with a stream; its pages are in ``web_pages``."""

from collections.abc import AsyncIterator
from typing import Annotated

from fastapi import APIRouter, Depends, Header, HTTPException, Path, Request
from fastapi.params import Depends as DependsMarker
from fastapi.sse import EventSourceResponse, ServerSentEvent

from bot.channels.chat_words import offered, preferred
from bot.channels.visitors import new_visitor, token_for, visitor_of
from bot.channels.web_requests import Feedback, NewMessage, Typing
from bot.conversations.feedback import rate
from bot.conversations.happenings import address_id
from bot.conversations.models import EventKind
from bot.conversations.ports import Author, Inbound
from bot.conversations.queries import (
    MessageView,
    StreamEntry,
    open_conversation_id,
    stream_after,
)
from bot.conversations.seats import NoSeatError, Seat, Seats
from bot.conversations.service import Conversations
from bot.errors import ConflictError, NotFoundError
from bot.limits import Limit

CHANNEL = "web"
LONGEST_BODY = 128 * 1024
LONGEST_EVENT_ID = 18
# The stream looks again after this long even if nobody woke it.
PATIENCE_SECONDS = 60.0

MessageId = Annotated[str, Path(pattern="^[a-z0-9]{1,32}$")]


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
    typing_within_network = _network_limit(per_network, "typing")
    languages = offered(conversations.organisation)

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
    async def open_conversation(
        accept_language: Annotated[str, Header()] = "",
    ) -> dict[str, str]:
        key = new_visitor()
        language = preferred(accept_language, languages)
        opened = await conversations.open(CHANNEL, key, language=language)
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

    @router.post(
        "/messages/{message_id}/feedback",
        status_code=204,
        dependencies=[within_network],
    )
    async def rate_answer(
        message_id: MessageId, feedback: Feedback, key: Annotated[str, Depends(visitor)]
    ) -> None:
        try:
            await rate(
                conversations, CHANNEL, key, message_id, helpful=feedback.helpful
            )
        except NotFoundError as error:
            raise HTTPException(404, str(error)) from error

    @router.post("/typing", status_code=204, dependencies=[typing_within_network])
    async def write(typing: Typing, key: Annotated[str, Depends(visitor)]) -> None:
        open_id = await open_conversation_id(
            conversations.events.database, CHANNEL, key
        )
        if open_id:
            await conversations.presence.writes(open_id, None, active=typing.active)

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
    database, presence = conversations.events.database, conversations.presence
    staff_write = False
    while not seat.given_away:
        if seat.subscription.address_id is None:
            # Before the first look, so that what comes after it wakes the stream.
            seat.subscription.address_id = await address_id(database, CHANNEL, key)
        entries = await stream_after(database, CHANNEL, key, after=after)
        for entry in entries:
            after = entry.id
            event = _event(entry)
            if event is not None:
                yield event
        if entries and _reply_is_owed(entries[-1]):
            yield _typing("bot", active=True)
        if entries:
            continue
        open_id = await open_conversation_id(database, CHANNEL, key)
        with presence.following(open_id, seat.subscription):
            if staff_write != bool(presence.seen(open_id).writing):
                staff_write = not staff_write
                yield _typing("staff", active=staff_write)
            seconds = presence.patience(open_id, most=PATIENCE_SECONDS)
            await seat.subscription.wait(seconds=seconds)


def _typing(author: str, *, active: bool) -> ServerSentEvent:
    return ServerSentEvent(event="typing", data={"author": author, "active": active})


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
        "language": message.language,
        "created_at": message.created_at.isoformat(),
        "outcome": message.outcome,
        "confidence": message.confidence,
        "citations": list(message.citations),
        "client_id": message.client_id,
        "helpful": message.helpful,
    }
