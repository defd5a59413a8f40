"""Generated requests: never a 5xx, and every answer as the description says."""

import asyncio
import shutil
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from queue import Queue
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings, strategies
from schemathesis import Case, GenerationMode
from schemathesis.core.result import Ok
from schemathesis.specs.openapi.checks import negative_data_rejection
from sqlalchemy import select

from bot.app import create_app
from bot.config import Settings
from bot.conversations.models import Contact
from bot.conversations.ports import Inbound
from bot.database import Database
from bot.staff.tokens import Scope
from tests.support.assistants import ScriptedAssistant
from tests.support.servers import served

STARTED_WITHIN_SECONDS = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class Api:
    """A running server, a token for it, and ids of what it holds."""

    address: str
    token: str
    conversation_id: str
    contact_id: str


@pytest.fixture(params=["sqlite", "postgresql"])
def api(
    request: pytest.FixtureRequest, tmp_path: Path, sample_knowledge: Path
) -> Iterator[Api]:
    """A server in a thread of its own, since the generated requests block."""
    database = ""
    if request.param == "postgresql":
        make: Callable[[str], str] = request.getfixturevalue("new_postgresql")
        database = make("migrated")
    else:
        template: Path = request.getfixturevalue("sqlite_template")
        shutil.copy(template, tmp_path / "bot.sqlite3")
    configured = Settings(
        environment="development",
        data_dir=tmp_path,
        knowledge_dir=sample_knowledge,
        database_url=database,
        limit_per_token="1000000/minute",
        limit_per_network="1000000/minute",
    )
    started: Queue[Api | BaseException] = Queue()
    stop = threading.Event()
    thread = threading.Thread(target=_serve, args=(configured, started, stop))
    thread.start()
    found = started.get(timeout=STARTED_WITHIN_SECONDS)
    if isinstance(found, BaseException):
        raise found
    yield found
    stop.set()
    thread.join()


@pytest.mark.soak
@pytest.mark.parametrize("mode", list(GenerationMode), ids=lambda mode: mode.value)
def test_no_request_breaks_it_and_answers_are_as_described(
    api: Api, mode: GenerationMode, times: Callable[[int], int]
) -> None:
    schema = schemathesis.openapi.from_url(f"{api.address}/api/v1/openapi.json")
    schema.config.generation.update(with_security_parameters=False)  # we show a token
    operations = [
        found.ok() for found in schema.get_all_operations() if isinstance(found, Ok)
    ]
    assert len(operations) == 10
    for operation in operations:

        @settings(
            max_examples=times(500),
            deadline=None,
            suppress_health_check=list(HealthCheck),
            database=None,
        )
        @given(
            case=operation.as_strategy(generation_mode=mode),
            known=strategies.booleans(),
        )
        def is_as_described(case: Case[Any], known: bool) -> None:
            if known:
                _point_at_what_exists(case, api)
            case.call_and_validate(
                headers={"Authorization": f"Bearer {api.token}"},
                # A real id may have made the request one that can be served.
                excluded_checks=[negative_data_rejection] if known else [],
            )

        is_as_described()


def _point_at_what_exists(case: Case[Any], api: Api) -> None:
    """Made-up ids lead nowhere; real ones reach the rest of an operation."""
    for name in case.path_parameters:
        known = {
            "conversation_id": api.conversation_id,
            "contact_id": api.contact_id,
        }
        case.path_parameters[name] = known[name]


def _serve(
    configured: Settings, started: "Queue[Api | BaseException]", stop: threading.Event
) -> None:
    async def work() -> None:
        app = create_app(configured, assistant=ScriptedAssistant())
        async with served(app) as address:
            parts = app.state.parts
            receipt = await parts.conversations.receive(
                Inbound(
                    channel="web",
                    sender="visitor",
                    external_id="m1",
                    text="Hi",
                )
            )
            started.put(
                Api(
                    address=address,
                    token=await parts.tokens.add("Generated", Scope.WRITE),
                    conversation_id=receipt.conversation_id,
                    contact_id=await _contact_of(parts.database),
                )
            )
            await asyncio.to_thread(stop.wait)

    try:
        asyncio.run(work())
    except BaseException as error:
        started.put(error)
        raise


async def _contact_of(database: Database) -> str:
    async with database.read() as session:
        return (await session.scalars(select(Contact.public_id))).one()
