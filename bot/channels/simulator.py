"""A simulated phone on a simulated Twilio, for development and tests.

The WhatsApp channel reaches it over httpx as if it were Twilio; what the phone sends
arrives at the application as really signed webhooks, and so do status callbacks.
"""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Annotated, Literal

import httpx
from fastapi import APIRouter, Query
from fastapi.responses import FileResponse
from pydantic import BaseModel, Field
from starlette.types import ASGIApp
from twilio.request_validator import RequestValidator

from bot.channels.simulated_api import (
    ACCOUNT_SID,
    SENDER,
    SimulatedApi,
    SimulatedMessage,
)
from bot.channels.whatsapp import MESSAGES_PATH
from bot.text import CleanText

PROGRESS = ("sent", "delivered", "read")
STATIC = Path(__file__).parent / "static"


class PhoneMessage(BaseModel):
    """What somebody types into the simulated phone."""

    sender: CleanText = Field("whatsapp:+447700900123", alias="from", max_length=160)
    text: CleanText = Field(max_length=10_000)


class Simulator:
    """Holds the messages, plays Twilio, and sends webhooks to the application."""

    def __init__(
        self,
        *,
        base_url: str,
        clock: Callable[[], datetime],
        contents: Mapping[str, str] | None = None,
    ) -> None:
        self._api = SimulatedApi(clock=clock, created=self._created, contents=contents)
        self.account_sid = ACCOUNT_SID
        self.sender = SENDER
        self.messages = self._api.messages
        self.faults = self._api.faults
        self.contents = self._api.contents
        self.report_progress = True
        self._base_url = base_url
        self._validator = RequestValidator(self.token)
        self._app: ASGIApp | None = None
        self._tasks: set[asyncio.Task[None]] = set()

    @property
    def token(self) -> str:
        """The auth token that the simulated Twilio accepts."""
        return self._api.token

    @token.setter
    def token(self, token: str) -> None:
        self._api.token = token

    def connect(self, app: ASGIApp) -> None:
        """Say which application the webhooks go to."""
        self._app = app

    def twilio(self) -> ASGIApp:
        """The simulated REST API, for those who reach it from another process."""
        return self._api.app()

    def transport(self) -> httpx.AsyncBaseTransport:
        """What the WhatsApp channel's HTTP client sends with."""
        return self._api.transport()

    async def type(self, text: str, *, sender: str, **fields: str) -> httpx.Response:
        """Somebody writes to us: a really signed webhook."""
        sid = self._api.keep(text, sender=sender, recipient=self.sender).sid
        number = sender.removeprefix("whatsapp:").removeprefix("+")
        form = {
            "SmsMessageSid": sid,
            "NumMedia": "0",
            "ProfileName": "Simulated",
            "MessageType": "text",
            "SmsSid": sid,
            "WaId": number,
            "SmsStatus": "received",
            "Body": text,
            "To": self.sender,
            "NumSegments": "1",
            "MessageSid": sid,
            "AccountSid": self.account_sid,
            "From": sender,
            "ApiVersion": "2010-04-01",
        }
        return await self.post(f"{self._base_url}{MESSAGES_PATH}", {**form, **fields})

    async def post(self, url: str, form: Mapping[str, str]) -> httpx.Response:
        """A signed webhook, straight into the application."""
        if self._app is None:
            raise RuntimeError("connect the simulator to an application first")
        url = url.partition("#")[0]  # how to try again is no part of what is asked for
        signature = self._validator.compute_signature(url, dict(form))
        transport = httpx.ASGITransport(self._app, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport) as client:
            return await client.post(
                url, data=dict(form), headers={"X-Twilio-Signature": signature}
            )

    async def settle(self) -> None:
        """Wait until every status callback has been sent."""
        while self._tasks:
            await asyncio.gather(*self._tasks)

    def router(self) -> APIRouter:
        """The phone's page and what it needs; for development only."""
        router = APIRouter(prefix="/simulator", include_in_schema=False)

        @router.get("")
        async def page() -> FileResponse:
            return FileResponse(STATIC / "simulator.html")

        @router.get("/simulator.{kind}")
        async def part(kind: Literal["css", "js"]) -> FileResponse:
            return FileResponse(STATIC / f"simulator.{kind}")

        @router.post("/messages", status_code=201)
        async def send(message: PhoneMessage) -> dict[str, int]:
            answer = await self.type(message.text, sender=message.sender)
            return {"webhook_status": answer.status_code}

        @router.get("/messages")
        async def thread(
            number: Annotated[str, Query(max_length=160)],
        ) -> list[dict[str, object]]:
            return [
                asdict(message)
                for message in self.messages
                if number in {message.sender, message.recipient}
            ]

        return router

    def _created(self, message: SimulatedMessage) -> None:
        if self.report_progress:
            task = asyncio.get_running_loop().create_task(self._report(message))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _report(self, message: SimulatedMessage) -> None:
        for status in PROGRESS:
            message.status = status
            if message.callback:
                await self.post(
                    message.callback,
                    {
                        "MessageSid": message.sid,
                        "MessageStatus": status,
                        "AccountSid": self.account_sid,
                        "From": message.sender,
                        "To": message.recipient,
                    },
                )
