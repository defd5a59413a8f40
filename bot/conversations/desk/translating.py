"""Translations for staff: of what was written to them, and of what they will send."""

from sqlalchemy import select, update

from bot.conversations.desk.drafting import require_reply_possible
from bot.conversations.handoff.holding import log_action
from bot.conversations.models import EventKind, Message
from bot.conversations.ports import Author
from bot.conversations.service import Conversations
from bot.conversations.staff_help import StaffHelp, Written
from bot.errors import ConversationError, ModelError, NotFoundError
from bot.staff import staff_member


async def translate_message(
    conversations: Conversations,
    help_: StaffHelp,
    conversation_id: str,
    message_id: str,
    *,
    member: str,
) -> None:
    """Keep with a message what it says in the language that staff read.

    Whoever may read it may: nothing is sent. The same message again is not asked for.

    Raises:
        NotFoundError: there is no such message in the conversation.
        ConversationError: the model did not translate it; says why.
    """
    async with conversations.changing(conversation_id) as (transaction, conversation):
        session = transaction.session
        message = await session.scalar(
            select(Message).where(
                Message.public_id == message_id,
                Message.conversation_id == conversation.id,
                Message.author != Author.SYSTEM,
            )
        )
        if message is None or not message.text.strip():
            raise NotFoundError(f"there is no message {message_id} to translate")
        if message.translation is not None:
            return
        who = await staff_member(session, member, now=transaction.now)
        log_action(transaction, "translate", conversation, member=who)
        text, row = message.text, message.id
    written = await _translated(help_, text, into=own_language(conversations))
    async with conversations.changing(conversation_id) as (transaction, conversation):
        # Not if it has been erased meanwhile.
        await transaction.session.execute(
            update(Message)
            .where(Message.id == row, Message.text == text)
            .values(translation=_kept(written))
        )
        transaction.record(EventKind.CONVERSATION_UPDATED, conversation.id)


async def translate_reply(
    conversations: Conversations,
    help_: StaffHelp,
    conversation_id: str,
    text: str,
    *,
    member: str,
) -> Written:
    """What a staff member has typed, in the contact's language; it is not sent.

    Raises:
        ConversationError: they may not reply, the contact writes their language, or
            the model did not translate it.
    """
    if not text.strip():
        raise ConversationError("write your reply first, then have it translated")
    async with conversations.changing(conversation_id) as (transaction, conversation):
        who = await require_reply_possible(transaction, conversation, member)
        into = reply_language(conversations, conversation.language)
        if into is None:
            raise ConversationError("the contact writes the language that you write")
        log_action(transaction, "translate", conversation, member=who)
    return await _translated(help_, text, into=into)


def own_language(conversations: Conversations) -> str:
    """The language that staff read and write: the first of the organisation's."""
    return conversations.organisation.languages[0]


def reply_language(conversations: Conversations, language: str | None) -> str | None:
    """The contact's language, where it is another one than that of staff."""
    return None if language in {None, own_language(conversations)} else language


async def _translated(help_: StaffHelp, text: str, *, into: str) -> Written:
    try:
        return await help_.translate(text, into=into)
    except ModelError as error:
        raise ConversationError(
            f"the model did not translate it ({error}); try again in a moment"
        ) from error


def _kept(written: Written) -> dict[str, object]:
    return {
        "text": written.text,
        "doubts": list(written.doubts),
        "model": written.model,
        "prompt_version": written.prompt_version,
    }
