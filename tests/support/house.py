"""The whole server without its loops: tests say when it works."""

from dataclasses import dataclass

import httpx
from fastapi import FastAPI

from bot.app import Parts
from bot.channels.simulator import Simulator
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
