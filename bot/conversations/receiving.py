"""What happens to a message that arrives: stored once, and a reply falls due."""

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import func, select

from bot.conversations.handoff.handing_over import HandingOver
from bot.conversations.handoff.held_replies import release_held
from bot.conversations.handoff.meanwhile import hears
from bot.conversations.handoff.own_data import OwnDataWords
from bot.conversations.handoff.stopping import Heard, Stopping, heard_in
from bot.conversations.handoff.while_waiting import WhileWaiting
from bot.conversations.live.events import Transaction
from bot.conversations.messages import queue_message
from bot.conversations.models import Conversation, Message, Status
from bot.conversations.ports import Author, Inbound
from bot.conversations.speaking import Speaker
from bot.conversations.threads import (
    STAFF_IDS,
    address_of,
    open_conversation,
    owed,
    same_message,
)
from bot.errors import ConflictError

LIMITED_FOR = timedelta(minutes=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """A message is stored; ``duplicate`` when it had been before."""

    message_id: str
    conversation_id: str
    duplicate: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """A conversation in which the contact has not written yet."""

    conversation_id: str
    greeting: str


class Receiving:
    """Takes messages in, within transactions that its caller holds."""

    def __init__(self, speaker: Speaker, handing_over: HandingOver) -> None:
        self._speaker = speaker
        self._stopping = Stopping(speaker, handing_over)
        self._waiting = WhileWaiting(speaker, handing_over)
        self._own_data = OwnDataWords(speaker)

    async def store(
        self, transaction: Transaction, inbound: Inbound, *, limited: bool
    ) -> Receipt:
        """Store a message unless it is stored; see ``Conversations.receive``."""
        if inbound.external_id.startswith(STAFF_IDS):
            raise ConflictError(f"ids that begin with “{STAFF_IDS}” are those of staff")
        session = transaction.session
        address = await address_of(transaction, inbound)
        before = await same_message(session, address, inbound)
        if before is not None:
            return _seen(*before, inbound)
        conversation = await open_conversation(transaction, address)
        heard = heard_in(inbound, address)
        erases = not limited and await self._own_data.confirmed(
            transaction, conversation, inbound.text
        )
        decided = erases or heard in {Heard.STOP, Heard.START}
        wants_reply = not (limited or inbound.answered_elsewhere or decided)
        if wants_reply and heard is None and conversation.status is Status.BOT:
            # Asked before anything is changed: what changes is written in one go.
            await self._owe_reply(transaction, conversation)
        address.last_inbound_at = transaction.now
        message = Message(
            conversation_id=conversation.id,
            address_id=address.id,
            author=Author.CONTACT,
            text=inbound.text,
            created_at=transaction.now,
            external_id=inbound.external_id,
            media_count=inbound.media_count,
            wants_reply=wants_reply,
            raw=dict(inbound.raw) or None,
        )
        conversation.last_message_at = transaction.now
        conversation.snoozed_until = None
        await queue_message(transaction, message)
        if erases:
            await self._own_data.promise(transaction, conversation)
        elif heard is None:
            await self._heard(transaction, conversation, message, inbound)
        else:
            await self._stopping.act(
                transaction,
                conversation,
                message,
                heard,
                silently=limited or inbound.answered_elsewhere,
            )
            await self._owe_while_waiting(transaction, conversation, message)
        if limited and heard is None:
            await self._slow_down(transaction, conversation)
        return Receipt(
            message_id=message.public_id,
            conversation_id=conversation.public_id,
            duplicate=False,
        )

    async def _heard(
        self,
        transaction: Transaction,
        conversation: Conversation,
        message: Message,
        inbound: Inbound,
    ) -> None:
        """Words of somebody who takes messages: what waited for them leaves now."""
        await release_held(transaction, conversation, speaker=self._speaker)
        if inbound.answered_elsewhere or conversation.status is Status.BOT:
            return
        if await self._waiting.heard(transaction, conversation, message):
            message.wants_reply = False
            return
        await self._owe_while_waiting(transaction, conversation, message)

    async def _owe_while_waiting(
        self, transaction: Transaction, conversation: Conversation, message: Message
    ) -> None:
        waits = conversation.status is Status.WAITING
        if waits and message.wants_reply and hears(conversation):
            await self._owe_reply(transaction, conversation)

    async def _owe_reply(
        self, transaction: Transaction, conversation: Conversation
    ) -> None:
        channel = self._speaker.channel(conversation)
        first_at = None
        if conversation.reply_due_at is not None:
            first_at = await transaction.session.scalar(
                select(func.min(Message.created_at)).where(*owed(conversation))
            )
        conversation.owe_reply(
            now=transaction.now,
            first_at=first_at or transaction.now,
            debounce=channel.debounce_seconds if channel else 0.0,
            limit=channel.debounce_limit_seconds if channel else 0.0,
        )

    async def _slow_down(
        self, transaction: Transaction, conversation: Conversation
    ) -> None:
        told = conversation.limited_until
        if conversation.status is not Status.BOT or (told and told > transaction.now):
            return
        conversation.limited_until = transaction.now + LIMITED_FOR
        text = self._speaker.phrase("too_fast", conversation)
        await self._speaker.say(transaction, conversation, text, author=Author.SYSTEM)


def _seen(before: Message, conversation_id: str, inbound: Inbound) -> Receipt:
    if before.text != inbound.text:
        raise ConflictError(
            f"message {inbound.external_id} is stored already, with another text"
        )
    return Receipt(
        message_id=before.public_id,
        conversation_id=conversation_id,
        duplicate=True,
    )
