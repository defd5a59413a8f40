"""Everything that tells the outside of what happens, as one part of the server."""

import asyncio
from collections.abc import Callable
from datetime import datetime

from bot.config import Settings
from bot.conversations.live.events import EventLog
from bot.integrations.notifications import Notifier
from bot.integrations.webhook_sender import WebhookSender
from bot.integrations.webhooks import Webhooks
from bot.outside import Lookup


class Connections:
    """Webhooks to other programs, and notifications to staff."""

    def __init__(
        self,
        events: EventLog,
        settings: Settings,
        *,
        reason: Callable[[str | None], str],
        clock: Callable[[], datetime],
    ) -> None:
        lookup = Lookup(loopback_allowed=settings.webhooks_to_loopback)
        self.webhooks = Webhooks(events, lookup=lookup, clock=clock)
        self.sender = WebhookSender(events, lookup=lookup, clock=clock)
        self.notifier = Notifier(
            events,
            settings.notify_urls.get_secret_value(),
            base_url=settings.base_url,
            reason=reason,
            clock=clock,
        )

    async def run(self) -> None:
        """Tell until cancelled."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self.sender.run())
            group.create_task(self.notifier.run())

    async def close(self) -> None:
        """Let go of what is open."""
        await self.sender.close()
