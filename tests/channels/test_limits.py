"""How often somebody may write, counted for each by themselves."""

from bot.channels.limits import Limit


async def test_so_many_are_allowed_and_no_more() -> None:
    limit = Limit("3/hour")
    assert [await limit.allows("a") for _ in range(5)] == [True] * 3 + [False] * 2


async def test_everybody_is_counted_alone() -> None:
    limit = Limit("1/hour")
    assert [await limit.allows(key) for key in ("a", "b", "a", "c", "b")] == [
        True,
        True,
        False,
        True,
        False,
    ]


async def test_who_has_to_wait_is_told_how_long() -> None:
    limit = Limit("1/hour")
    assert await limit.allows("a")
    assert not await limit.allows("a")
    assert 3590 < await limit.seconds_left("a") <= 3600
