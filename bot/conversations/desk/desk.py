"""What staff do beside talking: assign, snooze, note, save replies, the switch."""

from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.dialects import postgresql, sqlite

from bot.conversations.handoff.changing import status_changed
from bot.conversations.handoff.holding import acting_member, log_action
from bot.conversations.live.events import Transaction
from bot.conversations.models import (
    Conversation,
    Emergency,
    EventKind,
    Note,
    ReadMark,
    SavedReply,
    Status,
)
from bot.conversations.service import Conversations
from bot.conversations.threads import newest_message
from bot.errors import ConversationError, StaffError
from bot.staff import StaffMember, staff_member
from bot.staff.audit import write_down
from bot.staff.members import existing_account

LONGEST_TITLE = 80
LONGEST_TEXT = 4000


class Desk:
    """The verbs of staff that contacts do not notice, and the emergency switch."""

    def __init__(self, conversations: Conversations) -> None:
        self._conversations = conversations

    async def assign(self, conversation_id: str, *, to: str, member: str) -> None:
        """Give a conversation to a colleague, or take it from one.

        Raises:
            StaffError: nobody of that name can sign in.
        """
        async with self._conversations.changing(conversation_id) as (
            transaction,
            conversation,
        ):
            session = transaction.session
            who = await staff_member(session, member, now=transaction.now)
            receiver = await existing_account(session, to)
            if not receiver.may_sign_in:
                raise StaffError(f"{receiver.name} cannot sign in")
            await _assign(transaction, conversation, receiver)
            log_action(
                transaction, "assign", conversation, member=who, detail=receiver.name
            )

    async def snooze(
        self, conversation_id: str, *, until: datetime | None, member: str
    ) -> None:
        """Out of sight until a time, or until the contact writes; None ends it."""
        async with self._conversations.changing(conversation_id) as (
            transaction,
            conversation,
        ):
            if until is not None and until <= transaction.now:
                raise ConversationError("that time is over already")
            who = await acting_member(transaction, conversation, member)
            conversation.snooze(until)
            transaction.record(EventKind.CONVERSATION_UPDATED, conversation.id)
            log_action(transaction, "snooze", conversation, member=who)

    async def note(self, conversation_id: str, text: str, *, member: str) -> None:
        """Words for colleagues only; whoever holds the conversation."""
        if not text.strip():
            raise ConversationError("a note needs words")
        async with self._conversations.changing(conversation_id) as (
            transaction,
            conversation,
        ):
            session = transaction.session
            who = await staff_member(session, member, now=transaction.now)
            session.add(
                Note(
                    conversation_id=conversation.id,
                    staff_member_id=who.id,
                    text=text,
                    created_at=transaction.now,
                )
            )
            transaction.record(EventKind.NOTE_CREATED, conversation.id)
            log_action(transaction, "note", conversation, member=who)

    async def mark_read(self, conversation_id: str, *, member_id: int) -> None:
        """A staff member has seen everything said so far."""
        database = self._conversations.events.database
        insert = sqlite.insert if database.sqlite else postgresql.insert
        async with database.write() as session:
            found = await session.scalar(
                select(Conversation).where(Conversation.public_id == conversation_id)
            )
            if found is None:
                return
            newest = await newest_message(session, found)
            await session.execute(
                insert(ReadMark)
                .values(
                    staff_member_id=member_id,
                    conversation_id=found.id,
                    message_id=newest,
                )
                .on_conflict_do_update(
                    index_elements=["staff_member_id", "conversation_id"],
                    set_={"message_id": newest},
                )
            )

    async def save_reply(self, title: str, text: str, *, member_id: int) -> None:
        """Keep words for everybody; the same title again replaces them."""
        title = " ".join(title.split())
        if not title or not text.strip():
            raise ConversationError("a saved reply needs a title and words")
        if len(title) > LONGEST_TITLE or len(text) > LONGEST_TEXT:
            raise ConversationError("the title or the words are too long")
        async with self._conversations.transaction() as transaction:
            found = await transaction.session.scalar(
                select(SavedReply).where(SavedReply.title == title)
            )
            if found is None:
                found = SavedReply(title=title, created_at=transaction.now)
                transaction.session.add(found)
            found.text = text.strip()
            _log(transaction, "save_reply", member_id, detail=title)

    async def delete_reply(self, reply_id: str, *, member_id: int) -> None:
        """Nobody needs these words any more."""
        async with self._conversations.transaction() as transaction:
            title = await transaction.session.scalar(
                delete(SavedReply)
                .where(SavedReply.public_id == reply_id)
                .returning(SavedReply.title)
            )
            if title is not None:
                _log(transaction, "delete_reply", member_id, detail=title)

    async def start_emergency(self, text: str, *, member_id: int) -> None:
        """From now on every contact gets ``text``, and the assistant is not asked."""
        if not text.strip() or len(text) > LONGEST_TEXT:
            raise ConversationError("the fixed reply needs words, at most 4000 letters")
        async with self._conversations.transaction() as transaction:
            emergency = await transaction.session.get(Emergency, 1)
            if emergency is None:
                emergency = Emergency(id=1, since=transaction.now)
                transaction.session.add(emergency)
            emergency.text = text.strip()
            emergency.staff_member_id = member_id
            _log(transaction, "emergency_on", member_id)

    async def end_emergency(self, *, member_id: int) -> None:
        """The assistant answers again."""
        async with self._conversations.transaction() as transaction:
            await transaction.session.execute(delete(Emergency))
            _log(transaction, "emergency_off", member_id)


async def _assign(
    transaction: Transaction, conversation: Conversation, receiver: StaffMember
) -> None:
    before = conversation.status
    conversation.assign(receiver, now=transaction.now)
    if before is Status.STAFF:
        transaction.record(
            EventKind.CONVERSATION_UPDATED, conversation.id, staff_member=receiver.id
        )
        return
    await status_changed(transaction, conversation, staff_member=receiver.id)


def _log(
    transaction: Transaction, action: str, member_id: int, *, detail: str | None = None
) -> None:
    write_down(
        transaction.session,
        action,
        now=transaction.now,
        member_id=member_id,
        detail=detail,
    )
