"""From the bot to staff: the change itself, and what the contact is told of it."""

from collections.abc import Sequence
from datetime import datetime

from bot.conversations.handoff.calls import Calls, open_call
from bot.conversations.handoff.handoff_words import handoff_words
from bot.conversations.handoff.waiting_times import offer_bot_at, remind_at
from bot.conversations.live.events import Transaction
from bot.conversations.messages import cancel_unsent, queue_message
from bot.conversations.models import (
    Conversation,
    EventKind,
    Message,
    Reason,
    Status,
)
from bot.conversations.opening_hours import closed
from bot.conversations.ports import Author, Citation
from bot.conversations.speaking import Speaker
from bot.phrases import phrase

# Stands where a reply that was read along ends, since somebody took over.
BROKEN_OFF = "…"


class HandingOver:
    """Hands conversations over, within transactions that its caller holds."""

    def __init__(self, speaker: Speaker) -> None:
        self._speaker = speaker
        self._calls = Calls(speaker)

    async def hand_off(
        self, transaction: Transaction, conversation: Conversation, reason: str
    ) -> Message:
        """Change the status, and tell the contact in words that fit the reason."""
        await self.change(transaction, conversation, reason)
        words = handoff_words(reason, self._speaker.language(conversation))
        return await self.tell(transaction, conversation, words, author=Author.SYSTEM)

    async def change(
        self, transaction: Transaction, conversation: Conversation, reason: str
    ) -> None:
        """The change of status alone."""
        organisation, now = self._speaker.organisation, transaction.now
        conversation.hand_off(reason, now=now)
        conversation.remind_at = remind_at(organisation, now)
        if reason != Reason.ASKED_TO_STOP:
            conversation.offer_bot_at = offer_bot_at(organisation, now)
        if reason == Reason.ASKED_FOR_CALL:
            await self._calls.ask(transaction, conversation)
        await status_changed(transaction, conversation)

    async def tell(
        self,
        transaction: Transaction,
        conversation: Conversation,
        words: str,
        *,
        author: Author,
        citations: Sequence[Citation] = (),
        **fields: object,
    ) -> Message:
        """Say the words of a handoff, and the truth about when to expect an answer.

        Where nobody is there, the contact is asked how else to reach them. Who wants no
        messages is told nothing more.
        """
        language = self._speaker.language(conversation)
        sentences = [self._with_hours(words, conversation)]
        call = await open_call(transaction, conversation)
        if call is not None and conversation.handoff_reason == Reason.ASKED_FOR_CALL:
            sentences.append(self._calls.words(call, language))
        asks = self._asks_how_to_reach(conversation, transaction.now)
        if asks:
            keys = ("ask_reach", "bot_meanwhile")
            sentences += [phrase(key, language) for key in keys]
        message = await self._speaker.say(
            transaction,
            conversation,
            " ".join(sentences),
            author=author,
            citations=citations,
            said_while=Status.WAITING,
            **fields,
        )
        conversation.reach_asked_in = message.id if asks else None
        return message

    def _with_hours(self, words: str, conversation: Conversation) -> str:
        if conversation.handoff_reason == Reason.ASKED_TO_STOP:
            return words
        language = self._speaker.language(conversation)
        channel = conversation.address.channel
        return self._speaker.with_hours(words, language, channel=channel)

    def _asks_how_to_reach(self, conversation: Conversation, now: datetime) -> bool:
        """Outside opening hours; not in distress, nor where a number is asked for."""
        told_otherwise = {Reason.DISTRESS, Reason.ASKED_FOR_CALL, Reason.ASKED_TO_STOP}
        return conversation.handoff_reason not in told_otherwise and closed(
            self._speaker.organisation, now
        )


async def status_changed(
    transaction: Transaction,
    conversation: Conversation,
    *,
    staff_member: int | None = None,
) -> None:
    """Tell of a change of status; what was to be said before it is not said."""
    await cancel_unsent(transaction, conversation)
    await _keep_what_was_read(transaction, conversation)
    transaction.record(
        EventKind.CONVERSATION_STATUS_CHANGED,
        conversation.id,
        status=conversation.status,
        staff_member=staff_member,
    )


async def _keep_what_was_read(
    transaction: Transaction, conversation: Conversation
) -> None:
    """The beginning of a reply that the contact read along is a message, broken off."""
    text = conversation.said_so_far
    if not text:
        return
    conversation.said_so_far = None
    message = Message(
        conversation_id=conversation.id,
        address_id=conversation.address_id,
        author=Author.BOT,
        text=f"{text} {BROKEN_OFF}",
        created_at=transaction.now,
        provenance={"answerer": "model", "language": conversation.language},
    )
    await queue_message(transaction, message)
