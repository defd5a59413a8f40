"""The replies that the bot owes: claimed by one worker, written if still wanted."""

from dataclasses import replace
from datetime import timedelta

from sqlalchemy import exists, select, update

from bot.conversations.contacts.feedback import rate_last_word
from bot.conversations.handoff.calls import Calls
from bot.conversations.handoff.handoff_words import handoff_text
from bot.conversations.handoff.handoffs import (
    EMERGENCY,
    HELPFUL,
    UNHELPFUL,
    emergency_answer,
    emergency_text,
)
from bot.conversations.handoff.meanwhile import Meanwhile
from bot.conversations.handoff.own_data import OwnDataWords
from bot.conversations.live.events import Transaction
from bot.conversations.models import Conversation, Reason, Status
from bot.conversations.outbox.deliveries import LEASE
from bot.conversations.ports import Answer, Author, Outcome
from bot.conversations.service import Conversations
from bot.conversations.threads import locked, owed, remember
from bot.conversations.working.due_replies import claim_row
from bot.conversations.working.reply_claims import (
    ATTEMPTS,
    ReplyClaim,
    read_claim,
)
from bot.conversations.working.taking_turns import Turns

PAUSE_AFTER_FAILURE = timedelta(seconds=2)


class Replies:
    """Claims, finishes and gives up the bot's replies."""

    def __init__(self, conversations: Conversations) -> None:
        self._conversations = conversations
        self._speaker = conversations.speaker
        self._handing_over = conversations.handing_over
        self._meanwhile = Meanwhile(self._speaker, self._handing_over)
        self._calls = Calls(self._speaker)
        self._own_data = OwnDataWords(self._speaker)
        self._events = conversations.events

    async def claim(self, turns: Turns) -> ReplyClaim | None:
        """Of those whose turn it is, the conversation whose reply is due longest."""
        async with self._events.transaction(self._conversations.clock()) as transaction:
            conversation_id = await claim_row(transaction, turns)
            if conversation_id is None:
                return None
            conversation = await transaction.session.scalar(
                locked(Conversation.id == conversation_id)
            )
            if conversation is None:
                return None
            return await read_claim(transaction, conversation)

    async def finish(self, claim: ReplyClaim, answer: Answer) -> bool:
        """Store the answer, unless the conversation has moved on since the claim."""
        async with self._events.transaction(self._conversations.clock()) as transaction:
            conversation = await _still_claimed(transaction, claim)
            if conversation is None:
                return False
            answer = await self._settled(transaction, conversation, answer)
            conversation.said_so_far = None
            conversation.language = answer.provenance.language
            opinion = answer.provenance.reason
            if opinion in {HELPFUL, UNHELPFUL}:
                helped = opinion == HELPFUL
                await rate_last_word(transaction, conversation, helpful=helped)
            await remember(transaction, conversation, answer.understood)
            if conversation.status is Status.WAITING:
                await self._meanwhile.keep(
                    transaction,
                    conversation,
                    answer,
                    text=claim.question,
                    through=claim.through,
                )
            elif not await self._changed_call(transaction, conversation, claim, answer):
                await self._reply(transaction, conversation, claim, answer)
            await _settle(transaction, conversation, claim)
            return True

    async def _changed_call(
        self,
        transaction: Transaction,
        conversation: Conversation,
        claim: ReplyClaim,
        answer: Answer,
    ) -> bool:
        """Whether it was about a call that the contact waits for, and is dealt with."""
        return await self._calls.heard(
            transaction,
            conversation,
            claim.question,
            through=claim.through,
            wish=answer.handoff_reason,
        )

    async def _reply(
        self,
        transaction: Transaction,
        conversation: Conversation,
        claim: ReplyClaim,
        answer: Answer,
    ) -> None:
        if answer.outcome is Outcome.HANDOFF:
            await self._handing_over.change(
                transaction, conversation, answer.handoff_reason or "assistant"
            )
        await self._store(transaction, conversation, claim, answer)

    async def tell(self, claim: ReplyClaim, text: str, *, language: str) -> bool:
        """Let the contact read how the reply begins, unless somebody has taken over."""
        async with self._events.transaction(self._conversations.clock()) as transaction:
            conversation = await _still_claimed(transaction, claim)
            if conversation is None or await emergency_text(transaction.session):
                return False
            conversation.language = language
            if conversation.address.greeted_at is None:
                text = self._greeted(text, language)
            conversation.said_so_far = text
            conversation_id = conversation.public_id
        await self._conversations.presence.bot_writes(conversation_id)
        return True

    async def renew(self, claim: ReplyClaim) -> None:
        """It is still being worked on; unless somebody else has it by now."""
        now = self._conversations.clock()
        async with self._events.database.write() as session:
            await session.execute(
                update(Conversation)
                .where(
                    Conversation.id == claim.conversation_id,
                    Conversation.epoch == claim.epoch,
                )
                .values(lease_until=now + LEASE)
            )

    async def fail(self, claim: ReplyClaim) -> None:
        """Try again soon; after a few times a person has to do it."""
        async with self._events.transaction(self._conversations.clock()) as transaction:
            conversation = await _still_claimed(transaction, claim)
            if conversation is None:
                return
            conversation.attempts += 1
            conversation.lease_until = None
            if conversation.attempts < ATTEMPTS:
                conversation.reply_due_at = transaction.now + PAUSE_AFTER_FAILURE
                return
            await _settle(transaction, conversation, claim)
            if conversation.status is Status.BOT:
                await self._handing_over.hand_off(
                    transaction, conversation, Reason.ASSISTANT_FAILED
                )

    async def _settled(
        self, transaction: Transaction, conversation: Conversation, answer: Answer
    ) -> Answer:
        """The answer as it may go out: nobody becomes the hundredth in the line.

        In an emergency only the words of a handoff are said.
        """
        fixed = await emergency_text(transaction.session)
        if fixed is None:
            if conversation.status is Status.WAITING:
                return answer
            answer = await self._own_data.within(transaction, conversation, answer)
            crowds = self._conversations.crowds
            return await crowds.within(transaction.session, conversation, answer)
        language = answer.provenance.language
        if answer.outcome is not Outcome.HANDOFF:
            return emergency_answer(fixed, language=language)
        reason = answer.handoff_reason or ""
        words = handoff_text(self._speaker.organisation, reason, language)
        return replace(answer, text=words, citations=(), choices=())

    async def _store(
        self,
        transaction: Transaction,
        conversation: Conversation,
        claim: ReplyClaim,
        answer: Answer,
    ) -> None:
        text = answer.text
        address = conversation.address
        fixed = answer.provenance.answerer == EMERGENCY
        if address.greeted_at is None and not fixed:
            address.greeted_at = transaction.now
            text = self._greeted(
                "" if answer.is_greeting else text, answer.provenance.language
            )
        handoff = answer.outcome is Outcome.HANDOFF
        say = self._handing_over.tell if handoff else self._speaker.say
        await say(
            transaction,
            conversation,
            text,
            author=Author.BOT,
            in_reply_to=claim.through,
            citations=answer.citations,
            outcome=answer.outcome,
            provenance=answer.kept,
        )

    def _greeted(self, text: str, language: str) -> str:
        """A reply behind the greeting, which may be all there is."""
        return f"{self._speaker.greeting(language)}\n\n{text}".strip()


async def _still_claimed(
    transaction: Transaction, claim: ReplyClaim
) -> Conversation | None:
    return await transaction.session.scalar(
        locked(
            (Conversation.id == claim.conversation_id)
            & (Conversation.epoch == claim.epoch)
        )
    )


async def _settle(
    transaction: Transaction, conversation: Conversation, claim: ReplyClaim
) -> None:
    conversation.answered_through = claim.through
    conversation.lease_until = None
    conversation.attempts = 0
    more = await transaction.session.scalar(select(exists().where(*owed(conversation))))
    if not more:
        conversation.reply_due_at = None
