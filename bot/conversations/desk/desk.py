"""What staff do beside talking: assign, snooze, note, save replies, the switch."""

from datetime import datetime

from sqlalchemy import delete, select

from bot.conversations.desk.mentions import colleagues_named
from bot.conversations.handoff.changing import status_changed
from bot.conversations.handoff.holding import acting_member, log_action
from bot.conversations.live.events import Transaction
from bot.conversations.models import (
    Conversation,
    Emergency,
    EventKind,
    Mention,
    Note,
    SavedReply,
    Status,
)
from bot.conversations.service import Conversations
from bot.errors import ConversationError, NotFoundError, StaffError
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
            who = await staff_member(transaction.session, member, now=transaction.now)
            await assign_within(transaction, conversation, to, by=who)

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
            note = Note(
                conversation_id=conversation.id,
                staff_member_id=who.id,
                text=text,
                created_at=transaction.now,
            )
            session.add(note)
            await session.flush()
            named = await colleagues_named(session, text)
            session.add_all(
                Mention(note_id=note.id, staff_member_id=one.id) for one in named
            )
            transaction.record(EventKind.NOTE_CREATED, conversation.id)
            log_action(transaction, "note", conversation, member=who)

    async def save_reply(self, title: str, text: str, *, member_id: int) -> None:
        """Keep words for everybody; the same title again replaces them."""
        title, text = _titled(title, text)
        async with self._conversations.transaction() as transaction:
            found = await transaction.session.scalar(
                select(SavedReply).where(SavedReply.title == title)
            )
            if found is None:
                found = SavedReply(title=title, created_at=transaction.now)
                transaction.session.add(found)
            found.text = text
            _log(transaction, "save_reply", member_id, detail=title)

    async def edit_reply(
        self, reply_id: str, title: str, text: str, *, was: str, member_id: int
    ) -> None:
        """Other words for a saved reply, or another title.

        Raises:
            ConversationError: it is not as it ``was`` when the page was opened.
        """
        title, text = _titled(title, text)
        async with self._conversations.transaction() as transaction:
            session = transaction.session
            found = await session.scalar(
                select(SavedReply).where(SavedReply.public_id == reply_id)
            )
            if found is None:
                raise NotFoundError("that reply was deleted meanwhile")
            if found.text != was.strip():
                raise ConversationError(
                    "somebody has changed these words meanwhile; copy yours, load the "
                    "page again and compare"
                )
            named = select(SavedReply.id).where(SavedReply.title == title)
            if await session.scalar(named.where(SavedReply.id != found.id)):
                raise ConversationError("another saved reply has that title")
            found.title, found.text = title, text
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


def _titled(title: str, text: str) -> tuple[str, str]:
    title, text = " ".join(title.split()), text.strip()
    if not title or not text:
        raise ConversationError("a saved reply needs a title and words")
    if len(title) > LONGEST_TITLE or len(text) > LONGEST_TEXT:
        raise ConversationError("the title or the words are too long")
    return title, text


async def assign_within(
    transaction: Transaction, conversation: Conversation, to: str, *, by: StaffMember
) -> StaffMember:
    """Give it to whoever has that name, within a transaction under way."""
    receiver = await existing_account(transaction.session, to)
    if not receiver.may_sign_in:
        raise StaffError(f"{receiver.name} cannot sign in")
    before = conversation.status
    conversation.assign(receiver, now=transaction.now)
    if before is Status.STAFF:
        transaction.record(
            EventKind.CONVERSATION_UPDATED, conversation.id, staff_member=receiver.id
        )
    else:
        await status_changed(transaction, conversation, staff_member=receiver.id)
    log_action(transaction, "assign", conversation, member=by, detail=receiver.name)
    return receiver


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
