"""Ana, an admin, and Ben at their desks, and a contact on WhatsApp."""

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import replace

import httpx
import pytest

from bot.channels.simulated_api import SimulatedMessage
from bot.conversations.ports import Inbound
from bot.staff import Role
from tests.support.house import PHONE, House
from tests.support.staff import Desk, add_staff

Write = Callable[..., Awaitable[str]]


@pytest.fixture
async def staffed(house: House) -> House:
    """The server, with accounts."""
    database = house.parts.database
    await add_staff(database, "Ana", role=Role.ADMIN, now=house.clock())
    await add_staff(database, "Ben", now=house.clock())
    return house


@pytest.fixture
async def nobody(staffed: House) -> AsyncIterator[Desk]:
    """A browser in which nobody has signed in."""
    async with _browser(staffed) as client:
        yield Desk(client=client)


@pytest.fixture
async def ana(staffed: House) -> AsyncIterator[Desk]:
    async with _browser(staffed) as client:
        desk = Desk(client=client)
        assert (await desk.sign_in("Ana")).status_code == 303
        yield desk


@pytest.fixture
async def ben(staffed: House) -> AsyncIterator[Desk]:
    async with _browser(staffed) as client:
        desk = Desk(client=client)
        assert (await desk.sign_in("Ben")).status_code == 303
        yield desk


@pytest.fixture
def write(staffed: House) -> Write:
    """A contact writes on WhatsApp; the id of the conversation."""
    numbers = iter(range(1, 1000))

    async def say(text: str, *, sender: str = PHONE, **fields: object) -> str:
        inbound = Inbound(
            channel="whatsapp",
            sender=sender,
            external_id=f"SM{next(numbers):032d}",
            text=text,
            received_at=staffed.clock(),
        )
        staffed.simulator.messages.append(
            SimulatedMessage(
                sid=inbound.external_id,
                sender=sender,
                recipient=staffed.simulator.sender,
                body=text,
                direction="inbound",
                status="received",
                created_at=staffed.clock(),
            )
        )
        receipt = await staffed.parts.conversations.receive(
            replace(inbound, **fields)  # type: ignore[arg-type]
        )
        return receipt.conversation_id

    return say


def _browser(house: House) -> httpx.AsyncClient:
    transport = httpx.ASGITransport(house.app, raise_app_exceptions=True)
    return httpx.AsyncClient(
        transport=transport, base_url=house.parts.settings.base_url
    )
