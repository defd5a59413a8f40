"""The whole server without its loops: tests say when it works."""

import itertools
from dataclasses import dataclass, field, replace

import httpx
from fastapi import FastAPI

from bot.channels.simulated_api import SimulatedMessage
from bot.channels.simulator import Simulator
from bot.conversations.ports import Inbound
from bot.parts import Parts
from tests.support.assistants import ScriptedAssistant
from tests.support.clock import Clock

PHONE = "whatsapp:+447700900123"


@dataclass(frozen=True, slots=True, kw_only=True)
class House:
    """An assembled server; ``work`` does everything that is due by the clock."""

    app: FastAPI
    parts: Parts
    clock: Clock
    assistant: ScriptedAssistant
    client: httpx.AsyncClient
    numbers: "itertools.count[int]" = field(default_factory=itertools.count)

    async def write(self, text: str, *, sender: str = PHONE, **fields: object) -> str:
        """A contact writes on WhatsApp; the id of the conversation."""
        inbound = Inbound(
            channel="whatsapp",
            sender=sender,
            external_id=f"SM{next(self.numbers):032d}",
            text=text,
        )
        self.simulator.messages.append(
            SimulatedMessage(
                sid=inbound.external_id,
                sender=sender,
                recipient=self.simulator.sender,
                body=text,
                direction="inbound",
                status="received",
                created_at=self.clock(),
            )
        )
        receipt = await self.parts.conversations.receive(
            replace(inbound, **fields)  # type: ignore[arg-type]
        )
        return receipt.conversation_id

    @property
    def simulator(self) -> Simulator:
        assert self.parts.simulator is not None
        return self.parts.simulator

    async def work(self, *, after: float = 10.0) -> None:
        """Let time pass, then do what is owed, status callbacks included."""
        self.clock.advance(after)
        await self.parts.worker.drain()
        await self.simulator.settle()

    def sent(self, phone: str = PHONE) -> list[str]:
        """What the phone has been sent, in order."""
        return [m.body for m in self.simulator.messages if m.recipient == phone]
