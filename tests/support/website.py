"""A web site on loopback that answers as a test tells it to."""

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response, StreamingResponse
from starlette.types import Receive, Scope, Send

Answer = Callable[[Request], Response]


def page(title: str, text: str) -> str:
    """A web page with navigation around its main text."""
    return (
        f"<!doctype html><html><head><title>{title}</title></head><body>"
        "<nav><a href='/'>Home</a> <a href='/about'>About us</a></nav>"
        f"<main><article><h1>{title}</h1><p>{text}</p>"
        "<h2>Who may apply</h2><p>Everybody who has finished school may apply for "
        "this programme at any time of the year, from any country.</p>"
        "<ul><li>Bring your passport</li><li>Bring your certificates</li></ul>"
        "<table><tr><th>Course</th><th>Fee</th></tr><tr><td>Rail</td><td>200</td></tr>"
        "</table></article></main><footer>Imprint and cookies</footer></body></html>"
    )


@dataclass
class Website:
    """An ASGI app; ``pages`` holds HTML, bytes with headers, or a function, by path."""

    pages: dict[str, str | Response | Answer] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        request = Request(scope, receive)
        self.asked.append(request.url.path)
        self.headers.append(dict(request.headers))
        found = self.pages.get(request.url.path)
        if found is None:
            found = PlainTextResponse("nothing here", 404)
        elif isinstance(found, str):
            found = Response(found, media_type="text/html")
        elif not isinstance(found, Response):
            found = found(request)
        await found(scope, receive, send)

    def visits(self, path: str) -> int:
        """How often a path was asked for."""
        return self.asked.count(path)


def endless(_: Request) -> Response:
    """A page that never ends."""

    async def parts() -> AsyncIterator[bytes]:
        while True:
            yield b"<p>more and more</p>" * 5000
            await asyncio.sleep(0)

    return StreamingResponse(parts(), media_type="text/html")


def silent_after(first: bytes) -> Answer:
    """A page that begins and then says nothing more."""

    async def parts() -> AsyncIterator[bytes]:
        yield first
        await asyncio.Event().wait()

    return lambda _: StreamingResponse(parts(), media_type="text/html")
