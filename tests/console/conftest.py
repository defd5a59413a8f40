"""Ana, an admin, and Ben at their desks, and a contact on WhatsApp."""

from collections.abc import AsyncIterator, Awaitable, Callable

import httpx
import pytest

from bot.staff import Role
from tests.support.house import House
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
    async with browser_of(staffed) as client:
        yield Desk(client=client)


@pytest.fixture
async def ana(staffed: House) -> AsyncIterator[Desk]:
    async with browser_of(staffed) as client:
        desk = Desk(client=client)
        assert (await desk.sign_in("Ana")).status_code == 303
        yield desk


@pytest.fixture
async def ben(staffed: House) -> AsyncIterator[Desk]:
    async with browser_of(staffed) as client:
        desk = Desk(client=client)
        assert (await desk.sign_in("Ben")).status_code == 303
        yield desk


@pytest.fixture
def write(staffed: House) -> Write:
    """A contact writes on WhatsApp; the id of the conversation."""
    return staffed.write


def browser_of(house: House) -> httpx.AsyncClient:
    """A browser of its own, which keeps its cookies."""
    transport = httpx.ASGITransport(house.app, raise_app_exceptions=True)
    return httpx.AsyncClient(
        transport=transport, base_url=house.parts.settings.base_url
    )
