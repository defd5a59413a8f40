"""Workers in processes of their own, so that a test can kill them at any moment.

Reads a line of arguments (a JSON list) for each, and answers with its process id.
"""

import asyncio
import random
import time
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

import httpx

from bot.channels.twilio_client import HttpxClient
from bot.channels.whatsapp import WhatsApp
from bot.conversations.live.events import EventLog, bus_for
from bot.conversations.ports import Answer, Purse, Tell, Turn
from bot.conversations.service import Conversations
from bot.conversations.working.worker import Worker
from bot.database import Database
from bot.logs import configure_logs
from tests.support.assistants import ScriptedAssistant
from tests.support.clock import START, Clock
from tests.support.core import BASE_URL, ORGANISATION
from tests.support.nursery import fork_on_demand

# A lease lasts two seconds.
SPEED = 6.0
LONGEST_THOUGHT_SECONDS = 0.05


class FastClock(Clock):
    """A clock that several processes share, and that runs fast."""

    def __init__(self, started: float) -> None:
        super().__init__()
        self.started = started

    def __call__(self) -> datetime:
        return START + timedelta(seconds=(time.time() - self.started) * SPEED)


class Loopback(httpx.AsyncHTTPTransport):
    """Reaches a simulated Twilio on this machine in place of the real one."""

    def __init__(self, address: str) -> None:
        super().__init__()
        self._target = httpx.URL(address)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        target = self._target
        request.url = request.url.copy_with(
            scheme=target.scheme, host=target.host, port=target.port
        )
        return await super().handle_async_request(request)


class ThinkingAssistant(ScriptedAssistant):
    """Takes its time, so that there are moments to be killed in."""

    async def answer(
        self,
        question: str,
        *,
        earlier: Sequence[Turn] = (),
        language: str | None = None,
        facts: Mapping[str, str] | None = None,
        tell: Tell | None = None,
        purse: Purse | None = None,
    ) -> Answer:
        await asyncio.sleep(random.uniform(0, LONGEST_THOUGHT_SECONDS))  # noqa: S311
        return await super().answer(
            question, earlier=earlier, language=language, facts=facts, purse=purse
        )


async def main(database: str, twilio: str, sid: str, token: str, started: str) -> None:
    """Work until killed."""
    sender, clock = "whatsapp:+14155238886", FastClock(float(started))
    channel = WhatsApp(
        account_sid=sid,
        token=token,
        sender=sender,
        base_url=BASE_URL,
        http=HttpxClient(Loopback(twilio)),
    )
    opened = Database(database)
    events = EventLog(opened, bus_for(opened))
    conversations = Conversations(
        events, organisation=ORGANISATION, channels={channel.name: channel}, clock=clock
    )
    worker = Worker(conversations, ThinkingAssistant())
    await asyncio.gather(worker.run(), events.bus.run())


if __name__ == "__main__":
    configure_logs("ERROR", json=True)  # standard output is for process ids
    fork_on_demand(main)
