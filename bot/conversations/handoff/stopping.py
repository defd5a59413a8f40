"""Who wants no more messages, and who wants some again, in words known by themselves.

These words count whoever holds the conversation; what somebody means with others is
read by the assistant, and by staff.
"""

from datetime import timedelta
from enum import StrEnum

from sqlalchemy import exists, select

from bot.conversations.handoff.changing import status_changed
from bot.conversations.handoff.handing_over import HandingOver
from bot.conversations.handoff.held_replies import release_held
from bot.conversations.live.events import Transaction
from bot.conversations.messages import cancel_everything
from bot.conversations.models import (
    Address,
    Conversation,
    EventKind,
    Message,
    Reason,
    Status,
)
from bot.conversations.ports import Author, Inbound, OptOut
from bot.conversations.speaking import Speaker
from bot.conversations.spoken.understood import language_of_saying, says

# Who writes all the same is told so often what brings an answer.
TELL_AGAIN_AFTER = timedelta(days=1)


class Heard(StrEnum):
    """What a message is to somebody's wish for no messages."""

    STOP = "stop"
    START = "start"
    STOPPED = "stopped"


def heard_in(inbound: Inbound, address: Address) -> Heard | None:
    """What a message is to that wish; None where nobody has it."""
    if inbound.opt_out is OptOut.STOP or says("stop", inbound.text):
        return Heard.STOP if address.stopped_at is None else Heard.STOPPED
    if address.stopped_at is None:
        return None
    if inbound.opt_out is OptOut.START or says("start", inbound.text):
        return Heard.START
    return Heard.STOPPED


class Stopping:
    """Ends and begins messages, within transactions that its caller holds."""

    def __init__(self, speaker: Speaker, handing_over: HandingOver) -> None:
        self._speaker = speaker
        self._handing_over = handing_over

    async def act(
        self,
        transaction: Transaction,
        conversation: Conversation,
        message: Message,
        heard: Heard,
        *,
        silently: bool,
    ) -> None:
        """Do as the message says; ``silently`` where the channel has told them."""
        said_in = heard is Heard.STOP and language_of_saying("stop", message.text)
        conversation.language = conversation.language or said_in or None
        match heard:
            case Heard.STOP:
                await self.stop(transaction, conversation, silently=silently)
            case Heard.START:
                await self._start(transaction, conversation, message, silently=silently)
            case Heard.STOPPED:
                await self._still_stopped(transaction, conversation, silently=silently)

    async def stop(
        self,
        transaction: Transaction,
        conversation: Conversation,
        *,
        silently: bool = False,
    ) -> None:
        """From the bot it goes to staff, so that they know; else whoever has it."""
        if conversation.status is Status.BOT:
            await self._handing_over.change(
                transaction, conversation, Reason.ASKED_TO_STOP
            )
        else:
            conversation.address.stopped_at = transaction.now
            await cancel_everything(transaction, conversation)
            transaction.record(EventKind.CONVERSATION_UPDATED, conversation.id)
        if not silently:
            await self._say(transaction, conversation, "stopped")

    async def _start(
        self,
        transaction: Transaction,
        conversation: Conversation,
        message: Message,
        *,
        silently: bool,
    ) -> None:
        conversation.address.stopped_at = None
        transaction.record(EventKind.CONVERSATION_UPDATED, conversation.id)
        await release_held(transaction, conversation, speaker=self._speaker)
        waits = conversation.status is Status.WAITING
        if not waits or conversation.handoff_reason != Reason.ASKED_TO_STOP:
            return
        conversation.hand_back(through=message.id)
        await status_changed(transaction, conversation)
        if not silently:
            await self._say(transaction, conversation, "started")

    async def _still_stopped(
        self, transaction: Transaction, conversation: Conversation, *, silently: bool
    ) -> None:
        """Staff see it; the contact is told once a day how to hear from us again."""
        if conversation.status is Status.BOT:
            await self._handing_over.change(
                transaction, conversation, Reason.ASKED_TO_STOP
            )
        lately = transaction.now - TELL_AGAIN_AFTER
        told = await transaction.session.scalar(
            select(
                exists().where(
                    Message.address_id == conversation.address_id,
                    Message.despite_stop.is_(True),
                    Message.created_at > lately,
                )
            )
        )
        if not told and not silently:
            await self._say(transaction, conversation, "stopped_still")

    async def _say(
        self, transaction: Transaction, conversation: Conversation, key: str
    ) -> None:
        await self._speaker.say(
            transaction,
            conversation,
            self._speaker.phrase(key, conversation),
            author=Author.SYSTEM,
            despite_stop=conversation.address.stopped_at is not None,
        )
