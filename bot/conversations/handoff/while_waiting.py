"""What the core understands of a contact who waits for staff, without the bot."""

from bot.conversations.handoff.handing_over import HandingOver
from bot.conversations.handoff.waiting_times import offer_bot_at
from bot.conversations.live.events import Transaction
from bot.conversations.models import (
    Consent,
    Conversation,
    EventKind,
    Message,
    Status,
    WayToReach,
)
from bot.conversations.ports import Author
from bot.conversations.speaking import Speaker
from bot.conversations.spoken.details import (
    Way,
    WayKind,
    seems_to_name_one,
    ways_in,
)
from bot.conversations.spoken.understood import says
from bot.phrases import phrase

PURPOSES = {
    WayKind.EMAIL: "Being written to by e-mail about their enquiry",
    WayKind.PHONE: "Being called or texted about their enquiry",
}


class WhileWaiting:
    """Listens while staff hold a conversation, within transactions of its caller."""

    def __init__(self, speaker: Speaker, handing_over: HandingOver) -> None:
        self._speaker = speaker
        self._handing_over = handing_over

    async def heard(
        self, transaction: Transaction, conversation: Conversation, message: Message
    ) -> bool:
        """Whether a contact has chosen the bot and written nothing else.

        A way to reach them that they name is kept; what else it says is still read.
        """
        if self._chooses_bot(conversation, message):
            await self._handing_over.hand_back(
                transaction, conversation, through=message.id
            )
            return True
        if conversation.status is Status.WAITING:
            await self._take_ways(transaction, conversation, message)
        elif conversation.offer_bot_at is None:
            conversation.offer_bot_at = offer_bot_at(
                self._speaker.organisation, transaction.now
            )
        return False

    @staticmethod
    def _chooses_bot(conversation: Conversation, message: Message) -> bool:
        """In the bot's name alone; from a staff member only if it was offered."""
        waits = conversation.status is Status.WAITING
        return (waits or conversation.bot_offered_at is not None) and says(
            "bot", message.text
        )

    async def _take_ways(
        self, transaction: Transaction, conversation: Conversation, message: Message
    ) -> None:
        """E-mail addresses are kept unasked; a number may mean anything."""
        asked = conversation.reach_asked_in is not None
        ways = ways_in(message.text)
        if not asked:
            ways = [way for way in ways if way.kind is WayKind.EMAIL]
        if not ways and not (asked and seems_to_name_one(message.text)):
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
        read = f"having read: {asked}" if conversation.reach_asked_in else "unasked"
        for way in ways:
            consent = Consent(
                contact_id=conversation.address.contact_id,
                purpose=PURPOSES[way.kind],
                how=f"Wrote it here, {read}",
                given_at=transaction.now,
                message_id=message.id,
            )
            session.add(consent)
            await session.flush()
            session.add(
                WayToReach(consent_id=consent.id, kind=way.kind, value=way.value)
            )
        transaction.record(EventKind.CONVERSATION_UPDATED, conversation.id)
