"""How often somebody may write, counted for each by themselves."""

from bot.limits import Limit


class Seconds:
    """A clock in seconds that is moved by hand."""

    now = 1000.0

    def __call__(self) -> float:
        return self.now


def test_so_many_are_allowed_and_no_more() -> None:
    limit = Limit("3/minute")
    assert [limit.allows("a") for _ in range(5)] == [True] * 3 + [False] * 2


def test_everybody_is_counted_alone() -> None:
    limit = Limit("1/hour")
    allowed = [limit.allows(key) for key in ("a", "b", "a", "c", "b")]
    assert allowed == [True, True, False, True, False]


def test_the_window_moves_and_refusals_do_not_count() -> None:
    seconds = Seconds()
    limit = Limit("2/minute", seconds=seconds)
    allowed = []
    for moment in (0, 30, 40, 59, 60, 61, 90):
        seconds.now = 1000.0 + moment
        allowed.append(limit.allows("a"))
    assert allowed == [True, True, False, False, True, False, True]


def test_who_has_to_wait_is_told_how_long() -> None:
    seconds = Seconds()
    limit = Limit("2/minute", seconds=seconds)
    for moment in (0, 20.5):
        seconds.now = 1000.0 + moment
        limit.allows("a")
    assert not limit.allows("a")
    assert limit.seconds_left("a") == 40
    seconds.now = 1060.0
    assert limit.seconds_left("a") == 1
    assert limit.seconds_left("nobody") == 1


def test_who_has_not_written_for_long_is_forgotten() -> None:
    seconds = Seconds()
    limit = Limit("2/minute", seconds=seconds)
    for number in range(100):
        limit.allows(f"visitor {number}")
    seconds.now += 61
    limit.allows("somebody new")
    assert list(limit._hits) == ["somebody new"]
