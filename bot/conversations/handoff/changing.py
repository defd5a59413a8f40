"""A change of status: told to whoever follows, and what it makes untrue is not said."""

from bot.conversations.live.events import Transaction
from bot.conversations.messages import cancel_unsent, queue_message
from bot.conversations.models import Conversation, EventKind, Message
from bot.conversations.ports import Author

# Stands where a reply that was read along ends, since somebody took over.
BROKEN_OFF = "…"


async def status_changed(
    transaction: Transaction,
    conversation: Conversation,
    *,
    staff_member: int | None = None,
) -> None:
    """Tell of a change of status; what was to be said before it is not said."""
    await cancel_unsent(transaction, conversation)
    await _keep_what_was_read(transaction, conversation)
    transaction.record(
        EventKind.CONVERSATION_STATUS_CHANGED,
        conversation.id,
        status=conversation.status,
        staff_member=staff_member,
    )


async def _keep_what_was_read(
    transaction: Transaction, conversation: Conversation
) -> None:
    """The beginning of a reply that the contact read along is a message, broken off."""
    text = conversation.said_so_far
    if not text:
        return
    conversation.said_so_far = None
    message = Message(
        conversation_id=conversation.id,
        address_id=conversation.address_id,
        author=Author.BOT,
        text=f"{text} {BROKEN_OFF}",
        created_at=transaction.now,
        provenance={"answerer": "model", "language": conversation.language},
    )
    await queue_message(transaction, message)
