"""A language model that writes what it is told, by OpenAI's streaming protocol.

What it is told to do are scripts, which the servers of other protocols know, too.
"""

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from typing import Any, Protocol

from fastapi import FastAPI, Request, Response
from fastapi.responses import JSONResponse, StreamingResponse

MODEL = "test-model"
# Tokens read and written, as a stream reports them once, several times or never.
Reports = Sequence[tuple[int, int]]
REPORTED: Reports = ((200, 20),)
STOP = "stop"


class Wire(Protocol):
    """How a protocol says what a script wants said."""

    media_type: str

    def pieces(self, text: str) -> list[str]:
        """The beginning of a stream, and a text word by word."""
        ...

    def end(self, reports: Reports, reason: str) -> list[str]:
        """What follows it: why it ends (``stop``, ``length``, ``refusal``), tokens."""
        ...

    def refusal(self, status: int) -> Response:
        """An error in place of a stream."""
        ...


Script = Callable[[Wire], Response]


class ModelServer:
    """Serves ``app``; ``script`` says how it replies, ``asked`` what it was sent.

    ``keys`` are those that came with each request; ``path`` is where the base address
    of the API leads.
    """

    path = ""

    def __init__(self, script: Script) -> None:
        self.script = script
        self.asked: list[dict[str, Any]] = []
        self.keys: list[str] = []
        self.app = FastAPI()

    def reply(self, wire: Wire) -> Response:
        """What the script says; the connection ends with it.

        LangChain keeps its clients, and none can be used in the loop of another test.
        """
        response = self.script(wire)
        response.headers["connection"] = "close"
        return response

    def told(self, number: int) -> list[tuple[str, str]]:
        """The messages of a request, each with its role."""
        return [(one["role"], one["content"]) for one in self.asked[number]["messages"]]

    def part(self, name: str) -> str:
        """What stood between two delimiters of the prompt, which occur once each."""
        prompt = self.prompt
        opening, closing = f"<{name}>", f"</{name}>"
        assert (prompt.count(opening), prompt.count(closing)) == (1, 1)
        return _between(prompt, opening, closing)

    def part_of(self, place: int, name: str) -> str:
        """The same of one message of the last request, but for our rules."""
        told = [text for role, text in self.told(-1) if role == "user"]
        return _between(told[place], f"<{name}>", f"</{name}>")

    @property
    def last(self) -> str:
        """The last message of the last request."""
        return self.told(-1)[-1][1]

    @property
    def prompt(self) -> str:
        """Every message of the last request, one after the other."""
        return "\n".join(text for _, text in self.told(-1))


class OpenAIServer(ModelServer):
    """Speaks OpenAI's chat completions."""

    path = "/v1"

    def __init__(self, script: Script) -> None:
        super().__init__(script)

        @self.app.post("/v1/chat/completions")
        async def complete(request: Request) -> Response:
            self.asked.append(await request.json())
            self.keys.append(request.headers["authorization"].removeprefix("Bearer "))
            return self.reply(OPENAI)


def _between(text: str, opening: str, closing: str) -> str:
    return text.partition(opening)[2].partition(closing)[0].strip()


def writes(text: str, *, reports: Reports = REPORTED) -> Script:
    """A whole answer, word by word, and the tokens it took, as often as told."""
    return lambda wire: _streamed(wire, _whole(wire, text, reports, STOP))


def stops(text: str, reason: str) -> Script:
    """Some words, then an end that is none: ``length`` or ``refusal``."""
    return lambda wire: _streamed(wire, _whole(wire, text, REPORTED, reason))


def replies(
    outcome: str,
    *sentences: tuple[str, list[int]],
    search: str = "",
    programmes: Mapping[str, object] | None = None,
) -> Script:
    """A reply as it is asked for: an outcome, and sentences with their sources."""
    reply = {
        "outcome": outcome,
        "sentences": [
            {"text": text, "sources": sources} for text, sources in sentences
        ],
        "search": search,
        "programmes": programmes,
    }
    return writes(json.dumps(reply, ensure_ascii=False))


