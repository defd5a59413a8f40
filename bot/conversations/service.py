"""What can happen to a conversation: each verb is one short transaction."""

from collections.abc import AsyncIterator, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress
from datetime import datetime

from sqlalchemy.exc import IntegrityError

from bot.clock import Clock
from bot.conversations.channel_port import Channel
from bot.conversations.handoff.changing import status_changed
from bot.conversations.handoff.crowds import MOST_WAITING, Crowds
from bot.conversations.handoff.handing_over import HandingOver
from bot.conversations.handoff.held_replies import require_nothing_held
from bot.conversations.handoff.holding import (
    acting_member,
    log_action,
    require_messages_wanted,
)
from bot.conversations.live.events import EventLog, Transaction
from bot.conversations.live.happenings import Feed
from bot.conversations.live.presence import Presence
from bot.conversations.messages import cancel_unsent
from bot.conversations.models import Address, Conversation, DeliveryState
from bot.conversations.outbox.delivery_results import DeliveryResults
from bot.conversations.ports import Author, Inbound
from bot.conversations.receiving import Opened, Receipt, Receiving
from bot.conversations.speaking import Speaker
from bot.conversations.threads import (
    locked,
    new_address,
    new_conversation,
    newest_message,
    said_before,
    staff_message_id,
)
from bot.errors import ConversationError, NotFoundError
from bot.organisation import Organisation
from bot.staff import StaffMember, staff_member

ATTEMPTS_AT_A_RACE = 3
LONGEST_REASON = 60


