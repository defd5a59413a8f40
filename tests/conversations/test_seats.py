"""Open streams are bounded, and a visitor's newest one always gets its place."""

from contextlib import ExitStack

import pytest

from bot.conversations.live.events import EventLog, ProcessBus
from bot.conversations.live.happenings import Feed
from bot.conversations.live.seats import NoSeatError, Seats
from bot.database import Database


def _seats(*, altogether: int = 100) -> Seats:
    events = EventLog(Database("sqlite+aiosqlite:///unused"), ProcessBus())
    return Seats(Feed(events), per_visitor=2, altogether=altogether)


def test_a_visitor_s_oldest_stream_makes_room_for_the_newest() -> None:
    seats = _seats()
    with ExitStack() as stack:
        taken = [stack.enter_context(seats.take("visitor")) for _ in range(4)]
        assert [seat.given_away for seat in taken] == [True, True, False, False]


def test_another_visitor_s_streams_stay() -> None:
    seats = _seats()
    with ExitStack() as stack:
        first = stack.enter_context(seats.take("first"))
        for _ in range(5):
            stack.enter_context(seats.take("second"))
        assert not first.given_away


def test_a_closed_stream_s_place_is_free_again() -> None:
    seats = _seats()
    with seats.take("visitor") as kept:
        for _ in range(10):
            with seats.take("visitor") as passing:
                pass
            assert not passing.given_away
        assert not kept.given_away


async def test_a_stream_that_lost_its_place_is_woken_to_end() -> None:
    seats = _seats()
    with seats.take("visitor") as first, ExitStack() as stack:
        for _ in range(2):
            stack.enter_context(seats.take("visitor"))
        assert await first.subscription.wait(seconds=0)


def test_when_every_place_is_taken_nobody_is_let_in_until_one_leaves() -> None:
    seats = _seats(altogether=2)
    with ExitStack() as stack:
        stack.enter_context(seats.take("first"))
        with seats.take("second"), pytest.raises(NoSeatError), seats.take("third"):
            pass
        stack.enter_context(seats.take("third"))
        with pytest.raises(NoSeatError), seats.take("fourth"):
            pass


def test_whoever_takes_every_place_makes_room_for_another_network() -> None:
    seats = _seats(altogether=4)
    with ExitStack() as stack:
        crowd = [
            stack.enter_context(seats.take(f"visitor {number}", network="crowd"))
            for number in range(4)
        ]
        for number in range(2):
            stack.enter_context(seats.take(f"other {number}", network="quiet"))
        assert [seat.given_away for seat in crowd] == [True, True, False, False]


def test_no_network_pushes_out_one_that_has_as_little() -> None:
    seats = _seats(altogether=3)
    with ExitStack() as stack:
        for number in range(2):
            stack.enter_context(seats.take(f"visitor {number}", network="crowd"))
        kept = stack.enter_context(seats.take("kept", network="quiet"))
        for network in ("crowd", "quiet"):
            with pytest.raises(NoSeatError), seats.take("late", network=network):
                pass
        assert not kept.given_away


def test_streams_that_will_not_end_do_not_pile_up_for_ever() -> None:
    seats = _seats(altogether=2)
    with ExitStack() as stack:
        for network in ("crowd", "crowd", "second", "third"):
            stack.enter_context(seats.take(f"of {network}", network=network))
        with pytest.raises(NoSeatError), seats.take("late", network="fourth"):
            pass


def test_many_visitors_leave_nothing_behind() -> None:
    seats = _seats(altogether=1)
    for number in range(50):
        with seats.take(f"visitor {number}"):
            pass
    assert not seats._taken
