"""Twilio's REST API for messages, as far as the WhatsApp channel uses it."""

import asyncio
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email.utils import format_datetime
from typing import Annotated

import httpx
from fastapi import FastAPI, Form, HTTPException, Query, Request
from fastapi.responses import JSONResponse

from bot.channels.simulated_content import filled

ACCOUNT_SID = "AC" + "0" * 32
SENDER = "whatsapp:+14155238886"
LONGEST = 1600
WINDOW = timedelta(hours=24)
ERRORS = {
    20003: (401, "Authenticate"),
    20404: (404, "The requested resource was not found"),
    20500: (500, "Internal server error"),
    20429: (429, "Too many requests"),
    21211: (400, "Invalid 'To' number"),
    21655: (400, "The ContentSid is Invalid"),
    21656: (400, "The ContentVariables Parameter is invalid"),
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
    typing_at: datetime | None = None
    error_code: int | None = None


@dataclass(slots=True)
class Faults:
    """What goes wrong next; each is used up when it happened, but for ``silent``.

    While that is set, who wants typing to be shown gets no answer.
    """

    codes: list[int] = field(default_factory=list)
    lose_answers: int = 0
    silent: bool = False


class SimulatedApi:
    """Keeps the messages, refuses what Twilio refuses, and fails when told to.

    ``created`` hears of every message that was taken to be sent.
    """

    def __init__(
        self,
        *,
        clock: Callable[[], datetime],
        created: Callable[[SimulatedMessage], None],
        contents: Mapping[str, str] | None = None,
    ) -> None:
        self.contents = dict(contents or {})
        self.token = secrets.token_hex(16)
        self.messages: list[SimulatedMessage] = []
        self.faults = Faults()
        self._clock = clock
        self._created = created

    def transport(self) -> httpx.AsyncBaseTransport:
        """What an HTTP client sends with to reach this API."""
        return _LossyTransport(self.app(), self.faults)

    def keep(
        self, body: str, *, sender: str, recipient: str, callback: str | None = None
    ) -> SimulatedMessage:
        """Note a message down."""
        inbound = recipient == SENDER
        message = SimulatedMessage(
            sid="SM" + secrets.token_hex(16),
            sender=sender,
            recipient=recipient,
            body=body,
            direction="inbound" if inbound else "outbound-api",
            status="received" if inbound else "queued",
            created_at=self._clock(),
            callback=callback,
        )
        self.messages.append(message)
        return message

    def app(self) -> FastAPI:
        """The API itself, to be served or reached in process."""
        api = FastAPI(openapi_url=None)
        path = "/2010-04-01/Accounts/{account}/Messages.json"

        @api.post(path)
        async def create(  # noqa: PLR0917  the fields of the form
            request: Request,
            to: Annotated[str, Form(alias="To")] = "",
            body: Annotated[str, Form(alias="Body")] = "",
            callback: Annotated[str | None, Form(alias="StatusCallback")] = None,
            content: Annotated[str | None, Form(alias="ContentSid")] = None,
            variables: Annotated[str, Form(alias="ContentVariables")] = "{}",
        ) -> JSONResponse:
            self._authenticate(request)
            if content is not None:
                words = filled(self.contents.get(content), variables)
                return self._create(to, words, callback, approved=True)
            return self._create(to, body, callback)

        @api.get(path)
        async def listing(
            request: Request, to: Annotated[str, Query(alias="To")] = ""
        ) -> dict[str, object]:
            self._authenticate(request)
            found = [m for m in self.messages if m.recipient == to]
            rows = [_resource(message) for message in reversed(found)]
            return {"messages": rows, "next_page_uri": None, "page_size": 50}

        @api.get(path.replace("Messages.json", "Messages/{sid}.json"))
        async def one(request: Request, sid: str) -> JSONResponse:
            self._authenticate(request)
            found = next((m for m in self.messages if m.sid == sid), None)
            return JSONResponse(_resource(found)) if found else _refused(20404)

        @api.post("/v2/Indicators/Typing.json")
        async def show_typing(
            request: Request,
            channel: Annotated[str, Form()],
            message: Annotated[str, Form(alias="messageId")],
        ) -> JSONResponse:
            self._authenticate(request)
            return await self._show_typing(channel, message)

        return api

    async def _show_typing(self, channel: str, sid: str) -> JSONResponse:
        heard = [m for m in self.messages if m.sid == sid and m.recipient == SENDER]
        if self.faults.codes:
            return _refused(self.faults.codes.pop(0))
        if channel != "whatsapp" or not heard:
            return _refused(20404)
        heard[0].typing_at = self._clock()
        if self.faults.silent:
            await asyncio.Event().wait()
        return JSONResponse({"success": True})

    def _create(
        self, to: str, words: str | int, callback: str | None, *, approved: bool = False
    ) -> JSONResponse:
        """Take words, or refuse with an error's number in their place."""
        body = words if isinstance(words, str) else ""
        code = words if isinstance(words, int) else None
        code = code or self._refusal(to, body, approved=approved)
        if code is not None:
            return _refused(code)
        message = self.keep(body, sender=SENDER, recipient=to, callback=callback)
        self._created(message)
        return JSONResponse(_resource(message), 201)

    def _authenticate(self, request: Request) -> None:
        wanted = httpx.BasicAuth(ACCOUNT_SID, self.token)
        probe = next(wanted.auth_flow(httpx.Request("GET", "http://twilio.invalid")))
        given = request.headers.get("authorization", "")
        if not secrets.compare_digest(given, probe.headers["Authorization"]):
            raise HTTPException(401, "Authenticate")

    def _refusal(self, to: str, body: str, *, approved: bool) -> int | None:
        if self.faults.codes:
            return self.faults.codes.pop(0)
        if not to.startswith("whatsapp:"):
            return 21211
        if len(body) > LONGEST:
            return 21617
        if approved:
            return None
        heard = [m.created_at for m in self.messages if m.sender == to]
        if not heard or self._clock() - max(heard) > WINDOW:
            return 63016
        return None


def _refused(code: int) -> JSONResponse:
    status, words = ERRORS.get(code, (400, "Refused"))
    headers = {"Retry-After": "1"} if status == 429 else None  # noqa: PLR2004  HTTP
    content = {
        "code": code,
        "message": words,
        "status": status,
        "more_info": f"https://www.twilio.com/docs/errors/{code}",
    }
    return JSONResponse(content, status, headers)


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
        "error_code": message.error_code,
        "num_segments": "1",
    }
