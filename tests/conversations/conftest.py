"""The core over an empty database of either kind."""

from collections.abc import AsyncIterator, Callable

import pytest

from bot.database import Database
from tests.support.clock import Clock
from tests.support.core import Core


@pytest.fixture
async def core(database: Database, clock: Clock) -> AsyncIterator[Core]:
    core = Core(database, clock)
    yield core
    await core.close()


@pytest.fixture
async def postgresql_core(
    new_postgresql: Callable[[str], str], clock: Clock
) -> AsyncIterator[Core]:
    """For what only a database that works on several writes at once can show."""
    database = Database(new_postgresql("migrated"))
    core = Core(database, clock)
    yield core
    await core.close()
    await database.close()
