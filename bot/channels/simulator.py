"""A small stateful Twilio for development and tests: its REST API, and a phone.

The WhatsApp channel reaches it over httpx as if it were Twilio; what the phone sends
arrives at the application as really signed webhooks, and so do status callbacks.
"""

import asyncio
import secrets
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import Annotated, Literal

import httpx
from fastapi import APIRouter, FastAPI, Form, HTTPException, Query, Request
from fastapi.responses import FileResponse, JSONResponse
from pydantic import BaseModel, Field
from starlette.types import ASGIApp
from twilio.request_validator import RequestValidator

from bot.channels.text import CleanText
from bot.channels.whatsapp import MESSAGES_PATH

ACCOUNT_SID = "AC" + "0" * 32
SENDER = "whatsapp:+14155238886"
LONGEST = 1600
WINDOW = timedelta(hours=24)
PROGRESS = ("sent", "delivered", "read")
STATIC = Path(__file__).parent / "static"
ERRORS = {
    20003: (401, "Authenticate"),
    20500: (500, "Internal server error"),
    20429: (429, "Too many requests"),
    21211: (400, "Invalid 'To' number"),
    21617: (400, "The body exceeds the 1600 character limit"),
    63016: (400, "Outside the allowed window"),
}


@dataclass(slots=True, kw_only=True)
class SimulatedMessage:
    """A message as Twilio keeps it; ``direction`` is seen from our side."""

    sid: str
    sender: str
    recipient: str
    body: str
    direction: str
    status: str
    created_at: datetime
    callback: str | None = None


class PhoneMessage(BaseModel):
    """What somebody types into the simulated phone."""

    sender: CleanText = Field("whatsapp:+447700900123", alias="from", max_length=160)
    text: CleanText = Field(max_length=10_000)


@dataclass(slots=True)
class Faults:
    """What goes wrong next; each is used up when it happened."""

    codes: list[int] = field(default_factory=list)
    lose_answers: int = 0


class Simulator:
    """Holds the messages, plays Twilio, and sends webhooks to the application."""

    def __init__(self, *, base_url: str, clock: Callable[[], datetime]) -> None:
        self.account_sid = ACCOUNT_SID
        self.token = secrets.token_hex(16)
        self.sender = SENDER
        self.messages: list[SimulatedMessage] = []
        self.faults = Faults()
        self.report_progress = True
        self._base_url = base_url
        self._clock = clock
        self._validator = RequestValidator(self.token)
        self._app: ASGIApp | None = None
        self._tasks: set[asyncio.Task[None]] = set()

    def connect(self, app: ASGIApp) -> None:
        """Say which application the webhooks go to."""
        self._app = app

    def transport(self) -> httpx.AsyncBaseTransport:
        """What the WhatsApp channel's HTTP client sends with."""
        return _LossyTransport(self._api(), self.faults)

    async def type(self, text: str, *, sender: str, **fields: str) -> httpx.Response:
        """Somebody writes to us: a really signed webhook."""
        sid = "SM" + secrets.token_hex(16)
        self.messages.append(
            SimulatedMessage(
                sid=sid,
                sender=sender,
                recipient=self.sender,
                body=text,
                direction="inbound",
                status="received",
                created_at=self._clock(),
            )
        )
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

    def _api(self) -> FastAPI:
        api = FastAPI(openapi_url=None)
        path = "/2010-04-01/Accounts/{account}/Messages.json"

        @api.post(path)
        async def create(
            request: Request,
            to: Annotated[str, Form(alias="To")] = "",
            body: Annotated[str, Form(alias="Body")] = "",
            callback: Annotated[str | None, Form(alias="StatusCallback")] = None,
        ) -> JSONResponse:
            return self._create(request, to, body, callback)

        @api.get(path)
        async def listing(
            request: Request, to: Annotated[str, Query(alias="To")] = ""
        ) -> dict[str, object]:
            self._authenticate(request)
            found = [m for m in self.messages if m.recipient == to]
            rows = [_resource(message) for message in reversed(found)]
            return {"messages": rows, "next_page_uri": None, "page_size": 50}

        return api

    def _create(
        self, request: Request, to: str, body: str, callback: str | None
    ) -> JSONResponse:
        self._authenticate(request)
        code = self._refusal(to, body)
        if code is not None:
            status, words = ERRORS.get(code, (400, "Refused"))
            headers = {"Retry-After": "1"} if status == 429 else None  # noqa: PLR2004  HTTP
            content = {
                "code": code,
                "message": words,
                "status": status,
                "more_info": f"https://www.twilio.com/docs/errors/{code}",
            }
            return JSONResponse(content, status, headers)
        message = SimulatedMessage(
            sid="SM" + secrets.token_hex(16),
            sender=self.sender,
            recipient=to,
            body=body,
            direction="outbound-api",
            status="queued",
            created_at=self._clock(),
            callback=callback,
        )
        self.messages.append(message)
        if self.report_progress:
            task = asyncio.get_running_loop().create_task(self._report(message))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        return JSONResponse(_resource(message), 201)

    def _authenticate(self, request: Request) -> None:
        wanted = httpx.BasicAuth(self.account_sid, self.token)
        probe = next(wanted.auth_flow(httpx.Request("GET", "http://twilio.invalid")))
        given = request.headers.get("authorization", "")
        if not secrets.compare_digest(given, probe.headers["Authorization"]):
            raise HTTPException(401, "Authenticate")

    def _refusal(self, to: str, body: str) -> int | None:
        if self.faults.codes:
            return self.faults.codes.pop(0)
        if not to.startswith("whatsapp:"):
            return 21211
        if len(body) > LONGEST:
            return 21617
        heard = [m.created_at for m in self.messages if m.sender == to]
        if not heard or self._clock() - max(heard) > WINDOW:
            return 63016
        return None

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


class _LossyTransport(httpx.AsyncBaseTransport):
    """Reaches the simulated API, and loses answers when told to."""

    def __init__(self, api: FastAPI, faults: Faults) -> None:
        self._transport = httpx.ASGITransport(api)
        self._faults = faults

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        response = await self._transport.handle_async_request(request)
        if self._faults.lose_answers and request.method == "POST":
            self._faults.lose_answers -= 1
            raise httpx.ReadTimeout("the answer was lost", request=request)
        return response


def _resource(message: SimulatedMessage) -> dict[str, object]:
    moment = format_datetime(message.created_at)
    return {
        "sid": message.sid,
        "account_sid": ACCOUNT_SID,
        "from": message.sender,
        "to": message.recipient,
        "body": message.body,
        "direction": message.direction,
        "status": message.status,
        "date_created": moment,
        "date_sent": moment,
        "error_code": None,
        "num_segments": "1",
    }
