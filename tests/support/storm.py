"""A storm: signed webhooks for servers that are killed again and again.

One seed decides who writes what, what comes twice or late, and when servers die.
"""

import asyncio
import itertools
import random
import time
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path

import httpx
from sqlalchemy import exists, or_, select

from bot.channels.simulated_api import SENDER, SimulatedMessage
from bot.channels.simulator import Simulator
from bot.conversations.models import OPEN_DELIVERIES, Conversation, Delivery
from bot.database import Database
from tests.support.fail_points import FAIL_POINTS
from tests.support.nursery import Nursery, alive, kill
from tests.support.patience import until
from tests.support.server_process import PUBLIC
from tests.support.servers import free_port, served
from tests.support.twilio import MESSAGES, message_form, signed
from tests.support.verdict import Acknowledged, Verdict, stored_in, verdict
from tests.support.worker_process import FastClock

SENDERS = 12
TWICE, LATE = 0.2, 0.2
LONGEST_PAUSE_SECONDS = 0.25
LONGEST_LIFE_SECONDS = 3.0
LONGEST_COUNTDOWN = 60
WAIT_FOR_POINT_SECONDS = 3.0
TRY_AGAIN_SECONDS = 0.05
HTTP_OK = 200
# Where much else runs, a server may start for long.
PATIENCE_SECONDS = 180.0


@dataclass(kw_only=True)
class Storm:
    """Who writes to which servers, and what became of it."""

    seed: int
    nursery: Nursery
    database: Database
    folder: Path
    knowledge: Path
    processes: int
    kills: int
    acknowledged: list[Acknowledged] = field(default_factory=list)
    repeated: int = 0
    killed: int = 0
    seconds: float = 0.0
    settled_seconds: float = 0.0

    def __post_init__(self) -> None:
        self._chance = random.Random(self.seed)  # noqa: S311  repeatable, not secret
        self._clock = FastClock(time.time())
        self._simulator = Simulator(base_url=PUBLIC, clock=self._clock)
        self._simulator.report_progress = False
        self._ports = [free_port() for _ in range(self.processes)]
        self._pids: dict[int, int] = {}
        self._order = itertools.count()
        self._numbers = itertools.count(1)
        self._over = asyncio.Event()
        self._limits = httpx.Limits(max_keepalive_connections=0)

    async def rage(self) -> Verdict:
        """Let it pass, wait until nothing is owed, and judge."""
        began = time.monotonic()
        async with (
            served(self._simulator.twilio()) as twilio,
            httpx.AsyncClient(timeout=10.0, limits=self._limits) as client,
        ):
            self._client, self._twilio = client, twilio
            try:
                await self._pass()
                began_settling = time.monotonic()
                await until(self._nothing_is_owed, seconds=PATIENCE_SECONDS)
                self.settled_seconds = time.monotonic() - began_settling
            finally:
                for pid in self._pids.values():
                    kill(pid)
        self.seconds = time.monotonic() - began
        sent: dict[str, list[str]] = defaultdict(list)
        for message in self._simulator.messages:
            if message.direction != "inbound":
                sent[message.recipient].append(message.body)
        return verdict(self.acknowledged, await stored_in(self.database), sent)

    async def _pass(self) -> None:
        async with asyncio.TaskGroup() as group:
            for number in range(SENDERS):
                group.create_task(self._write(f"whatsapp:+4477009001{number:02}"))
            async with asyncio.TaskGroup() as killing:
                for port in self._ports:
                    killing.create_task(self._kill(port))
            self._over.set()
            # What was not acknowledged yet is sent until it is.
            for port in self._ports:
                await self._start(port)

    async def _kill(self, port: int) -> None:
        """Start a server and have it die, again and again."""
        for number in range(self.kills // self.processes):
            # Every other one dies where it does something, the rest at any moment.
            point = self._chance.choice(FAIL_POINTS) if number % 2 else ""
            pid = await self._start(port, point)
            life = self._chance.uniform(0, LONGEST_LIFE_SECONDS)
            dies_at = time.monotonic() + (WAIT_FOR_POINT_SECONDS if point else life)
            while alive(pid) and time.monotonic() < dies_at:  # noqa: ASYNC110
                await asyncio.sleep(0.01)
            kill(pid)
            self.killed += 1

    async def _start(self, port: int, point: str = "") -> int:
        folder = self.folder / str(port)
        pid = self.nursery.start(
            str(folder if self.processes > 1 else self.folder),
            str(self.knowledge),
            "" if self.database.sqlite else self.database.address,
            str(port),
            self._twilio,
            self._simulator.token,
            str(self._clock.started),
            point,
            str(self._chance.randint(1, LONGEST_COUNTDOWN)),
        )
        self._pids[port] = pid
        await until(lambda: self._listens_or_died(port, pid), seconds=PATIENCE_SECONDS)
        return pid

    async def _listens_or_died(self, port: int, pid: int) -> bool:
        try:
            _, writer = await asyncio.open_connection("127.0.0.1", port)
        except OSError:
            return not alive(pid)
        writer.close()
        return True

    async def _write(self, phone: str) -> None:
        """Somebody writes until the killing is over: some of it twice, or late."""
        while not self._over.is_set():
            messages = [self._message(phone) for _ in range(2)]
            if self._chance.random() < LATE:
                messages.reverse()
            for text, sid in messages:
                await self._deliver(phone, text, sid)
                pause = self._chance.uniform(-0.1, LONGEST_PAUSE_SECONDS)
                await asyncio.sleep(max(0.0, pause))

    def _message(self, phone: str) -> tuple[str, str]:
        number = next(self._numbers)
        text, sid = f"Question <{number}>", f"SM{number:032d}"
        self._simulator.messages.append(
            SimulatedMessage(
                sid=sid,
                sender=phone,
                recipient=SENDER,
                body=text,
                direction="inbound",
                status="received",
                created_at=self._clock(),
            )
        )
        return text, sid

    async def _deliver(self, phone: str, text: str, sid: str) -> None:
        """As Twilio does, but without giving up; some come twice, or twice at once."""
        body = message_form(text, From=phone, MessageSid=sid)
        began = next(self._order)
        twice = self._chance.random() < TWICE
        at_once = twice and self._chance.random() < TWICE
        await asyncio.gather(*(self._post(body) for _ in range(1 + at_once)))
        ended = next(self._order)
        self.acknowledged.append(
            Acknowledged(phone=phone, sid=sid, text=text, began=began, ended=ended)
        )
        self.repeated += twice
        if twice and not at_once:
            await self._post(body)

    async def _post(self, body: bytes) -> None:
        headers = signed(f"{PUBLIC}{MESSAGES}", body, token=self._simulator.token)
        while True:
            address = f"http://127.0.0.1:{self._chance.choice(self._ports)}{MESSAGES}"
            try:
                answer = await self._client.post(address, content=body, headers=headers)
            except httpx.TransportError:
                await asyncio.sleep(TRY_AGAIN_SECONDS)
                continue
            if answer.status_code == HTTP_OK:
                return
            assert answer.status_code >= 500, answer.text
            await asyncio.sleep(TRY_AGAIN_SECONDS)

    async def _nothing_is_owed(self) -> bool:
        owed = or_(
            exists(
                select(Conversation.id).where(Conversation.reply_due_at.is_not(None))
            ),
            exists(select(Delivery.id).where(Delivery.state.in_(OPEN_DELIVERIES))),
        )
        async with self.database.read() as session:
            return not await session.scalar(select(owed))
