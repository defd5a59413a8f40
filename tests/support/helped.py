"""The whole server with the help of a model, which follows a script."""

import shutil
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

import httpx

from bot.app import create_app
from bot.config import Settings
from tests.support.assistants import ScriptedAssistant
from tests.support.clock import Clock
from tests.support.house import House

HELP = {
    "bot_model_drafts": True,
    "bot_model_translations": True,
    "bot_model_summaries": True,
}


def helped_settings(
    settings: Settings, address: str, index: Path, template: Path, **more: object
) -> Settings:
    """Settings of a server with an index, an empty database and a model."""
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    (settings.data_dir / "index").symlink_to(index / "index")
    shutil.copy(template, settings.data_dir / "bot.sqlite3")
    changes: Mapping[str, object] = {
        "bot_model": "openai:test-model",
        "bot_model_url": f"{address}/v1",
        **HELP,
        **more,
    }
    return settings.model_copy(update=changes)


@asynccontextmanager
async def helped_house(settings: Settings, clock: Clock) -> AsyncIterator[House]:
    """The server without its loops; contacts are answered by the real assistant."""
    app = create_app(settings, clock=clock)
    parts = app.state.parts
    parts.simulator.connect(app)
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with httpx.AsyncClient(
        transport=transport, base_url=settings.base_url
    ) as client:
        yield House(
            app=app,
            parts=parts,
            clock=clock,
            assistant=ScriptedAssistant(),
            client=client,
        )
    await parts.close()
