"""Where nobody reacts: staff are reminded, the contact is told, and may choose.

Each step is one transaction on a row that only one worker gets, so it happens once.
"""

from datetime import datetime

from sqlalchemy import ColumnElement, delete, exists, select
from sqlalchemy.orm import InstrumentedAttribute

from bot.conversations.handoff.waiting_times import remind_at
from bot.conversations.live.events import Transaction
from bot.conversations.models import (
    CallBack,
    Conversation,
    EventKind,
    ReadMark,
)
from bot.conversations.ports import Author
from bot.conversations.service import Conversations
from bot.conversations.threads import locked

Due = InstrumentedAttribute[datetime | None]


class Overdue:
    """Looks for conversations that wait too long."""

    def __init__(self, conversations: Conversations) -> None:
        self._conversations = conversations
        self._speaker = conversations.speaker

    async def step(self) -> bool:
        """Deal with one conversation; False if none is due."""
        now = self._conversations.clock()
        async with self._conversations.events.database.read() as session:
            due = await session.scalar(
                select(
                    exists().where(
                        _due(Conversation.remind_at, now)
                        | _due(Conversation.offer_bot_at, now)
                    )
                    | exists().where(CallBack.remind_at <= now)
                )
            )
        return bool(due) and (
            await self._remind() or await self._offer() or await self._call()
        )

    async def _remind(self) -> bool:
        """Staff are reminded; the contact is told once, if they want any messages."""
        async with self._conversations.transaction() as transaction:
            conversation = await _claim(transaction, Conversation.remind_at)
            if conversation is None:
                return False
            conversation.remind_at = remind_at(
                self._conversations.organisation, transaction.now
            )
            transaction.record(EventKind.HANDOFF_OVERDUE, conversation.id)
            await transaction.session.execute(
                delete(ReadMark).where(ReadMark.conversation_id == conversation.id)
            )
            if conversation.overdue_since is None:
                conversation.overdue_since = transaction.now
                await self._tell(transaction, conversation, "still_waiting")
            return True

    async def _offer(self) -> bool:
        """The contact may choose the bot again."""
        async with self._conversations.transaction() as transaction:
            conversation = await _claim(transaction, Conversation.offer_bot_at)
            if conversation is None:
                return False
            conversation.offer_bot_at = None
            conversation.bot_offered_at = transaction.now
            await self._tell(transaction, conversation, "bot_again")
            return True

    async def _call(self) -> bool:
        """Staff are reminded of a call that is due."""
        async with self._conversations.transaction() as transaction:
            call = await transaction.session.scalar(
                select(CallBack)
                .where(CallBack.remind_at <= transaction.now)
                .order_by(CallBack.remind_at)
                .limit(1)
                .with_for_update(key_share=True, skip_locked=True)
            )
            if call is None:
                return False
            call.remind_at = None
            transaction.record(EventKind.CALL_BACK_DUE, call.conversation_id)
            return True

    async def _tell(
        self, transaction: Transaction, conversation: Conversation, key: str
    ) -> None:
        """A notice that is true as long as the status stays, where it can arrive."""
        if not self._speaker.reaches(conversation):
            return
        words = self._speaker.with_hours(
            self._speaker.phrase(key, conversation),
            self._speaker.language(conversation),
            channel=conversation.address.channel,
            promise=False,
        )
        await self._speaker.say(
            transaction,
            conversation,
            words,
            author=Author.SYSTEM,
            said_while=conversation.status,
        )


async def _claim(transaction: Transaction, column: Due) -> Conversation | None:
    """The conversation that is due longest, for this transaction alone."""
    return await transaction.session.scalar(
        locked(_due(column, transaction.now))
        .order_by(column)
        .limit(1)
        .with_for_update(of=Conversation, key_share=True, skip_locked=True)
    )


def _due(column: Due, now: datetime) -> ColumnElement[bool]:
    """Whether the time has come; who put it to sleep knows of it."""
    awake = Conversation.snoozed_until.is_(None) | (Conversation.snoozed_until <= now)
    return (column <= now) & awake