class Conversations:
    """The core's verbs; every one commits before it returns."""

    def __init__(
        self,
        events: EventLog,
        *,
        organisation: Organisation,
        channels: Mapping[str, Channel],
        clock: Clock,
        most_waiting: int = MOST_WAITING,
    ) -> None:
        self.events = events
        self.feed = Feed(events)
        self.organisation = organisation
        self.channels = channels
        self.clock = clock
        self.presence = Presence(events, clock=clock)
        self.speaker = Speaker(
            organisation,
            channels=channels,
            clock=clock,
            somebody_online=lambda: bool(self.presence.online()),
        )
        self.handing_over = HandingOver(self.speaker)
        self.delivery_results = DeliveryResults(self.handing_over)
        self.crowds = Crowds(most=most_waiting)
        self._receiving = Receiving(self.speaker, self.handing_over)

    async def open(
        self, channel: str, key: str, *, language: str | None = None
    ) -> Opened:
        """A new contact on a channel where the bot may speak first.

        They are greeted in ``language``, and answered in the one that they write.
        """
        now = self.clock()
        greeting = self.speaker.greeting(language)
        async with self.events.transaction(now) as transaction:
            address = await new_address(transaction, channel, key=key, sender=key)
            address.greeted_at = now
            conversation = await new_conversation(transaction, address)
            await self.speaker.say(
                transaction, conversation, greeting, author=Author.SYSTEM
            )
        return Opened(conversation_id=conversation.public_id, greeting=greeting)

    async def receive(self, inbound: Inbound, *, limited: bool = False) -> Receipt:
        """Store a message once; a reply falls due if the bot holds the conversation.

        With ``limited`` the message is stored, and a first one is told to slow down.

        Raises:
            ConflictError: the external id came before with another text, or is staff's.
        """
        for _ in range(ATTEMPTS_AT_A_RACE - 1):
            # Somebody may store the address, conversation or message at this moment.
            with suppress(IntegrityError):
                return await self._receive(inbound, limited=limited)
        return await self._receive(inbound, limited=limited)

    async def hand_off(
        self, conversation_id: str, reason: str, *, member: str | None = None
    ) -> None:
        """From the bot to staff; the contact is told, in words that fit the reason."""
        if not 0 < len(reason) <= LONGEST_REASON:
            raise ConversationError(f"a reason has 1 to {LONGEST_REASON} characters")
        async with self.changing(conversation_id) as (transaction, conversation):
            who = member and await acting_member(transaction, conversation, member)
            await self.handing_over.hand_off(transaction, conversation, reason)
            log_action(
                transaction, "hand_off", conversation, member=who or None, detail=reason
            )

    async def take(self, conversation_id: str, *, member: str) -> None:
        """A staff member takes over; nothing of the bot's leaves from here on."""
        async with self.changing(conversation_id) as (transaction, conversation):
            who = await self.take_within(transaction, conversation, member)
            log_action(transaction, "take", conversation, member=who)

    async def reply_as_staff(
        self,
        conversation_id: str,
        text: str,
        *,
        member: str,
        client_id: str | None = None,
    ) -> str:
        """Send a staff member's words; takes the conversation over if need be.

        The same ``client_id`` again sends nothing: a page may repeat itself. Gives the
        id of the message.

        Raises:
            ConflictError: the same ``client_id`` came before with another text.
        """
        if not text.strip():
            raise ConversationError("a reply needs words")
        async with self.changing(conversation_id) as (transaction, conversation):
            session, now = transaction.session, transaction.now
            who = await staff_member(session, member, now=now)
            external_id = staff_message_id(who, client_id)
            before = await said_before(session, conversation, external_id, text)
            if before is not None:
                return before.public_id
            require_messages_wanted(conversation)
            self._require_open_window(conversation)
            await self.take_within(transaction, conversation, member)
            await cancel_unsent(transaction, conversation)
            conversation.nobody_owes_an_answer()
            message = await self.speaker.say(
                transaction,
                conversation,
                text,
                author=Author.STAFF,
                staff_member_id=who.id,
                external_id=external_id,
            )
            log_action(transaction, "reply", conversation, member=who)
            return message.public_id

    async def hand_back(
        self, conversation_id: str, *, member: str | None = None
    ) -> None:
        """From staff to the bot, which answers what comes; the contact is told."""
        async with self.changing(conversation_id) as (transaction, conversation):
            who = member and await acting_member(transaction, conversation, member)
            await require_nothing_held(transaction.session, conversation)
            newest = await newest_message(transaction.session, conversation)
            await self.handing_over.hand_back(transaction, conversation, through=newest)
            log_action(transaction, "hand_back", conversation, member=who or None)

    async def resolve(self, conversation_id: str, *, member: str | None = None) -> None:
        """Close a conversation; whatever the bot still had to send is cancelled."""
        async with self.changing(conversation_id) as (transaction, conversation):
            who = member and await acting_member(transaction, conversation, member)
            await require_nothing_held(transaction.session, conversation)
            conversation.resolve(now=transaction.now)
            await status_changed(transaction, conversation)
            log_action(transaction, "resolve", conversation, member=who or None)

    async def delivery_reached(
        self,
        delivery_id: str,
        *,
        external_id: str | None,
        state: DeliveryState,
        error_code: str | None = None,
        passes: bool = False,
    ) -> bool:
        """Take what a channel reports of a delivery; False if there is none such."""
        async with self.transaction() as transaction:
            return await self.delivery_results.reached(
                transaction,
                delivery_id,
                external_id=external_id,
                state=state,
                error_code=error_code,
                passes=passes,
            )

    async def _receive(self, inbound: Inbound, *, limited: bool) -> Receipt:
        async with self.transaction() as transaction:
            return await self._receiving.store(transaction, inbound, limited=limited)

    async def take_within(
        self, transaction: Transaction, conversation: Conversation, name: str
    ) -> StaffMember:
        """Whoever acts takes over, within a transaction under way."""
        member = await acting_member(transaction, conversation, name)
        before = conversation.status
        conversation.take(member, now=transaction.now)
        if before is not conversation.status:
            await status_changed(transaction, conversation, staff_member=member.id)
        return member

    def window_until(self, address: Address) -> datetime | None:
        """When a channel stops carrying free text to an address; None if never."""
        return self.speaker.window_until(address)

    def _require_open_window(self, conversation: Conversation) -> None:
        until = self.window_until(conversation.address)
        last = conversation.address.last_inbound_at
        if until and last and self.clock() > until:
            hours = (until - last).total_seconds() / 3600
            raise ConversationError(
                f"the contact last wrote more than {hours:g} hours ago; "
                f"{conversation.address.channel} no longer carries free text to them"
            )

    def transaction(self) -> AbstractAsyncContextManager[Transaction]:
        """A write at this moment, with its events."""
        return self.events.transaction(self.clock())

    @asynccontextmanager
    async def changing(
        self, conversation_id: str
    ) -> AsyncIterator[tuple[Transaction, Conversation]]:
        """A transaction with the conversation, locked; ``NotFoundError`` if none."""
        async with self.transaction() as transaction:
            found = await transaction.session.scalar(
                locked(Conversation.public_id == conversation_id)
            )
            if found is None:
                raise NotFoundError(f"there is no conversation {conversation_id}")
            yield transaction, found