def in_turn(*scripts: Script) -> Script:
    """One after the other, a request each; the last one for ever."""
    left = list(scripts)

    def script(wire: Wire) -> Response:
        now = left.pop(0) if len(left) > 1 else left[0]
        return now(wire)

    return script


def holds(text: str, until: asyncio.Event) -> Script:
    """A whole answer, of which the words behind the last "|" wait."""
    return lambda wire: _streamed(wire, _held(wire, text, until))


def breaks_off(text: str) -> Script:
    """Some words, then the connection is gone."""
    return lambda wire: _streamed(wire, _cut(wire, text))


def stalls_after(text: str) -> Script:
    """Some words or none, then nothing more, for ever."""
    return lambda wire: _streamed(wire, _stalled(wire, text))


def dribbles(text: str, *, pause: float) -> Script:
    """The same words again and again, with a pause before each."""
    return lambda wire: _streamed(wire, _dribbled(wire, text, pause))


def sends(body: str) -> Script:
    """A stream of something else."""
    return lambda wire: Response(body, media_type=wire.media_type)


def refuses(status: int) -> Script:
    """An error instead of an answer."""
    return lambda wire: wire.refusal(status)


def words_of(text: str) -> list[str]:
    """A text in pieces that make it up."""
    first, *rest = text.split(" ")
    return [one for one in (first, *(f" {word}" for word in rest)) if one]


class OpenAIWire:
    """Server-sent events that end with ``[DONE]``."""

    media_type = "text/event-stream"

    def pieces(self, text: str) -> list[str]:
        deltas: list[dict[str, str]] = [{"role": "assistant", "content": ""}]
        deltas += [{"content": word} for word in words_of(text)]
        return [
            _event([{"index": 0, "delta": delta, "finish_reason": None}])
            for delta in deltas
        ]

    def end(self, reports: Reports, reason: str) -> list[str]:
        finish = {"refusal": "content_filter"}.get(reason, reason)
        events = [_event([{"index": 0, "delta": {}, "finish_reason": finish}])]
        for read, written in reports:
            usage = {"prompt_tokens": read, "completion_tokens": written}
            usage["total_tokens"] = read + written
            events.append(_event([], usage=usage))
        return [*events, "data: [DONE]\n\n"]

    def refusal(self, status: int) -> Response:
        error = {"message": "not now", "type": "error", "param": None, "code": None}
        return JSONResponse({"error": error}, status_code=status)


OPENAI = OpenAIWire()


def _streamed(wire: Wire, lines: AsyncIterator[str]) -> Response:
    return StreamingResponse(lines, media_type=wire.media_type)


async def _whole(
    wire: Wire, text: str, reports: Reports, reason: str
) -> AsyncIterator[str]:
    for piece in (*wire.pieces(text), *wire.end(reports, reason)):
        yield piece


async def _held(wire: Wire, text: str, until: asyncio.Event) -> AsyncIterator[str]:
    now, _, later = text.rpartition("|")
    for piece in wire.pieces(now):
        yield piece
    await until.wait()
    async for line in _whole(wire, later, REPORTED, STOP):
        yield line


async def _cut(wire: Wire, text: str) -> AsyncIterator[str]:
    for piece in wire.pieces(text):
        yield piece
    raise ConnectionAbortedError


async def _stalled(wire: Wire, text: str) -> AsyncIterator[str]:
    for piece in wire.pieces(text):
        yield piece
    await asyncio.Event().wait()


async def _dribbled(wire: Wire, text: str, pause: float) -> AsyncIterator[str]:
    opening, *_ = wire.pieces("")
    yield opening
    while True:
        for piece in wire.pieces(text)[-len(words_of(text)) :]:
            await asyncio.sleep(pause)
            yield piece


def _event(choices: list[dict[str, Any]], **more: object) -> str:
    chunk = {
        "id": "chatcmpl-1",
        "object": "chat.completion.chunk",
        "created": 1,
        "model": MODEL,
        "choices": choices,
        **more,
    }
    return f"data: {json.dumps(chunk)}\n\n"
