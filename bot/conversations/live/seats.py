"""How many event streams may be open: nobody is locked out by lost or hoarded ones."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

from bot.conversations.live.events import Subscription
from bot.conversations.live.happenings import Feed
from bot.errors import BotError

PER_VISITOR = 5
ALTOGETHER = 1000
# Streams that make room may take long to end: so many times as many are open at most.
AT_WORST = 2


class NoSeatError(BotError):
    """As many streams are open as the server allows."""


class Seat:
    """One open stream's place, and what wakes the stream."""

    def __init__(
        self, subscription: Subscription, *, visitor: str, network: str
    ) -> None:
        self.subscription = subscription
        self.visitor = visitor
        self.network = network
        self.given_away = False

    def give_away(self) -> None:
        """Let the stream end."""
        self.given_away = True
        self.subscription.call()


class Seats:
    """The open streams; a visitor's oldest one makes room for their newest.

    Where all are taken, the network with the most of them makes room for one that has
    fewer: one network may have all that nobody else wants, and no more.
    """

    def __init__(
        self,
        feed: Feed,
        *,
        per_visitor: int = PER_VISITOR,
        altogether: int = ALTOGETHER,
    ) -> None:
        self._feed = feed
        self._per_visitor = per_visitor
        self._altogether = altogether
        self._taken: list[Seat] = []

    @contextmanager
    def take(self, visitor: str, *, network: str | None = None) -> Iterator[Seat]:
        """A seat while the context lasts; a visitor can be a network of their own.

        Raises:
            NoSeatError: there is none left, and none that is owed to this network.
        """
        network = visitor if network is None else network
        self._make_room(network)
        with self._feed.subscribe() as subscription:
            seat = Seat(subscription, visitor=visitor, network=network)
            self._taken.append(seat)
            self._leave_some_to_others(visitor)
            try:
                yield seat
            finally:
                self._taken.remove(seat)

    def __len__(self) -> int:
        """How many streams are open."""
        return len(self._taken)

    def give_all_away(self) -> None:
        """End every stream: the server is about to stop."""
        for seat in self._taken:
            seat.give_away()

    def _make_room(self, network: str) -> None:
        """A stream ends a moment after its seat was given away, or when it can."""
        if len(self._taken) < self._altogether:
            return
        counts = Counter(seat.network for seat in self._taken)
        largest, most = counts.most_common(1)[0]
        full = len(self._taken) >= AT_WORST * self._altogether
        if full or most <= counts[network] + 1:
            raise NoSeatError("too many open streams")
        for seat in self._kept():
            if seat.network == largest:
                seat.give_away()
                return

    def _leave_some_to_others(self, visitor: str) -> None:
        own = [seat for seat in self._kept() if seat.visitor == visitor]
        for seat in own[: -self._per_visitor]:
            seat.give_away()

    def _kept(self) -> list[Seat]:
        """Oldest first."""
        return [seat for seat in self._taken if not seat.given_away]
