"""The core over either database, a receiver on loopback, and what sends to it."""

from collections.abc import AsyncIterator

import pytest

from bot.database import Database
from tests.support.clock import Clock
from tests.support.core import Core
from tests.support.receiver import Receiver
from tests.support.servers import served
from tests.support.told import Told


@pytest.fixture
async def core(database: Database, clock: Clock) -> AsyncIterator[Core]:
    core = Core(database, clock)
    yield core
    await core.close()


@pytest.fixture
async def told(core: Core) -> AsyncIterator[Told]:
    """A receiver that is an endpoint for everything."""
    receiver = Receiver()
    async with served(receiver) as address:
        told = Told(core, receiver, address)
        await told.listen()
        yield told
        await told.close()
