"""Tells staff by e-mail or chat that a person is needed: no name, no word of theirs."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import select

from bot.clock import Clock
from bot.conversations.live.events import EventLog
from bot.conversations.models import Conversation, Event, EventKind, Reason, Status
from bot.errors import SettingsError
from bot.integrations.cursors import is_behind, move_on, next_events, start_cursor
from bot.logs import get_logger

if TYPE_CHECKING:
    from apprise.plugins.base import NotifyBase

CURSOR = "notifications"
ALARMS = {
    EventKind.HANDOFF_OVERDUE: "Nobody has taken it yet",
    EventKind.CALL_BACK_DUE: "A call-back is due",
}
TOLD_OF = (EventKind.CONVERSATION_STATUS_CHANGED, *ALARMS)
POLL_SECONDS = 2.0
PAUSES = (2.0, 10.0)
LEASE = timedelta(minutes=5)
# After a long stop nobody wants to be told of yesterday.
STALE_AFTER = timedelta(hours=1)
# A hundred handoffs in a minute are a few notices.
TOGETHER_SECONDS = 15.0

log = get_logger()
Pause = Callable[[float], Awaitable[object]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """What staff are told."""

    title: str
    body: str


class Notifier:
    """Reads the event log and tells; what fails is logged, and holds up nothing else.

    ``urls`` are in apprise's notation, separated by commas; ``reason`` puts a
    handoff's code into words.

    Raises:
        SettingsError: apprise is not installed, or does not understand an address.
    """

    def __init__(
        self,
        events: EventLog,
        urls: str,
        *,
        base_url: str,
        reason: Callable[[str | None], str],
        clock: Clock,
        pause: Pause = asyncio.sleep,
    ) -> None:
        self._events = events
        self._services = _services(urls)
        self._base_url = base_url
        self._reason = reason
        self._clock = clock
        self._pause = pause
        self._told = False

    async def run(self) -> None:
        """Tell until cancelled; not at all if nobody is to be told.

        Of what happens soon after something was told, there is one notice together.
        """
        if not self._services:
            return
        with self._events.bus.subscribe() as subscription:
            while True:
                try:
                    await self.start()
                    while await self.tell_once():
                        if self._told:
                            await self._pause(TOGETHER_SECONDS)
                except Exception:
                    log.exception("notifying_failed")
                await subscription.wait(seconds=POLL_SECONDS)

    async def start(self) -> None:
        """Hear of everything from now on, unless it was so before."""
        async with self._events.database.write() as session:
            await start_cursor(session, CURSOR)

    async def tell_once(self) -> bool:
        """Tell of what is next, all at once; False if there is nothing to read.

        Of several processes one tells; if it vanishes before it has told, another
        does once the lease has ended.
        """
        async with self._events.database.read() as session:
            if not await is_behind(session, TOLD_OF, name=CURSOR):
                return False
        now = self._clock()
        async with self._events.database.write() as session:
            events = await next_events(
                session, TOLD_OF, name=CURSOR, now=now, lease=LEASE
            )
        if not events:
            return False
        await self._tell(events)
        async with self._events.database.write() as session:
            await move_on(session, CURSOR, through=events[-1].id)
        return True

    async def _tell(self, events: Sequence[Event]) -> None:
        """One notice of everything in them that matters, if anything does."""
        oldest = self._clock() - STALE_AFTER
        news = [one for one in events if one.created_at > oldest and _matters(one)]
        notice = await self._notice(news)
        self._told = notice is not None
        if notice is not None:
            await asyncio.gather(*(self._send(one, notice) for one in self._services))

    async def _notice(self, events: Sequence[Event]) -> Notice | None:
        """What is most urgent, and how many others there are; None if nothing is."""
        ids = {event.conversation_id for event in events}
        async with self._events.database.read() as session:
            found = await session.scalars(
                select(Conversation).where(Conversation.id.in_(ids))
            )
            about = {one.id: one for one in found}
        # Whoever was erased meanwhile is nobody's business any more.
        events = [one for one in events if one.conversation_id in about]
        if not events:
            return None
        first = min(events, key=lambda one: _calm(about[one.conversation_id]))
        conversation = about[first.conversation_id]
        what = ALARMS.get(first.kind, "A person is needed")
        why = self._reason(conversation.handoff_reason)
        title, inbox = f"{what}: {why}" if why else what, f"{self._base_url}/console"
        link = f"{inbox}/conversations/{conversation.public_id}"
        if len(about) == 1:
            return Notice(title=title, body=link)
        more = f"{title}; {len(about) - 1} more in the inbox"
        return Notice(title=more, body=f"{link}\n{inbox}")

    async def _send(self, service: "NotifyBase", notice: Notice) -> None:
        for pause in (*PAUSES, None):
            if await service.async_notify(title=notice.title, body=notice.body):
                return
            # The address holds secrets: only the kind of service may be named.
            log.warning("notification_failed", service=service.service_name)
            if pause is not None:
                await self._pause(pause)


def _calm(conversation: Conversation) -> bool:
    """Whether there is nobody in distress; of those that are alike the first counts."""
    return conversation.handoff_reason != Reason.DISTRESS


def _matters(event: Event) -> bool:
    return event.kind in ALARMS or event.status is Status.WAITING


def _services(urls: str) -> "list[NotifyBase]":
    if not urls.strip():
        return []
    try:
        from apprise import Apprise  # noqa: PLC0415  optional, and slow to load
    except ImportError as error:
        raise SettingsError(
            "NOTIFY_URLS needs apprise: pip install 'enquiry-assistant[notify]'"
        ) from error
    known = Apprise()
    for number, url in enumerate(urls.split(","), start=1):
        if not known.add(url.strip()):
            raise SettingsError(
                f"NOTIFY_URLS: address {number} is not one that apprise understands; "
                "see https://appriseit.com/services/ (a comma within one is %2C)"
            )
    return list(known)
