"""Who may act on a conversation: the one who holds it, and everybody if nobody does."""

from bot.conversations.live.events import Transaction
from bot.conversations.models import Conversation, Status
from bot.errors import ConversationError, TakenError
from bot.staff import StaffMember, staff_member
from bot.staff.audit import write_down


async def acting_member(
    transaction: Transaction, conversation: Conversation, name: str
) -> StaffMember:
    """The staff member of that name, who may act.

    Raises:
        TakenError: somebody else holds the conversation; says who.
    """
    member = await staff_member(transaction.session, name, now=transaction.now)
    if conversation.status is Status.STAFF and conversation.assignee_id != member.id:
        holder = await transaction.session.get(StaffMember, conversation.assignee_id)
        raise TakenError(f"{holder.name if holder else 'Somebody'} has taken it")
    return member


def require_messages_wanted(conversation: Conversation) -> None:
    """Nobody writes to who wants no messages; ``ConversationError`` says so."""
    if conversation.address.stopped_at is not None:
        raise ConversationError(
            "the contact asked for no more messages; nothing reaches them until they "
            "write START"
        )


def log_action(
    transaction: Transaction,
    action: str,
    conversation: Conversation,
    *,
    member: StaffMember | None,
    detail: str | None = None,
) -> None:
    """Put what was done to a conversation into the audit log."""
    write_down(
        transaction.session,
        action,
        now=transaction.now,
        member_id=member.id if member else None,
        subject=conversation.public_id,
        detail=detail,
    )
