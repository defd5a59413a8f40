"""What the server is made of; the only module that knows all of it."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import datetime

from fastapi import FastAPI

from bot.answering.assembly import Answering
from bot.background import in_background
from bot.channels.whatsapp import WhatsApp
from bot.clock import Clock
from bot.config import Settings
from bot.console import words
from bot.conversations.contacts.asked_erasures import AskedErasures
from bot.conversations.contacts.retention import Retention
from bot.conversations.live.events import EventLog, bus_for
from bot.conversations.live.seats import Seats
from bot.conversations.ports import Assistant
from bot.conversations.service import Conversations
from bot.conversations.spending.budget import budget_of
from bot.conversations.working.leases import take_back
from bot.conversations.working.summaries import Summaries
from bot.conversations.working.worker import Worker
from bot.database import Database
from bot.errors import IndexUnavailableError
from bot.gap_parts import GapGrouping
from bot.health import Check, failing
from bot.integrations.connections import Connections
from bot.knowledge_parts import knowledge_of
from bot.logs import get_logger
from bot.metrics import Metrics
from bot.nightly import Nightly
from bot.organisation import Organisation
from bot.private_files import make_private
from bot.staff.tokens import Tokens
from bot.twilio_account import build_channels, build_simulator

log = get_logger()


class Parts:
    """What the server is made of, for as long as it runs."""

    def __init__(
        self,
        settings: Settings,
        organisation: Organisation,
        *,
        assistant: Assistant | None,
        clock: Clock,
    ) -> None:
        self.settings = settings
        self.organisation = organisation
        self.simulator = build_simulator(settings, clock)
        self.channels = build_channels(settings, self.simulator)
        self.database = Database(settings.database_address)
        self.events = EventLog(self.database, bus_for(self.database))
        self.conversations = Conversations(
            self.events,
            organisation=organisation,
            channels=self.channels,
            clock=clock,
            most_waiting=settings.most_waiting_per_network,
        )
        self.seats = Seats(self.conversations.feed)
        self.staff_seats = Seats(self.conversations.feed, per_visitor=20)
        self.answering: Answering | None = None
        if assistant is None:
            self.answering = Answering(settings, organisation, clock=clock)
            assistant = self.answering.assistant
        self.assistant = assistant
        self.tokens = Tokens(self.database, clock=clock)
        # Whether no other process serves the database: who starts the server knows.
        self.alone = False
        self.loaded = asyncio.Event()
        self.not_loaded = ""
        zone = organisation.time_zone
        self.budget = budget_of(settings, self.database, time_zone=zone, clock=clock)
        self.knowledge = knowledge_of(
            settings, self.answering, budget=self.budget, clock=clock
        )
        help_ = self.answering.help if self.answering else None
        self.help = self.budget.helping(help_) if help_ else None
        self.worker = Worker(self.conversations, assistant, budget=self.budget)
        self.retention = Retention(
            self.conversations,
            raw_days=settings.retention_days,
            contact_days=settings.contact_retention_days,
        )
        self.asked_erasures = AskedErasures(self.conversations)
        self.connections = Connections(
            self.events, settings, reason=words.reason, clock=clock
        )
        self.gaps = GapGrouping(settings, self.database, self.answering, clock=clock)
        self.nightly = Nightly(
            settings, time_zone=zone, clock=clock, group=self.gaps.run
        )
        self.metrics = Metrics(self, self.database, clock=clock)

    @asynccontextmanager
    async def lifespan(self, app: FastAPI) -> AsyncIterator[None]:
        """Bring the database up to date, work while the server runs, clean up."""
        async with AsyncExitStack() as stack:
            stack.push_async_callback(self.close)
            make_private(self.settings.data_dir)
            await self.database.migrate()
            if self.alone:
                await take_back(self.conversations)
            await self.metrics.start()
            if self.simulator:
                self.simulator.connect(app)
            work = [
                self._warm_up(),
                self.worker.run(),
                self.retention.run(),
                self.asked_erasures.run(),
                self.events.bus.run(),
                self.conversations.feed.run(),
                self.conversations.presence.run(),
                self.connections.run(),
                self.nightly.run(),
            ]
            if self.answering:
                work.append(self.answering.follow())
            if self.help and self.help.summarises:
                work.append(Summaries(self.conversations, self.help).run())
            async with in_background(work):
                yield

    async def _warm_up(self) -> None:
        """Load what answers need; meanwhile messages are taken, and wait for it."""
        try:
            if self.answering:
                await self.answering.warm_up()
        except IndexUnavailableError as error:
            log.error("index_unavailable", reason=str(error))  # noqa: TRY400  the reason says it all
        except Exception as error:
            log.exception("loading_failed")
            self.not_loaded = (
                f"could not be loaded ({type(error).__name__}); the log says more; "
                "mend it and start again"
            )
        self.loaded.set()

    async def unready(self) -> dict[str, str]:
        """What is not working, by name; empty when everything is."""
        checks: dict[str, Check] = {"database": self.database.ping}
        # While it is being loaded, asking for it would wait in the same line.
        if self.answering and self.loaded.is_set():
            checks["index"] = self.answering.check
        problems = await failing(checks)
        if self.answering and not self.loaded.is_set():
            problems["index"] = "is being loaded"
        if self.not_loaded:
            problems["answering"] = self.not_loaded
        if not self.worker.alive:
            problems["worker"] = "has not looked at the database lately"
        return problems

    @property
    def streams(self) -> Mapping[str, int]:
        """How many streams are open, by who listens."""
        return {"contacts": len(self.seats), "staff": len(self.staff_seats)}

    @property
    def index_made_at(self) -> datetime | None:
        """When the index in use was made, if there is one."""
        return self.answering.library.made_at if self.answering else None

    def warnings(self) -> dict[str, str]:
        """What works, and not as it should, by name."""
        if self.answering and self.answering.outdated:
            return {"index": "a newer one cannot be opened, or Chroma not be reached"}
        return {}

    async def close(self) -> None:
        """Let go of everything that is open."""
        for channel in self.channels.values():
            if isinstance(channel, WhatsApp):
                await channel.close()
        await self.connections.close()
        if self.simulator:
            await self.simulator.settle()
        if self.answering:
            self.answering.close()
        await self.database.close()
