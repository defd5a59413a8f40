"""The core alone: conversations and workers over a database, and a WhatsApp channel."""

from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import TypeVar

from sqlalchemy import Select, select

from bot.channels.simulated_api import SimulatedMessage
from bot.channels.simulator import Simulator
from bot.channels.twilio_client import HttpxClient
from bot.channels.whatsapp import WhatsApp
from bot.conversations.desk import queries
from bot.conversations.live.events import EventLog, bus_for
from bot.conversations.models import (
    Conversation,
    Delivery,
    DeliveryState,
    Event,
    Message,
)
from bot.conversations.ports import Assistant, Author, Inbound
from bot.conversations.receiving import Receipt
from bot.conversations.service import Conversations
from bot.conversations.spending.budget import Budget, Caps
from bot.conversations.working.worker import Worker
from bot.database import Base, Database
from bot.message_templates import MessageTemplate
from bot.organisation import Organisation
from bot.phrases import phrase
from tests.support.assistants import ScriptedAssistant
from tests.support.clock import Clock

PHONE = "whatsapp:+447700900123"
Row = TypeVar("Row", bound=Base)

BASE_URL = "http://127.0.0.1:8000"

ORGANISATION = Organisation(
    name="Harbour Advisory",
    description="I answer questions about courses and visas.",
    time_zone="Europe/London",
    opening_hours={"monday": ["09:00-17:30"]},
    languages=["en", "es"],
)

TEMPLATES = (
    MessageTemplate(
        name="Answer ready",
        content_sid="HX" + "a" * 32,
        language="en",
        text="Hello {{1}}, our answer is ready. Reply and we send it.",
        blanks={"1": "their name"},
        announces=True,
    ),
    MessageTemplate(
        name="Falta",
        content_sid="HX" + "b" * 32,
        language="es",
        text="Hola {{2}}: falta {{1}}, {{2}}.",
        blanks={"1": "what is missing", "2": "their name"},
    ),
)


@dataclass
class Core:
    """Conversations over a real database, a simulated Twilio and a standing clock."""

    database: Database
    clock: Clock = field(default_factory=Clock)
    assistant: Assistant = field(default_factory=ScriptedAssistant)

    def __post_init__(self) -> None:
        self.simulator = Simulator(
            base_url=BASE_URL,
            clock=self.clock,
            contents={one.content_sid: one.text for one in TEMPLATES},
        )
        self.simulator.report_progress = False
        self.whatsapp = WhatsApp(
            account_sid=self.simulator.account_sid,
            token=self.simulator.token,
            sender=self.simulator.sender,
            base_url=BASE_URL,
            http=HttpxClient(self.simulator.transport()),
        )
        self.events = EventLog(self.database, bus_for(self.database))
        self.conversations = Conversations(
            self.events,
            organisation=ORGANISATION,
            channels={"whatsapp": self.whatsapp},
            clock=self.clock,
        )
        self.budget = self.new_budget()
        self.worker = self.new_worker()
        self._numbers = iter(range(1, 1_000_000))

    def new_worker(self, assistant: Assistant | None = None) -> Worker:
        """Another worker over the same database."""
        return Worker(
            self.conversations, assistant or self.assistant, budget=self.budget
        )

    def new_budget(self, **caps: int) -> Budget:
        """A budget over the same database."""
        return Budget(
            self.database,
            caps=Caps(**caps),
            time_zone=ORGANISATION.time_zone,
            clock=self.clock,
        )

    async def close(self) -> None:
        await self.whatsapp.close()

    async def write(
        self,
        text: str,
        *,
        sender: str = PHONE,
        sid: str | None = None,
        limited: bool = False,
        **fields: object,
    ) -> Receipt:
        """Somebody writes on WhatsApp."""
        inbound = replace(self.inbound(text, sender=sender, sid=sid), **fields)  # type: ignore[arg-type]
        self.simulator.messages.append(
            SimulatedMessage(
                sid=inbound.external_id,
                sender=sender,
                recipient=self.simulator.sender,
                body=text,
                direction="inbound",
                status="received",
                created_at=self.clock(),
            )
        )
        return await self.conversations.receive(inbound, limited=limited)

    def inbound(
        self,
        text: str = "How long?",
        *,
        sender: str = PHONE,
        sid: str | None = None,
        channel: str = "whatsapp",
    ) -> Inbound:
        """A message with an id of its own."""
        return Inbound(
            channel=channel,
            sender=sender,
            external_id=sid or f"SM{next(self._numbers):032d}",
            text=text,
        )

    async def work(self, *, after: float = 10.0) -> None:
        """Let time pass, then do everything that is due."""
        self.clock.advance(after)
        await self.worker.drain()

    async def answered(self, text: str = "How long?", *, sender: str = PHONE) -> str:
        """A conversation in which the bot has answered once; its id."""
        receipt = await self.write(text, sender=sender)
        await self.work()
        return receipt.conversation_id

    async def waiting(self, *, sender: str = PHONE, reason: str = "asked") -> str:
        """A conversation that was handed to staff; its id."""
        conversation_id = await self.answered(sender=sender)
        await self.conversations.hand_off(conversation_id, reason)
        return conversation_id

    def sent(self, phone: str = PHONE) -> list[str]:
        """What Twilio was given for a phone, in order."""
        return [m.body for m in self.simulator.messages if m.recipient == phone]

    async def staff_say(self, *texts: str, sender: str = PHONE) -> None:
        """Somebody writes, and staff say a few things that have not left yet."""
        conversation_id = (await self.write("Hi", sender=sender)).conversation_id
        for text in texts:
            await self.conversations.reply_as_staff(
                conversation_id, text, member="Alice"
            )

    async def said(self, conversation_id: str, author: Author) -> list[str]:
        """What one side has said in a conversation."""
        _, messages = await queries.conversation(self.database, conversation_id)
        return [message.text for message in messages if message.author is author]

    async def conversation(self, conversation_id: str) -> Conversation:
        """The row itself."""
        found = await self.rows(
            select(Conversation).where(Conversation.public_id == conversation_id)
        )
        return found[0]

    async def held_by(self, conversation_id: str) -> str | None:
        """The staff member who holds it."""
        about, _ = await queries.conversation(self.database, conversation_id)
        return about.assignee

    async def deliveries(self) -> list[Delivery]:
        """All deliveries, oldest first."""
        return await self.rows(select(Delivery).order_by(Delivery.id))

    async def delivery_states(self) -> list[DeliveryState]:
        """How far all deliveries have come, oldest first."""
        return [delivery.state for delivery in await self.deliveries()]

    async def messages(self) -> list[Message]:
        """All messages, oldest first."""
        return await self.rows(select(Message).order_by(Message.id))

    async def event_log(self) -> list[Event]:
        """All events, oldest first."""
        return await self.rows(select(Event).order_by(Event.id))

    async def rows(self, query: Select[Row]) -> list[Row]:
        """Whatever a query finds."""
        async with self.database.read() as session:
            return list((await session.scalars(query)).all())


def told_when_closed(core: Core, key: str, language: str = "en") -> str:
    """What a contact is told who is handed over outside opening hours."""
    sentences = [core.conversations.speaker.with_hours(phrase(key, language), language)]
    sentences += [phrase(more, language) for more in ("ask_reach", "bot_meanwhile")]
    return " ".join(sentences)


def hours(number: float) -> float:
    """Seconds in so many hours."""
    return timedelta(hours=number).total_seconds()
