"""A language model that writes what it is told, by OpenAI's streaming protocol."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from typing import Any

from fastapi import FastAPI, Request, Response
from fastapi.responses import JSONResponse, StreamingResponse

MODEL = "test-model"
Script = Callable[[], Response]
# Tokens read and written, as a stream reports them once, several times or never.
Reports = Sequence[tuple[int, int]]


class OpenAIServer:
    """Serves ``app``; ``script`` says how it replies, ``asked`` what it was sent."""

    def __init__(self, script: Script) -> None:
        self.script = script
        self.asked: list[dict[str, Any]] = []
        self.keys: list[str] = []
        self.app = FastAPI()

        @self.app.post("/v1/chat/completions")
        async def complete(request: Request) -> Response:
            self.asked.append(await request.json())
            self.keys.append(request.headers["authorization"])
            return self.script()

    def part(self, name: str) -> str:
        """What stood between two delimiters of the prompt, which occur once each."""
        prompt = self.prompt
        opening, closing = f"<{name}>", f"</{name}>"
        assert (prompt.count(opening), prompt.count(closing)) == (1, 1)
        return _between(prompt, opening, closing)

    def part_of(self, place: int, name: str) -> str:
        """The same of one message of the last request, but for our rules."""
        told = [one for one in self.asked[-1]["messages"] if one["role"] == "user"]
        return _between(told[place]["content"], f"<{name}>", f"</{name}>")

    @property
    def last(self) -> str:
        """The last message of the last request."""
        content: str = self.asked[-1]["messages"][-1]["content"]
        return content

    @property
    def prompt(self) -> str:
        """Every message of the last request, one after the other."""
        return "\n".join(message["content"] for message in self.asked[-1]["messages"])


def _between(text: str, opening: str, closing: str) -> str:
    return text.partition(opening)[2].partition(closing)[0].strip()


def writes(text: str, *, reports: Reports = ((200, 20),)) -> Script:
    """A whole answer, word by word, and the tokens it took, as often as told."""
    return lambda: _streamed(_whole(text, reports))


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

    def script() -> Response:
        now = left.pop(0) if len(left) > 1 else left[0]
        return now()

    return script


def holds(text: str, until: asyncio.Event) -> Script:
    """A whole answer, of which the words behind the last "|" wait."""
    return lambda: _streamed(_held(text, until))


def breaks_off(text: str) -> Script:
    """Some words, then the connection is gone."""
    return lambda: _streamed(_cut(text))


def stalls_after(text: str) -> Script:
    """Some words or none, then nothing more, for ever."""
    return lambda: _streamed(_stalled(text))


def dribbles(text: str, *, pause: float) -> Script:
    """The same words again and again, with a pause before each."""
    return lambda: _streamed(_dribbled(text, pause))


def sends(body: str) -> Script:
    """A stream of something else."""
    return lambda: Response(body, media_type="text/event-stream")


def refuses(status: int) -> Script:
    """An error instead of an answer."""
    error = {"message": "not now", "type": "error", "param": None, "code": None}
    return lambda: JSONResponse({"error": error}, status_code=status)


def _streamed(lines: AsyncIterator[str]) -> Response:
    return StreamingResponse(lines, media_type="text/event-stream")


async def _whole(text: str, reports: Reports) -> AsyncIterator[str]:
    for piece in _pieces(text):
        yield piece
    yield _event([{"index": 0, "delta": {}, "finish_reason": "stop"}])
    for read, written in reports:
        usage = {"prompt_tokens": read, "completion_tokens": written}
        yield _event([], usage={**usage, "total_tokens": read + written})
    yield "data: [DONE]\n\n"


async def _held(text: str, until: asyncio.Event) -> AsyncIterator[str]:
    now, _, later = text.rpartition("|")
    for piece in _pieces(now):
        yield piece
    await until.wait()
    async for line in _whole(later, ((200, 20),)):
        yield line


async def _cut(text: str) -> AsyncIterator[str]:
    for piece in _pieces(text):
        yield piece
    raise ConnectionAbortedError


async def _stalled(text: str) -> AsyncIterator[str]:
    for piece in _pieces(text):
        yield piece
    await asyncio.Event().wait()


async def _dribbled(text: str, pause: float) -> AsyncIterator[str]:
    while True:
        for piece in _pieces(text):
            await asyncio.sleep(pause)
            yield piece


def _pieces(text: str) -> list[str]:
    words = text.split(" ")
    spaced = [words[0], *(f" {word}" for word in words[1:])]
    deltas: list[dict[str, str]] = [{"role": "assistant", "content": ""}]
    deltas += [{"content": word} for word in spaced if word]
    return [
        _event([{"index": 0, "delta": delta, "finish_reason": None}])
        for delta in deltas
    ]


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
