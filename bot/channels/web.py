"""The web chat's API; its stream is in ``web_stream``, its pages in ``web_pages``."""

from collections.abc import AsyncIterator
from typing import Annotated

from fastapi import APIRouter, Depends, Header, HTTPException, Path, Request
from fastapi.params import Depends as DependsMarker

from bot.channels.chat_words import offered, preferred
from bot.channels.visitors import network_name, new_visitor, token_for, visitor_of
from bot.channels.web_requests import LONGEST_TEXT, Feedback, NewMessage, Typing
from bot.channels.web_stream import CHANNEL, event_id, stream
from bot.conversations.contacts.feedback import rate
from bot.conversations.desk.queries import open_conversation_id
from bot.conversations.live.seats import NoSeatError, Seat, Seats
from bot.conversations.ports import Inbound
from bot.conversations.service import Conversations
from bot.errors import ConflictError, NotFoundError
from bot.event_stream import EventStream
from bot.limits import Limit
from bot.network import address_of, network_of

LONGEST_BODY = 128 * 1024

MessageId = Annotated[str, Path(pattern="^[a-z0-9]{1,32}$")]


def build_api(
    conversations: Conversations,
    *,
    secret: str,
    per_visitor: Limit,
    per_network: Limit,
    opened: Limit,
    seats: Seats,
) -> APIRouter:
    """Everything under ``/api/chat``."""
    visitor = _visitor(secret)
    router = APIRouter(prefix="/api/chat", max_body_size=LONGEST_BODY)
    for part in (
        _opening(conversations, secret, per_network, opened),
        _sending(conversations, secret, per_visitor, per_network),
        _remarks(conversations, visitor, per_network),
        _streaming(conversations, visitor, per_network, seats),
    ):
        router.include_router(part)
    return router


def _opening(
    conversations: Conversations, secret: str, per_network: Limit, opened: Limit
) -> APIRouter:
    router = _part(per_network, "requests")
    languages = offered(conversations.organisation)

    @router.post(
        "/conversations", status_code=201, dependencies=[_within(opened, "opened")]
    )
    async def open_conversation(
        accept_language: Annotated[str, Header()] = "",
    ) -> dict[str, str]:
        key = new_visitor()
        language = preferred(accept_language, languages)
        new = await conversations.open(CHANNEL, key, language=language)
        return {
            "token": token_for(key, secret=secret),
            "conversation_id": new.conversation_id,
            "greeting": new.greeting,
        }

    return router


def _sending(
    conversations: Conversations,
    secret: str,
    per_visitor: Limit,
    per_network: Limit,
) -> APIRouter:
    router = _part(per_network, "requests")
    visitor = _visitor(secret)

    @router.post("/messages", status_code=202)
    async def send(
        message: NewMessage, key: Annotated[str, visitor], request: Request
    ) -> dict[str, object]:
        if not message.text.strip():
            raise HTTPException(422, "a message needs words")
        if len(message.text) > LONGEST_TEXT:
            raise HTTPException(422, f"a message has at most {LONGEST_TEXT} characters")
        if not per_visitor.allows(key):
            raise _too_many(per_visitor, key)
        network = network_name(
            network_of(address_of(request.client)),
            day=conversations.clock().date(),
            secret=secret,
        )
        return await _receive(conversations, message, key, network=network)

    return router


async def _receive(
    conversations: Conversations, message: NewMessage, key: str, *, network: str
) -> dict[str, object]:
    inbound = Inbound(
        channel=CHANNEL,
        sender=key,
        external_id=message.client_id,
        text=message.text,
        network=network,
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


def _remarks(
    conversations: Conversations, visitor: DependsMarker, per_network: Limit
) -> APIRouter:
    """What a page tells beside messages: a thumb, and that somebody writes."""
    router = APIRouter(max_body_size=LONGEST_BODY)

    @router.post(
        "/messages/{message_id}/feedback",
        status_code=204,
        dependencies=[_within(per_network, "requests")],
    )
    async def rate_answer(
        message_id: MessageId, feedback: Feedback, key: Annotated[str, visitor]
    ) -> None:
        try:
            await rate(
                conversations, CHANNEL, key, message_id, helpful=feedback.helpful
            )
        except NotFoundError as error:
            raise HTTPException(404, str(error)) from error

    @router.post(
        "/typing", status_code=204, dependencies=[_within(per_network, "typing")]
    )
    async def write(typing: Typing, key: Annotated[str, visitor]) -> None:
        database, presence = conversations.events.database, conversations.presence
        open_id = await open_conversation_id(database, CHANNEL, key)
        if open_id:
            await presence.writes(open_id, None, active=typing.active)

    return router


def _streaming(
    conversations: Conversations,
    visitor: DependsMarker,
    per_network: Limit,
    seats: Seats,
) -> APIRouter:
    # Counted apart: pages that lost their streams must still be able to send.
    router = _part(per_network, "streams")

    async def seated(
        request: Request, key: Annotated[str, visitor]
    ) -> AsyncIterator[Seat]:
        network = network_of(address_of(request.client))
        try:
            with seats.take(key, network=network) as taken:
                yield taken
        except NoSeatError as error:
            raise HTTPException(503, str(error), {"Retry-After": "10"}) from error

    # Without the status its description could not be made.
    @router.get("/events", response_class=EventStream, status_code=200)
    async def events(
        key: Annotated[str, visitor],
        seat: Annotated[Seat, Depends(seated)],
        last_event_id: Annotated[str | None, Header()] = None,
    ) -> EventStream:
        after = event_id(last_event_id)
        return EventStream(stream(conversations, key, after=after, seat=seat))

    return router


def _part(per_network: Limit, what: str) -> APIRouter:
    return APIRouter(
        max_body_size=LONGEST_BODY, dependencies=[_within(per_network, what)]
    )


def _visitor(secret: str) -> DependsMarker:
    """Whose token came with a request."""

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

    return DependsMarker(visitor)


def _within(limit: Limit, what: str) -> DependsMarker:
    async def within(request: Request) -> None:
        key = f"{what} {network_of(address_of(request.client))}"
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
