"""The core over an empty database of either kind."""

from collections.abc import AsyncIterator

import pytest

from bot.database import Database
from tests.support.clock import Clock
from tests.support.core import Core


@pytest.fixture
async def core(database: Database, clock: Clock) -> AsyncIterator[Core]:
    core = Core(database, clock)
    yield core
    await core.close()
