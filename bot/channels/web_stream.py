"""The web chat's stream: what happens in a visitor's conversations."""

from collections.abc import AsyncGenerator, Iterator, Sequence

from bot.conversations.desk.queries import (
    MessageView,
    StreamEntry,
    open_conversation_id,
    stream_after,
)
from bot.conversations.live.happenings import address_id, said_so_far
from bot.conversations.live.presence import Presence
from bot.conversations.live.seats import Seat
from bot.conversations.ports import Author
from bot.conversations.service import Conversations
from bot.conversations.states import EventKind
from bot.database import Database
from bot.event_stream import Rest, written

CHANNEL = "web"
LONGEST_EVENT_ID = 18
# The stream looks again after this long even if nobody woke it.
PATIENCE_SECONDS = 60.0


async def stream(
    conversations: Conversations, key: str, *, after: int, seat: Seat
) -> AsyncGenerator[bytes, None]:
    """What happens in a visitor's conversations, from an event on."""
    database, presence = conversations.events.database, conversations.presence
    rest = Rest(seat.subscription.wait)
    passing = _Passing(database, presence)
    while not seat.given_away:
        if seat.subscription.address_id is None:
            # Before the first look, so that what comes after it wakes the stream.
            seat.subscription.address_id = await address_id(database, CHANNEL, key)
        entries = await stream_after(database, CHANNEL, key, after=after)
        if entries:
            after = entries[-1].id
            passing.begun = ""
            for event in _events(entries):
                yield event
            continue
        open_id = await open_conversation_id(database, CHANNEL, key)
        with presence.following(open_id, seat.subscription):
            for event in await passing.news(open_id):
                yield event
            seconds = presence.patience(open_id, most=PATIENCE_SECONDS)
            async for ping in rest.at_most(seconds):
                yield ping


class _Passing:
    """What a page was told of that is not stored: who writes, how a reply begins."""

    def __init__(self, database: Database, presence: Presence) -> None:
        self.begun = ""
        self._database = database
        self._presence = presence
        self._staff_write = False

    async def news(self, open_id: str) -> list[bytes]:
        """What has changed since it was last asked."""
        seen = self._presence.seen(open_id)
        events = []
        if self._staff_write != bool(seen.writing):
            self._staff_write = not self._staff_write
            events.append(_typing("staff", active=self._staff_write))
        begun = await said_so_far(self._database, open_id) if seen.bot_writing else ""
        if begun and begun != self.begun:
            self.begun = begun
            events.append(written("reply_begun", {"text": begun}))
        return events


def event_id(text: str | None) -> int:
    """The place that ``Last-Event-ID`` names; 0 where it names none."""
    known = text and text.isascii() and text.isdigit()
    return int(text) if text and known and len(text) <= LONGEST_EVENT_ID else 0


def _events(entries: Sequence[StreamEntry]) -> Iterator[bytes]:
    for entry in entries:
        event = _event(entry)
        if event is not None:
            yield event
    if _reply_is_owed(entries[-1]):
        yield _typing("bot", active=True)


def _typing(author: str, *, active: bool) -> bytes:
    return written("typing", {"author": author, "active": active})


def _reply_is_owed(entry: StreamEntry) -> bool:
    message = entry.message
    return (
        message is not None
        and message.author is Author.CONTACT
        and entry.bot_is_replying
    )


def _event(entry: StreamEntry) -> bytes | None:
    data: dict[str, object]
    if entry.kind is EventKind.MESSAGE_CREATED and entry.message:
        data = _message(entry.message)
    elif entry.kind is EventKind.CONVERSATION_STATUS_CHANGED:
        data = {"status": entry.status}
    else:
        return None
    data = {"conversation_id": entry.conversation_id, **data}
    return written(entry.kind.value, data, place=entry.id)


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
        "choices": list(message.choices),
    }
