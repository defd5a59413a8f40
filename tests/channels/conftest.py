"""Logs as the program writes them, and a server as it runs in production."""

import shutil
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import httpx
import pytest
import structlog

from bot.app import create_app
from bot.channels.simulated_api import ACCOUNT_SID, SENDER
from bot.config import Settings
from bot.logs import configure_logs
from tests.support.assistants import ScriptedAssistant
from tests.support.public import PublicServer


@pytest.fixture(autouse=True)
def _logs() -> Iterator[None]:
    configure_logs("INFO", json=True)
    yield
    structlog.reset_defaults()


@pytest.fixture
async def public_server(
    tmp_path: Path, sample_knowledge: Path, sqlite_template: Path
) -> AsyncIterator[PublicServer]:
    """A production server behind a proxy that knows it by another name."""
    settings = Settings(
        environment="production",
        public_base_url="https://ask.example.org",
        secret_key="k" * 32,
        allowed_origins=["https://www.example.org"],
        twilio_account_sid=ACCOUNT_SID,
        twilio_auth_token="new-token, old-token",
        twilio_whatsapp_from=SENDER,
        data_dir=tmp_path / "public",
        knowledge_dir=sample_knowledge,
    )
    settings.data_dir.mkdir()
    shutil.copy(sqlite_template, settings.data_dir / "bot.sqlite3")
    app = create_app(settings, assistant=ScriptedAssistant())
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(
        transport=transport, base_url="http://internal-7:8000"
    ) as client:
        yield PublicServer(
            client=client, settings=settings, database=app.state.parts.database
        )
    await app.state.parts.close()
