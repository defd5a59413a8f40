"""An endpoint on loopback and the sender that tells it, without its loops."""

from sqlalchemy import select

from bot.integrations.webhook_models import WebhookDelivery, WebhookKind
from bot.integrations.webhook_sender import WebhookSender
from bot.integrations.webhooks import Webhooks
from bot.outside import Lookup
from tests.support.core import Core
from tests.support.receiver import Receiver

LOOPBACK = Lookup(loopback_allowed=True)


class Told:
    """A receiver that hears of what happens in a core."""

    def __init__(self, core: Core, receiver: Receiver, address: str) -> None:
        self.core = core
        self.receiver = receiver
        self.url = f"{address}/hook?key=1"
        self.webhooks = Webhooks(core.events, lookup=LOOPBACK, clock=core.clock)
        self._senders: list[WebhookSender] = []
        self.sender = self.new_sender()
        self.endpoint_id = ""
        self.secret = ""

    async def listen(self, *kinds: WebhookKind) -> str:
        """An endpoint from now on."""
        self.endpoint_id, self.secret = await self.webhooks.add(
            self.url, kinds or tuple(WebhookKind)
        )
        return self.endpoint_id

    def new_sender(self, lookup: Lookup = LOOPBACK) -> WebhookSender:
        """Another process that sends."""
        sender = WebhookSender(self.core.events, lookup=lookup, clock=self.core.clock)
        self._senders.append(sender)
        return sender

    async def work(self, *, after: float = 0.0) -> None:
        """Let time pass, then tell everything that is due."""
        self.core.clock.advance(after)
        await self.sender.drain()

    async def states(self) -> list[str]:
        """How far every webhook has come, oldest event first."""
        return [one.state.value for one in reversed(await self.webhooks.log())]

    async def rows(self) -> list[WebhookDelivery]:
        """The log as it is stored."""
        return await self.core.rows(select(WebhookDelivery))

    async def close(self) -> None:
        for sender in self._senders:
            await sender.close()
