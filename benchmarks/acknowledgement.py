"""How long a webhook waits for its acknowledgement, and how much of that is storing.

``python -m benchmarks.acknowledgement whole`` serves the real application with an
assistant that answers at once; ``bare`` serves what any webhook has to do: read the
form and check the signature; ``floor`` also commits a single row to the same kind of
database, and nobody can keep a message for less. They are asked in turn.
"""

import secrets
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import ExitStack, asynccontextmanager
from http.client import HTTPConnection
from pathlib import Path
from time import perf_counter
from typing import Annotated
from urllib.parse import urlencode

from fastapi import Depends, FastAPI, HTTPException, Request, Response
from starlette.datastructures import FormData
from twilio.request_validator import RequestValidator
from twilio.twiml.messaging_response import MessagingResponse

from benchmarks.figures import Figure, milliseconds, percentile
from benchmarks.programs import PROJECT, development, serve, serving
from bot.app import create_app
from bot.channels.simulated_api import ACCOUNT_SID, SENDER
from bot.channels.twilio_signature import SIGNATURE, signed_by_twilio
from bot.channels.whatsapp import LONGEST_BODY, MESSAGES_PATH
from bot.clock import utc_now
from bot.config import Settings, load_settings
from bot.conversations.models import Contact
from bot.database import Database
from tests.support.assistants import ScriptedAssistant
from tests.support.servers import free_port

KINDS = ("whole", "floor", "bare")
HEALTH = "/health/live"
KEY_FILE = "key"
# Few write in bursts, which get one reply; of many, each message gets its own.
FEW, MANY = 8, 200
WARM_UP = 50


class Caller:
    """Twilio, to one server: signs messages and waits for their acknowledgement."""

    def __init__(self, settings: Settings) -> None:
        self._connection = HTTPConnection(settings.host, settings.port)
        self._url = f"{settings.base_url}{MESSAGES_PATH}"
        token = (settings.data_dir / KEY_FILE).read_text("utf-8")
        self._validator = RequestValidator(token)
        self.seconds: list[float] = []

    def call(self, form: dict[str, str]) -> None:
        """Send one message; only the waiting is timed."""
        headers = {
            "Content-Type": "application/x-www-form-urlencoded",
            SIGNATURE: self._validator.compute_signature(self._url, form),
        }
        body = urlencode(form)
        start = perf_counter()
        self._connection.request("POST", MESSAGES_PATH, body, headers)
        response = self._connection.getresponse()
        response.read()
        self.seconds.append(perf_counter() - start)
        if response.status != 200:  # noqa: PLR2004  HTTP
            raise RuntimeError(f"the webhook answered {response.status}")

    def close(self) -> None:
        """Hang up."""
        self._connection.close()


def measure(scratch: Path, *, requests: int) -> list[Figure]:
    """Both servers, over the same messages: of a few people, and of many."""
    few = _measure(scratch / "few", requests=requests, senders=FEW)
    many = _measure(scratch / "many", requests=requests, senders=MANY)
    return [
        *_figures("", few),
        *_figures(", while it answers as fast as it can", many),
    ]


def _measure(folder: Path, *, requests: int, senders: int) -> list[list[float]]:
    module = ("-m", "benchmarks.acknowledgement")
    with ExitStack() as servers:
        callers = []
        for kind in KINDS:
            settings = unhurried(folder / kind)
            servers.enter_context(serving([*module, kind], settings, path=HEALTH))
            callers.append(Caller(settings))
            servers.callback(callers[-1].close)
        for number in range(-WARM_UP, requests):
            words = form(number, sender=number % senders)
            # Whoever goes first may find the machine in another state: they take turns.
            for turn in range(len(callers)):
                callers[(number + turn) % len(callers)].call(words)
    return [caller.seconds[WARM_UP:] for caller in callers]


def _figures(when: str, seconds: Sequence[list[float]]) -> list[Figure]:
    figures = []
    for percent in (50, 99):
        ours, floor, bare = (percentile(each, percent) for each in seconds)
        figures.append(
            Figure(
                what=f"WhatsApp message acknowledged{when}, p{percent} of "
                f"{len(seconds[0])}; form, signature and one row committed; form and "
                "signature alone",
                measured=f"{milliseconds(ours)}; {milliseconds(floor)} "
                f"({ours / floor:.1f} times); {milliseconds(bare)} "
                f"({ours / bare:.1f} times)",
            )
        )
    return figures


def unhurried(folder: Path, **more: str) -> Settings:
    """Settings of a server in a new folder that slows down no caller."""
    folder.mkdir(parents=True)
    return development(
        folder,
        knowledge=PROJECT / "knowledge",
        port=free_port(),
        limit_per_address="100000/minute",
        **more,
    )


def form(number: int, *, sender: int) -> dict[str, str]:
    sid = "SM" + secrets.token_hex(16)
    phone = 447_700_900_000 + sender
    return {
        "SmsMessageSid": sid,
        "NumMedia": "0",
        "ProfileName": "Somebody",
        "MessageType": "text",
        "SmsSid": sid,
        "WaId": str(phone),
        "SmsStatus": "received",
        "Body": f"How long does a micro-credential take? ({number})",
        "To": SENDER,
        "NumSegments": "1",
        "MessageSid": sid,
        "AccountSid": ACCOUNT_SID,
        "From": f"whatsapp:+{phone}",
        "ApiVersion": "2010-04-01",
    }


def _whole(settings: Settings) -> tuple[FastAPI, str]:
    app = create_app(settings, assistant=ScriptedAssistant())
    simulator = app.state.parts.simulator
    # Twilio's part of a conversation is not played inside the server that is timed.
    simulator.report_progress = False
    token: str = simulator.token
    return app, token


def _bare(settings: Settings, *, stores: bool) -> tuple[FastAPI, str]:
    database = Database(settings.database_address)

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        del app
        await database.migrate()
        yield
        await database.close()

    app = FastAPI(
        telemetry={"logs": False}, max_body_size=LONGEST_BODY, lifespan=lifespan
    )
    token = secrets.token_hex(16)

    async def signed_form(request: Request) -> FormData:
        form = await request.form()
        genuine = signed_by_twilio(
            url=f"{settings.base_url}{MESSAGES_PATH}",
            form=form,
            signature=request.headers.get(SIGNATURE),
            tokens=(token,),
        )
        if not genuine:
            raise HTTPException(403)
        return form

    @app.post(MESSAGES_PATH)
    async def receive(form: Annotated[FormData, Depends(signed_form)]) -> Response:
        del form
        if stores:
            async with database.write() as session:
                session.add(Contact(created_at=utc_now()))
        return Response(str(MessagingResponse()), media_type="application/xml")

    @app.get(HEALTH)
    async def live() -> None:
        return

    return app, token


def _serve(kind: str) -> None:
    settings = load_settings()
    if kind == "whole":
        app, token = _whole(settings)
    else:
        app, token = _bare(settings, stores=kind == "floor")
    (settings.data_dir / KEY_FILE).write_text(token, "utf-8")
    serve(app, settings)


if __name__ == "__main__":
    _serve(sys.argv[1])
