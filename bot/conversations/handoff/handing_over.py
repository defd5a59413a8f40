"""From the bot to staff: the change itself, and what the contact is told of it."""

from collections.abc import Sequence
from datetime import datetime

from bot.conversations.handoff.calls import Calls, open_call, own_number
from bot.conversations.handoff.changing import status_changed
from bot.conversations.handoff.emergency_numbers import emergency_numbers
from bot.conversations.handoff.handoff_words import handoff_text
from bot.conversations.handoff.meant_for import mean_for_somebody
from bot.conversations.handoff.waiting_times import offer_bot_at, remind_at
from bot.conversations.live.events import Transaction
from bot.conversations.messages import cancel_everything
from bot.conversations.models import Conversation, Reason, Status
from bot.conversations.opening_hours import closed
from bot.conversations.ports import Author, Citation
from bot.conversations.speaking import Speaker
from bot.phrases import phrase


class HandingOver:
    """Hands conversations over, within transactions that its caller holds."""

    def __init__(self, speaker: Speaker) -> None:
        self._speaker = speaker
        self._calls = Calls(speaker)

    async def hand_off(
        self, transaction: Transaction, conversation: Conversation, reason: str
    ) -> None:
        """Change the status, and tell the contact in words that fit the reason."""
        stopped_before = conversation.address.stopped_at is not None
        await self.change(transaction, conversation, reason)
        if stopped_before and reason != Reason.DISTRESS:
            return
        language = self._speaker.language(conversation)
        words = handoff_text(self._speaker.organisation, reason, language)
        await self.tell(transaction, conversation, words, author=Author.SYSTEM)

    async def change(
        self, transaction: Transaction, conversation: Conversation, reason: str
    ) -> None:
        """The change of status alone."""
        organisation, now = self._speaker.organisation, transaction.now
        conversation.hand_off(reason, now=now)
        conversation.remind_at = remind_at(organisation, now)
        if reason == Reason.ASKED_TO_STOP:
            conversation.address.stopped_at = now
            await cancel_everything(transaction, conversation)
        else:
            conversation.offer_bot_at = offer_bot_at(organisation, now)
        await mean_for_somebody(transaction, conversation)
        if reason == Reason.ASKED_FOR_CALL:
            await self._calls.ask(transaction, conversation)
        await status_changed(transaction, conversation)

    async def hand_back(
        self, transaction: Transaction, conversation: Conversation, *, through: int
    ) -> None:
        """The bot answers what comes after a message; the contact is told so."""
        conversation.hand_back(through=through)
        await status_changed(transaction, conversation)
        if self._speaker.reaches(conversation):
            await self._speaker.say(
                transaction,
                conversation,
                self._speaker.phrase("bot_back", conversation),
                author=Author.SYSTEM,
                said_while=conversation.status,
            )

    async def tell(
        self,
        transaction: Transaction,
        conversation: Conversation,
        words: str,
        *,
        author: Author,
        citations: Sequence[Citation] = (),
        **fields: object,
    ) -> None:
        """Say the words of a handoff, and the truth about when to expect an answer.

        Where nobody is there, the contact is asked how else to reach them; the way back
        to the bot is named. Who wants no messages is told nothing more. In distress,
        what to dial in their country comes first.
        """
        language = self._speaker.language(conversation)
        stops = conversation.handoff_reason == Reason.ASKED_TO_STOP
        words = _with_emergency_number(words, conversation, language)
        sentences = [self._with_hours(words, conversation)]
        call = await open_call(transaction, conversation)
        if call is not None and conversation.handoff_reason == Reason.ASKED_FOR_CALL:
            sentences.append(self._calls.words(call, language))
        asks = self._asks_how_to_reach(conversation, transaction.now)
        if asks:
            sentences.append(phrase("ask_reach", language))
        if conversation.handoff_reason not in {
            Reason.DISTRESS,
            Reason.ASKED_TO_STOP,
        }:
            sentences.append(phrase("bot_meanwhile", language))
        message = await self._speaker.say(
            transaction,
            conversation,
            " ".join(sentences),
            author=author,
            citations=citations,
            said_while=None if stops else Status.WAITING,
            despite_stop=conversation.address.stopped_at is not None,
            **fields,
        )
        conversation.reach_asked_in = message.id if asks else None

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


def _with_emergency_number(
    words: str, conversation: Conversation, language: str
) -> str:
    if conversation.handoff_reason != Reason.DISTRESS:
        return words
    numbers = emergency_numbers(own_number(conversation))
    if numbers is None:
        return words
    sentence = phrase("emergency_number", language, numbers=numbers)
    return f"{words} {sentence}"
