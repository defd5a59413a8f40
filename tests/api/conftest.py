"""Two programs, one of which may only read, and a contact on WhatsApp."""

from collections.abc import Awaitable, Callable

import pytest

from bot.logs import configure_logs
from bot.staff.tokens import Scope
from tests.support.house import House
from tests.support.program import Program, program

Write = Callable[..., Awaitable[str]]


@pytest.fixture(autouse=True)
def _logs_as_in_production() -> None:
    """The logs of development would print every local variable of a failure."""
    configure_logs("WARNING", json=True)


@pytest.fixture
async def reader(house: House) -> Program:
    return await program(house, Scope.READ, "Reports")


@pytest.fixture
async def crm(house: House) -> Program:
    return await program(house, Scope.WRITE)


@pytest.fixture
def write(house: House) -> Write:
    """A contact writes on WhatsApp; the id of the conversation."""
    return house.write
