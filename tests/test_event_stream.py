"""Events as they travel, and lines that are kept open."""

import json
from collections.abc import AsyncGenerator

import pytest
from fastapi.sse import KEEPALIVE_COMMENT as PING

from bot.event_stream import EventStream, Rest, written


def test_an_event_is_three_lines_whatever_its_words_hold() -> None:
    event = written("said", {"text": "one\ntwo\r\u2028 नमस्ते"}, place=7)
    name, data, place, *rest = event.decode().split("\n")
    assert (name, place, rest) == ("event: said", "id: 7", ["", ""])
    assert json.loads(data.removeprefix("data: ")) == {"text": "one\ntwo\r\u2028 नमस्ते"}
    assert b"id:" not in written("ready", {})


class Waiting:
    """Nobody calls, for so many waits."""

    def __init__(self, *, times: int) -> None:
        self._left = times
        self.seconds: list[float] = []

    async def __call__(self, *, seconds: float) -> bool:
        self.seconds.append(seconds)
        self._left -= 1
        return self._left < 0


async def test_a_line_that_is_quiet_for_long_says_something() -> None:
    nobody = Waiting(times=3)
    assert [ping async for ping in Rest(nobody).at_most(60.0)] == [PING] * 3
    assert nobody.seconds == [15.0] * 4


async def test_short_waits_one_after_another_count_together() -> None:
    nobody = Waiting(times=100)
    rest = Rest(nobody)
    heard = [[ping async for ping in rest.at_most(5.0)] for _ in range(6)]
    assert heard == [[], [], [PING]] * 2


async def test_a_stream_is_closed_when_its_page_goes_away_meanwhile() -> None:
    ended = []

    async def events() -> AsyncGenerator[bytes, None]:
        try:
            while True:
                yield written("ready", {})
        finally:
            ended.append("closed")

    async def send(message: object) -> None:
        raise OSError("gone")

    with pytest.raises(OSError, match="gone"):
        await EventStream(events()).stream_response(send)
    assert not ended  # nothing was begun yet

    sent: list[object] = []

    async def break_off(message: object) -> None:
        sent.append(message)
        if len(sent) > 1:
            raise OSError("gone")

    with pytest.raises(OSError, match="gone"):
        await EventStream(events()).stream_response(break_off)
    assert ended == ["closed"]
