"""Servers that are killed again and again under signed webhooks."""

import shutil
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path

import pytest

from bot.database import Database
from tests.support.nursery import Nursery
from tests.support.repetitions import repetitions
from tests.support.storm import Storm

KILLS = 6
# A hundred storms of six kills each, on each database; without SOAK there is one.
STORMS = 100


@pytest.fixture(scope="module")
def nursery() -> Iterator[Nursery]:
    nursery = Nursery("tests.support.server_process")
    yield nursery
    nursery.close()


@pytest.fixture(params=["SQLite, 1 process", "PostgreSQL, 2 processes"])
def processes(request: pytest.FixtureRequest) -> int:
    """How many servers there are: only PostgreSQL has room for two."""
    return 1 if request.param.startswith("SQLite") else 2


@pytest.fixture
def address(request: pytest.FixtureRequest, processes: int, tmp_path: Path) -> str:
    """A database that those servers can share."""
    if processes > 1:
        found: str = request.getfixturevalue("new_postgresql")("migrated")
        return found
    file = tmp_path / "bot.sqlite3"
    shutil.copy(request.getfixturevalue("sqlite_template"), file)
    return f"sqlite+aiosqlite:///{file}"


@pytest.fixture
async def storm_of(
    address: str,
    processes: int,
    tmp_path: Path,
    sample_knowledge: Path,
    nursery: Nursery,
) -> AsyncIterator[Callable[[int], Storm]]:
    """Makes a storm of a seed."""
    database = Database(address)
    yield lambda seed: Storm(
        seed=seed,
        nursery=nursery,
        database=database,
        folder=tmp_path,
        knowledge=sample_knowledge,
        processes=processes,
        kills=KILLS,
    )
    await database.close()


@pytest.mark.chaos
@pytest.mark.parametrize("seed", range(repetitions(STORMS)))
async def test_killed_servers_lose_double_and_reorder_nothing_they_acknowledged(
    storm_of: Callable[[int], Storm],
    seed: int,
    record_property: Callable[[str, object], None],
) -> None:
    storm = storm_of(seed)
    found = await storm.rage()
    counted = {
        "acknowledged": len(storm.acknowledged),
        "delivered twice": storm.repeated,
        "kills": storm.killed,
        **found.figures,
    }
    record_property("counted", counted)
    assert storm.killed == KILLS
    assert storm.acknowledged
    assert not any(found.figures.values()), (found, counted)
