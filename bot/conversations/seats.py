"""How many event streams may be open: nobody is locked out by their own lost ones."""

from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager

from bot.conversations.events import Subscription
from bot.conversations.happenings import Feed
from bot.errors import BotError

PER_VISITOR = 5
ALTOGETHER = 1000


class NoSeatError(BotError):
    """As many streams are open as the server allows."""


class Seat:
    """One open stream's place, and what wakes the stream."""

    def __init__(self, subscription: Subscription) -> None:
        self.subscription = subscription
        self.given_away = False

    def give_away(self) -> None:
        """Let the stream end."""
        self.given_away = True
        self.subscription.call()


class Seats:
    """The open streams; a visitor's oldest one makes room for their newest."""

    def __init__(
        self,
        feed: Feed,
        *,
        per_visitor: int = PER_VISITOR,
        altogether: int = ALTOGETHER,
    ) -> None:
        self._feed = feed
        self._per_visitor = per_visitor
        self._left = altogether
        self._taken: defaultdict[str, list[Seat]] = defaultdict(list)

    @contextmanager
    def take(self, visitor: str) -> Iterator[Seat]:
        """A seat while the context lasts.

        Raises:
            NoSeatError: the server has none left.
        """
        if not self._left:
            raise NoSeatError("too many open streams")
        with self._feed.subscribe() as subscription:
            seat = Seat(subscription)
            self._left -= 1
            self._sit(visitor, seat)
            try:
                yield seat
            finally:
                self._left += 1
                self._leave(visitor, seat)

    def give_all_away(self) -> None:
        """End every stream: the server is about to stop."""
        for taken in self._taken.values():
            for seat in taken:
                seat.give_away()

    def _sit(self, visitor: str, seat: Seat) -> None:
        taken = self._taken[visitor]
        while len(taken) >= self._per_visitor:
            taken.pop(0).give_away()
        taken.append(seat)

    def _leave(self, visitor: str, seat: Seat) -> None:
        taken = self._taken[visitor]
        if seat in taken:
            taken.remove(seat)
        if not taken:
            del self._taken[visitor]
