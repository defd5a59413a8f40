"""The replies that the bot owes: claimed by one worker, written if still wanted."""

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, case, exists, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.clock import SKEW, has_come
from bot.conversations.contacts.feedback import rate_last_word
from bot.conversations.handoff.handoffs import (
    EMERGENCY,
    emergency_answer,
    emergency_text,
    without_second_refusal,
)
from bot.conversations.live.events import Transaction
from bot.conversations.models import Conversation, Reason, Status
from bot.conversations.ports import Answer, Author, Outcome
from bot.conversations.service import Conversations
from bot.conversations.threads import locked, owed, remember
from bot.conversations.working.reply_claims import ATTEMPTS, ReplyClaim, read_claim

LEASE = timedelta(seconds=60)
PAUSE_AFTER_FAILURE = timedelta(seconds=2)
# No channel waits longer than this for a contact to stop writing.
LONGEST_PUT_OFF = timedelta(seconds=5)


class Replies:
    """Claims, finishes and gives up the bot's replies."""

    def __init__(self, conversations: Conversations) -> None:
        self._conversations = conversations
        self._speaker = conversations.speaker
        self._handing_over = conversations.handing_over
        self._events = conversations.events

    async def claim(self) -> ReplyClaim | None:
        """The conversation whose reply is due longest, if any is."""
        async with self._events.transaction(self._conversations.clock()) as transaction:
            conversation_id = await _claim_row(transaction)
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
            if answer.handoff_reason == Reason.NEGATIVE_FEEDBACK:
                await rate_last_word(transaction, conversation)
            await remember(transaction, conversation, answer.understood)
            if answer.outcome is Outcome.HANDOFF:
                await self._handing_over.change(
                    transaction, conversation, answer.handoff_reason or "assistant"
                )
            await self._store(transaction, conversation, claim, answer)
            await _settle(transaction, conversation, claim)
            return True

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
            conversation.answered_through = claim.through
            await self._handing_over.hand_off(
                transaction, conversation, Reason.ASSISTANT_FAILED
            )

    async def _settled(
        self, transaction: Transaction, conversation: Conversation, answer: Answer
    ) -> Answer:
        """The answer as it may go out: not in an emergency, and no second refusal."""
        fixed = await emergency_text(transaction.session)
        if fixed is not None:
            return emergency_answer(fixed, language=answer.provenance.language)
        return await without_second_refusal(transaction, conversation, answer)

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


async def next_reply_due(session: AsyncSession, now: datetime) -> datetime | None:
    """When the first of the replies falls due that nobody has claimed."""
    due: datetime | None = await session.scalar(
        select(func.min(Conversation.reply_due_at)).where(*_unclaimed(now))
    )
    return now if due and due > now + LONGEST_PUT_OFF + SKEW else due


def _unclaimed(now: datetime) -> tuple[ColumnElement[bool], ...]:
    return (
        Conversation.status == Status.BOT,
        Conversation.lease_until.is_(None)
        | has_come(Conversation.lease_until, now, longest=LEASE),
    )


async def _claim_row(transaction: Transaction) -> int | None:
    """Claim one; whoever let a lease run out over it has failed without a word."""
    now = transaction.now
    attempts = Conversation.attempts
    vanished = Conversation.lease_until.is_not(None)
    due = (
        select(Conversation.id)
        .where(
            *_unclaimed(now),
            has_come(Conversation.reply_due_at, now, longest=LONGEST_PUT_OFF),
        )
        .order_by(Conversation.reply_due_at, Conversation.id)
        .limit(1)
        .with_for_update(skip_locked=True, key_share=True)
    )
    return await transaction.session.scalar(
        update(Conversation)
        .where(Conversation.id == due.scalar_subquery())
        .values(
            lease_until=now + LEASE,
            epoch=Conversation.epoch + 1,
            attempts=case((vanished, attempts + 1), else_=attempts),
        )
        .returning(Conversation.id)
    )


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
