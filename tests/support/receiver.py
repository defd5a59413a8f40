"""A program on loopback that receives webhooks, and checks their signatures itself."""

import asyncio
import base64
import hashlib
import hmac
import json
from dataclasses import dataclass, field
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send


@dataclass(frozen=True, slots=True, kw_only=True)
class Received:
    """One request as it arrived."""

    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def id(self) -> str:
        return self.headers["webhook-id"]

    @property
    def said(self) -> dict[str, Any]:
        whole: dict[str, Any] = json.loads(self.body)
        return whole

    def signed_with(self, secret: str) -> bool:
        """Whether the signature is right, worked out anew from the convention."""
        name, _, given = self.headers["webhook-signature"].partition(",")
        key = base64.b64decode(secret[len("whsec_") :])
        content = f"{self.id}.{self.headers['webhook-timestamp']}.".encode() + self.body
        expected = base64.b64encode(
            hmac.new(key, content, hashlib.sha256).digest()
        ).decode()
        return name == "v1" and given == expected


@dataclass
class Receiver:
    """An ASGI app; ``answers`` are given one after the other, then 204 for ever."""

    answers: list[Response] = field(default_factory=list)
    received: list[Received] = field(default_factory=list)
    held: asyncio.Event | None = None
    at_once: int = 0
    most_at_once: int = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        request = Request(scope, receive)
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        self.received.append(
            Received(
                path=request.url.path,
                headers=dict(request.headers),
                body=await request.body(),
            )
        )
        if self.held is not None:
            await self.held.wait()
        self.at_once -= 1
        answer = self.answers.pop(0) if self.answers else Response(status_code=204)
        await answer(scope, receive, send)

    def types(self) -> list[str]:
        """What it was told of, in order."""
        return [one.said["type"] for one in self.received]

    def texts(self) -> list[str]:
        """The words of the messages it was told of, in order."""
        return [
            one.said["data"]["message"]["text"]
            for one in self.received
            if "message" in one.said["data"]
        ]
