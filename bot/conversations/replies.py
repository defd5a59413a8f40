"""The replies that the bot owes: claimed by one worker, written if still wanted."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, exists, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.conversations.events import Transaction
from bot.conversations.handoffs import (
    EMERGENCY,
    emergency_answer,
    emergency_text,
    without_second_refusal,
)
from bot.conversations.models import Conversation, Message, Status
from bot.conversations.ports import Answer, Author, Outcome, Turn
from bot.conversations.service import Conversations
from bot.conversations.threads import contact_of, locked, owed, remember

LEASE = timedelta(seconds=60)
ATTEMPTS = 3
PAUSE_AFTER_FAILURE = timedelta(seconds=2)
TURNS_SEEN = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplyClaim:
    """A conversation that owes a reply, as it stood when this worker claimed it."""

    conversation_id: int
    epoch: int
    through: int
    question: str
    media_only: bool
    earlier: tuple[Turn, ...]
    language: str | None
    facts: Mapping[str, str]
    attempts: int
    emergency: str | None = None


class Replies:
    """Claims, finishes and gives up the bot's replies."""

    def __init__(self, conversations: Conversations) -> None:
        self._conversations = conversations
        self._speaker = conversations.speaker
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
            return await _read_claim(transaction, conversation)

    async def finish(self, claim: ReplyClaim, answer: Answer) -> bool:
        """Store the answer, unless the conversation has moved on since the claim."""
        async with self._events.transaction(self._conversations.clock()) as transaction:
            conversation = await _still_claimed(transaction, claim)
            if conversation is None:
                return False
            answer = await self._settled(transaction, conversation, answer)
            conversation.language = answer.provenance.language
            await remember(transaction, conversation, answer.understood)
            if answer.outcome is Outcome.HANDOFF:
                await self._conversations.hand_off_within(
                    transaction, conversation, answer.handoff_reason or "assistant"
                )
            await self._store(transaction, conversation, claim, answer)
            await _settle(transaction, conversation, claim)
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
            await self._conversations.hand_off_within(
                transaction, conversation, "assistant_failed"
            )
            conversation.answered_through = claim.through
            text = self._speaker.handoff("handoff_failed", conversation)
            await self._speaker.say(
                transaction, conversation, text, author=Author.SYSTEM
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
        if answer.outcome is Outcome.HANDOFF:
            text = self._speaker.with_hours(text, answer.provenance.language)
        address = conversation.address
        fixed = answer.provenance.answerer == EMERGENCY
        if address.greeted_at is None and not fixed:
            address.greeted_at = transaction.now
            greeting = self._speaker.greeting(answer.provenance.language)
            text = greeting if answer.is_greeting else f"{greeting}\n\n{text}"
        await self._speaker.say(
            transaction,
            conversation,
            text,
            author=Author.BOT,
            in_reply_to=claim.through,
            citations=answer.citations,
            outcome=answer.outcome,
            provenance=answer.kept,
        )


async def next_reply_due(session: AsyncSession, now: datetime) -> datetime | None:
    """When the first of the replies falls due that nobody has claimed."""
    due: datetime | None = await session.scalar(
        select(func.min(Conversation.reply_due_at)).where(*_unclaimed(now))
    )
    return due


def _unclaimed(now: datetime) -> tuple[ColumnElement[bool], ...]:
    return (
        Conversation.status == Status.BOT,
        (Conversation.lease_until.is_(None)) | (Conversation.lease_until < now),
    )


async def _claim_row(transaction: Transaction) -> int | None:
    now = transaction.now
    due = (
        select(Conversation.id)
        .where(*_unclaimed(now), Conversation.reply_due_at <= now)
        .order_by(Conversation.reply_due_at, Conversation.id)
        .limit(1)
        .with_for_update(skip_locked=True, key_share=True)
    )
    return await transaction.session.scalar(
        update(Conversation)
        .where(Conversation.id.in_(due.scalar_subquery()))
        .values(lease_until=now + LEASE, epoch=Conversation.epoch + 1)
        .returning(Conversation.id)
    )


async def _read_claim(
    transaction: Transaction, conversation: Conversation
) -> ReplyClaim | None:
    rows = (
        await transaction.session.scalars(
            select(Message)
            .where(Message.conversation_id == conversation.id)
            .order_by(Message.id.desc())
            .limit(TURNS_SEEN)
        )
    ).all()[::-1]
    burst = [row for row in rows if _wants_reply(row, conversation)]
    if not burst:
        conversation.reply_due_at = None
        conversation.lease_until = None
        return None
    words = [row.text for row in burst if row.text.strip()]
    return ReplyClaim(
        conversation_id=conversation.id,
        epoch=conversation.epoch,
        through=burst[-1].id,
        question="\n".join(words),
        media_only=not words and any(row.media_count for row in burst),
        earlier=_turns(rows, before=burst[0].id),
        language=conversation.language,
        facts=(await contact_of(transaction, conversation)).facts,
        attempts=conversation.attempts,
        emergency=await emergency_text(transaction.session),
    )


def _wants_reply(message: Message, conversation: Conversation) -> bool:
    return (
        message.author is Author.CONTACT
        and message.wants_reply
        and message.id > conversation.answered_through
    )


def _turns(rows: Sequence[Message], *, before: int) -> tuple[Turn, ...]:
    return tuple(
        Turn(row.author, row.text)
        for row in rows
        if row.id < before and row.author is not Author.SYSTEM and row.text.strip()
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
