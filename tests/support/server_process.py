"""The server in processes of its own, with an assistant that answers at once.

Everything else is as an operator starts it: its settings, locks, migrations, webhooks
and workers; Twilio is at another address, and its clock runs fast.
"""

from functools import partial
from pathlib import Path
from typing import Any

import uvicorn
from starlette.types import ASGIApp

from bot import listening, server, twilio_account
from bot.app import create_app
from bot.channels.simulated_api import ACCOUNT_SID, SENDER
from bot.channels.twilio_client import HttpxClient
from bot.config import Settings
from bot.logs import configure_logs
from tests.support.fail_points import FailPoint
from tests.support.nursery import fork_on_demand
from tests.support.worker_process import FastClock, Loopback, ThinkingAssistant

PUBLIC = "https://chat.example.org"


def main(  # noqa: PLR0917  a line of arguments
    folder: str,
    knowledge: str,
    database: str,
    port: str,
    twilio: str,
    token: str,
    started: str,
    point: str,
    countdown: str,
) -> None:
    """Serve until killed."""
    settings = Settings(
        environment="development",
        data_dir=Path(folder),
        knowledge_dir=Path(knowledge),
        database_url=database,
        port=int(port),
        public_base_url=PUBLIC,
        twilio_account_sid=ACCOUNT_SID,
        twilio_auth_token=token,
        twilio_whatsapp_from=SENDER,
        whatsapp_typing=False,
        limit_per_address="1000000/minute",
    )
    fail_point = FailPoint(point, int(countdown))
    fail_point.watch_commits()
    Loopback.handle_async_request = fail_point.around(  # type: ignore[method-assign, assignment]
        Loopback.handle_async_request
    )
    # The program's own parts, with another Twilio, assistant and clock.
    vars(twilio_account)["HttpxClient"] = lambda _: HttpxClient(Loopback(twilio))
    vars(server)["create_app"] = partial(
        create_app, assistant=ThinkingAssistant(), clock=FastClock(float(started))
    )
    configuration = listening.configuration

    def watched(app: ASGIApp, **options: Any) -> uvicorn.Config:  # noqa: ANN401
        return configuration(fail_point.watched(app), **options)

    vars(server)["configuration"] = watched
    server.run_server(settings)


if __name__ == "__main__":
    configure_logs("CRITICAL", json=True)  # standard output is for process ids
    fork_on_demand(main)
