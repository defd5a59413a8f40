"""Who is here and who is writing in this moment: told between processes, never stored.

A sign lasts for some seconds unless it is repeated, so that a process or a browser that
vanishes leaves nothing behind.
"""

import asyncio
import json
import secrets
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy.exc import SQLAlchemyError

from bot.conversations.live.events import EventLog, Subscription
from bot.logs import get_logger

WRITING_LASTS = timedelta(seconds=6)
HERE_LASTS = timedelta(seconds=40)
REPEAT_SECONDS = 15.0
# A notice of PostgreSQL's carries at most 8000 bytes.
SIGNS_TOGETHER = 20
SHORTEST_WAIT = 0.1

log = get_logger()


class Doing(StrEnum):
    """What somebody does: staff are here or write; a contact or the bot writes."""

    HERE = "here"
    WRITING = "writing"
    CONTACT_WRITING = "contact_writing"
    BOT_WRITING = "bot_writing"


@dataclass(frozen=True, slots=True)
class Sign:
    """Somebody does something in a conversation; in none: has the console open."""

    doing: Doing
    conversation_id: str
    who: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What is going on in a conversation; staff by their names."""

    here: tuple[str, ...] = ()
    writing: tuple[str, ...] = ()
    contact_writing: bool = False
    bot_writing: bool = False


class Presence:
    """Keeps the signs of all processes, and passes on those of this one."""

    def __init__(self, events: EventLog, *, clock: Callable[[], datetime]) -> None:
        self._events = events
        self._clock = clock
        self._process = secrets.token_hex(4)
        # By conversation: what is asked of one costs no more where many are busy.
        self._until: defaultdict[str, dict[tuple[str, Sign], datetime]]
        self._until = defaultdict(dict)
        self._held: defaultdict[str, Counter[Sign]] = defaultdict(Counter)
        self._followers: defaultdict[str, set[Subscription]] = defaultdict(set)
        self._news = asyncio.Event()
        events.bus.hear_signs(self._hear)

    @contextmanager
    def here(self, who: str, conversation_id: str = "") -> Iterator[None]:
        """A staff member has the console open, or a conversation in it."""
        signs = {Sign(Doing.HERE, place, who) for place in ("", conversation_id)}
        self._hold(signs, 1)
        try:
            yield
        finally:
            self._hold(signs, -1)

    @contextmanager
    def following(
        self, conversation_id: str, subscription: Subscription
    ) -> Iterator[None]:
        """Wake a reader whenever something changes in a conversation."""
        self._followers[conversation_id].add(subscription)
        try:
            yield
        finally:
            followers = self._followers[conversation_id]
            followers.discard(subscription)
            if not followers:
                del self._followers[conversation_id]

    async def writes(
        self, conversation_id: str, who: str | None, *, active: bool
    ) -> None:
        """A staff member, or the contact where ``who`` is None, writes or stops."""
        doing = Doing.CONTACT_WRITING if who is None else Doing.WRITING
        sign = Sign(doing, conversation_id, who or "")
        lasts = WRITING_LASTS if active else timedelta(0)
        told = self._until.get(conversation_id, {})
        if not active and (self._process, sign) not in told:
            return
        self._keep(self._process, sign, lasts)
        await self._announce([sign], lasts)

    async def bot_writes(self, conversation_id: str) -> None:
        """There is more to read of the reply that the bot is making."""
        sign = Sign(Doing.BOT_WRITING, conversation_id, "")
        self._keep(self._process, sign, WRITING_LASTS)
        await self._announce([sign], WRITING_LASTS)

    def seen(self, conversation_id: str) -> Seen:
        """What is going on in a conversation now."""
        signs = self._now(conversation_id)
        return Seen(
            here=_names(signs, Doing.HERE),
            writing=_names(signs, Doing.WRITING),
            contact_writing=any(one.doing is Doing.CONTACT_WRITING for one in signs),
            bot_writing=any(one.doing is Doing.BOT_WRITING for one in signs),
        )

    def online(self) -> tuple[str, ...]:
        """The staff who have the console open, by name."""
        return _names(self._now(""), Doing.HERE)

    def patience(self, conversation_id: str, *, most: float) -> float:
        """Seconds until what is seen in a conversation may have changed by itself."""
        now = self._clock()
        ends = (
            (until - now).total_seconds()
            for until in self._until.get(conversation_id, {}).values()
            if until > now
        )
        return max(SHORTEST_WAIT, min((most, *ends)))

    async def run(self) -> None:
        """Tell the other processes who is here, until cancelled."""
        while True:
            try:
                held = [sign for signs in self._held.values() for sign in signs]
                await self._announce(held, HERE_LASTS)
            except (SQLAlchemyError, OSError):
                log.warning("presence_not_announced")
            for place in list(self._until):
                self._forget_past(place)
            self._news.clear()
            try:
                async with asyncio.timeout(REPEAT_SECONDS):
                    await self._news.wait()
            except TimeoutError:
                continue

    def _now(self, conversation_id: str) -> set[Sign]:
        now = self._clock()
        told = self._until.get(conversation_id, {})
        elsewhere = {sign for (_, sign), until in told.items() if until > now}
        return elsewhere | set(self._held.get(conversation_id, ()))

    def _hold(self, signs: set[Sign], by: int) -> None:
        for sign in signs:
            place = sign.conversation_id
            held = self._held[place]
            held[sign] += by
            if not held[sign]:
                del held[sign]
            if not held:
                del self._held[place]
            self._call(place)
        self._news.set()

    def _hear(self, text: str) -> None:
        process, lasts, signs = json.loads(text)
        if process == self._process:
            return
        for doing, conversation_id, who in signs:
            sign = Sign(Doing(doing), conversation_id, who)
            self._keep(process, sign, timedelta(seconds=lasts))

    def _keep(self, process: str, sign: Sign, lasts: timedelta) -> None:
        place = sign.conversation_id
        self._until[place][process, sign] = self._clock() + lasts
        self._forget_past(place)
        self._call(place)

    def _forget_past(self, place: str) -> None:
        now = self._clock()
        left = {key: end for key, end in self._until[place].items() if end > now}
        if left:
            self._until[place] = left
        else:
            del self._until[place]

    async def _announce(self, signs: Sequence[Sign], lasts: timedelta) -> None:
        seconds = lasts.total_seconds()
        for first in range(0, len(signs), SIGNS_TOGETHER):
            rows = [
                (sign.doing, sign.conversation_id, sign.who)
                for sign in signs[first : first + SIGNS_TOGETHER]
            ]
            text = json.dumps([self._process, seconds, rows], ensure_ascii=False)
            await self._events.announce(text)

    def _call(self, conversation_id: str) -> None:
        for subscription in self._followers.get(conversation_id, ()):
            subscription.call()


def _names(signs: set[Sign], doing: Doing) -> tuple[str, ...]:
    return tuple(sorted({one.who for one in signs if one.doing is doing}))
