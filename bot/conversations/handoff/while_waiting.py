"""What the core understands of a contact who waits for staff, without the bot."""

from bot.conversations.handoff.calls import Calls
from bot.conversations.handoff.handing_over import status_changed
from bot.conversations.handoff.waiting_times import offer_bot_at
from bot.conversations.live.events import Transaction
from bot.conversations.models import (
    Consent,
    Conversation,
    EventKind,
    Message,
    Reason,
    Status,
    WayToReach,
)
from bot.conversations.ports import Author
from bot.conversations.speaking import Speaker
from bot.conversations.spoken.details import Way, WayKind, seems_to_name_one, ways_in
from bot.conversations.spoken.understood import says
from bot.phrases import phrase

PURPOSES = {
    WayKind.EMAIL: "Being written to by e-mail about their enquiry",
    WayKind.PHONE: "Being called or texted about their enquiry",
}


class WhileWaiting:
    """Listens while staff hold a conversation, within transactions of its caller."""

    def __init__(self, speaker: Speaker) -> None:
        self._speaker = speaker
        self._calls = Calls(speaker)

    async def heard(
        self, transaction: Transaction, conversation: Conversation, message: Message
    ) -> None:
        """A contact has written: a choice, a way to reach them, or words for staff."""
        if _starts_again(conversation, message):
            await self._back_to_bot(transaction, conversation, message, "started")
        elif self._chooses_bot(conversation, message):
            await self._back_to_bot(transaction, conversation, message, "bot_back")
        elif conversation.status is Status.WAITING and await self._calls.heard(
            transaction, conversation, message
        ):
            return
        elif conversation.reach_asked_in is not None:
            await self._take_ways(transaction, conversation, message)
        elif conversation.status is Status.STAFF and conversation.offer_bot_at is None:
            conversation.offer_bot_at = offer_bot_at(
                self._speaker.organisation, transaction.now
            )

    @staticmethod
    def _chooses_bot(conversation: Conversation, message: Message) -> bool:
        """In the bot's name alone; from a staff member only if it was offered."""
        waits = conversation.status is Status.WAITING
        return (waits or conversation.bot_offered_at is not None) and says(
            "bot", message.text
        )

    async def _back_to_bot(
        self,
        transaction: Transaction,
        conversation: Conversation,
        message: Message,
        words: str,
    ) -> None:
        conversation.hand_back(through=message.id)
        await status_changed(transaction, conversation)
        await self._speaker.say(
            transaction,
            conversation,
            self._speaker.phrase(words, conversation),
            author=Author.SYSTEM,
            said_while=Status.BOT,
        )

    async def _take_ways(
        self, transaction: Transaction, conversation: Conversation, message: Message
    ) -> None:
        ways = ways_in(message.text)
        if not ways and not seems_to_name_one(message.text):
            return
        language = self._speaker.language(conversation)
        if ways:
            await self._keep(transaction, conversation, message, ways)
            conversation.reach_asked_in = None
            values = ", ".join(way.shown for way in ways)
            words = phrase("reach_kept", language, values=values)
        else:
            words = phrase("reach_unreadable", language)
        await self._speaker.say(
            transaction,
            conversation,
            words,
            author=Author.SYSTEM,
            said_while=Status.WAITING,
        )

    async def _keep(
        self,
        transaction: Transaction,
        conversation: Conversation,
        message: Message,
        ways: list[Way],
    ) -> None:
        """With the consent: what was asked, and the message that answers it."""
        session = transaction.session
        asked = self._speaker.phrase("ask_reach", conversation)
        for way in ways:
            consent = Consent(
                contact_id=conversation.address.contact_id,
                purpose=PURPOSES[way.kind],
                how=f"Wrote it here, having read: {asked}",
                given_at=transaction.now,
                message_id=message.id,
            )
            session.add(consent)
            await session.flush()
            session.add(
                WayToReach(consent_id=consent.id, kind=way.kind, value=way.value)
            )
        transaction.record(EventKind.CONVERSATION_UPDATED, conversation.id)


def _starts_again(conversation: Conversation, message: Message) -> bool:
    """Whether somebody who wanted no messages wants some again."""
    waits = conversation.status is Status.WAITING
    stopped = waits and conversation.handoff_reason == Reason.ASKED_TO_STOP
    return stopped and says("start", message.text)
