"""Runs the assembled server: checks first, then listens, then stops cleanly."""

import asyncio
import socket
import sys

import uvicorn
from fastapi import FastAPI

from bot.app import create_app
from bot.better_answers import answers_line
from bot.channels.whatsapp import MESSAGES_PATH, RETRY_FRAGMENT
from bot.config import Settings
from bot.database import Database
from bot.listening import configuration
from bot.parts import Parts
from bot.safety import doubts
from bot.starting import alone, listening, silent_addresses

GRACE_SECONDS = 3


def run_server(settings: Settings) -> None:
    """Serve until told to stop.

    Raises:
        SettingsError: a setting, the database or the port cannot be used.
    """
    app = create_app(settings)
    with alone(settings) as only, listening(settings) as listener:
        app.state.parts.alone = only
        asyncio.run(_migrate(settings))
        _say_where(settings)
        _serve(app, settings, listener)


def _serve(app: FastAPI, settings: Settings, listener: socket.socket) -> None:
    config = configuration(
        app, trusted_proxies=settings.trusted_proxies, grace_seconds=GRACE_SECONDS
    )
    _Server(config, app.state.parts).run(sockets=[listener])


class _Server(uvicorn.Server):
    """Ends the open streams first, since they would never end by themselves."""

    def __init__(self, config: uvicorn.Config, parts: Parts) -> None:
        super().__init__(config)
        self._parts = parts

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self._parts.seats.give_all_away()
        self._parts.staff_seats.give_all_away()
        await super().shutdown(sockets)


async def _migrate(settings: Settings) -> None:
    """What is wrong with the database stops the start with a sentence."""
    database = Database(settings.database_address)
    try:
        await database.migrate()
    finally:
        await database.close()


def _say_where(settings: Settings) -> None:
    lines = [
        f"web chat:  {settings.base_url}/",
        f"staff:     {settings.base_url}/console (python -m bot staff add NAME)",
    ]
    if settings.development and not settings.twilio_configured:
        lines.append(f"WhatsApp:  {settings.base_url}/simulator (simulated)")
    if settings.twilio_configured:
        lines.append(
            f"Twilio's webhook: {settings.base_url}{MESSAGES_PATH}{RETRY_FRAGMENT}"
        )
    lines.append(f"answers:   {asyncio.run(answers_line(settings))}")
    lines += [f"warning: {doubt}" for doubt in _doubts(settings)]
    print("\n".join(lines), file=sys.stderr, flush=True)


def _doubts(settings: Settings) -> list[str]:
    return [*doubts(settings), *silent_addresses(settings)]
