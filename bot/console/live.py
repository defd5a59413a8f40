"""The console's event stream: what happened anywhere, from an event on."""

from collections.abc import AsyncGenerator, AsyncIterator
from functools import lru_cache
from typing import Annotated

from fastapi import APIRouter, Depends, Header, HTTPException, Query

from bot.console.access import Access
from bot.conversations.live.happenings import KEPT, Happening, newest_event
from bot.conversations.live.presence import Seen
from bot.conversations.live.seats import NoSeatError, Seat, Seats
from bot.conversations.service import Conversations
from bot.event_stream import EventStream, Rest, written
from bot.staff.session_watch import SessionWatch
from bot.staff.sessions import SignedIn

# The stream looks this often whether its session still holds, if nobody wakes it.
PATIENCE_SECONDS = 5.0
LARGEST_ID = 2**63 - 1


def stream_of(
    conversations: Conversations, access: Access, *, seats: Seats
) -> APIRouter:
    """``/console/events``; a session's end ends its streams."""
    router = APIRouter(include_in_schema=False)
    watch = SessionWatch(access.sessions)

    async def seated(
        who: Annotated[SignedIn, Depends(access.signed_in)],
    ) -> AsyncIterator[Seat]:
        try:
            with seats.take(str(who.member_id)) as taken:
                yield taken
        except NoSeatError as error:
            raise HTTPException(503, str(error), {"Retry-After": "10"}) from error

    @router.get("/console/events", response_class=EventStream)
    async def events(
        who: Annotated[SignedIn, Depends(access.signed_in)],
        seat: Annotated[Seat, Depends(seated)],
        after: str = "",
        conversation: Annotated[str, Query(pattern="^[a-z0-9]{0,32}$")] = "",
        last_event_id: Annotated[str | None, Header()] = None,
    ) -> EventStream:
        place = _place(last_event_id) or _place(after)
        if place is None:
            place = await newest_event(conversations.events.database)
        return EventStream(
            stream(
                conversations,
                watch,
                who=who,
                after=place,
                seat=seat,
                conversation_id=conversation,
            )
        )

    return router


async def stream(
    conversations: Conversations,
    watch: SessionWatch,
    *,
    who: SignedIn,
    after: int,
    seat: Seat,
    conversation_id: str = "",
) -> AsyncGenerator[bytes, None]:
    """Every event after one, for as long as the session and the seat last.

    Beside them, who else is at a conversation, and whether the contact is writing.
    """
    presence = conversations.presence
    with (
        presence.here(who.name, conversation_id),
        presence.following(conversation_id, seat.subscription),
        watch.over(who.token),
    ):
        yield written("ready", {})
        seen, rest = Seen(), Rest(seat.subscription.wait)
        while not seat.given_away:
            found = await conversations.feed.after(after)
            if not await watch.holds(who.token):
                yield written("signed_out", {})
                return
            if found:
                after = found[-1].id
                yield b"".join(_event(happening) for happening in found)
            if seen != (now := presence.seen(conversation_id)):
                seen = now
                yield _presence(seen, who)
            if not found:
                seconds = presence.patience(conversation_id, most=PATIENCE_SECONDS)
                async for ping in rest.at_most(seconds):
                    yield ping


def _presence(seen: Seen, who: SignedIn) -> bytes:
    data = {
        "here": [name for name in seen.here if name != who.name],
        "writing": [name for name in seen.writing if name != who.name],
        "contact_writing": seen.contact_writing,
    }
    return written("presence", data)


@lru_cache(maxsize=KEPT)
def _event(happening: Happening) -> bytes:
    """Written out once, since every page that is open gets it."""
    data = {
        "kind": happening.kind,
        "conversation_id": happening.conversation_id,
        "status": happening.status,
        "author": happening.author,
        "holder": happening.holder,
    }
    return written("happening", data, place=happening.id)


def _place(text: str | None) -> int | None:
    if not (text and text.isascii() and text.isdigit()):
        return None
    number = int(text[:20])
    return number if number <= LARGEST_ID else None
