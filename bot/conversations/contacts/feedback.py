"""What contacts think of answers: kept with the answer, and a reason for a person."""

from sqlalchemy import select

from bot.conversations.handoff.handoffs import last_word
from bot.conversations.live.events import Transaction
from bot.conversations.models import (
    Address,
    Conversation,
    EventKind,
    Message,
    Reason,
    Status,
)
from bot.conversations.ports import Outcome
from bot.conversations.service import Conversations
from bot.errors import NotFoundError


async def rate(
    conversations: Conversations,
    channel: str,
    key: str,
    message_id: str,
    *,
    helpful: bool,
) -> None:
    """A contact says whether an answer they got helped; if not, a person is asked.

    Raises:
        NotFoundError: the contact at this address got no such answer.
    """
    async with conversations.events.database.read() as session:
        conversation_id = await session.scalar(
            select(Conversation.public_id)
            .join(Message, Message.conversation_id == Conversation.id)
            .join(Address, Address.id == Conversation.address_id)
            .where(
                Message.public_id == message_id,
                Message.outcome == Outcome.ANSWER,
                Address.channel == channel,
                Address.key == key,
            )
        )
    if conversation_id is None:
        raise NotFoundError(f"there is no answer {message_id}")
    async with conversations.changing(conversation_id) as (transaction, conversation):
        answer = (
            await transaction.session.scalars(
                select(Message).where(Message.public_id == message_id)
            )
        ).one()
        if not _keep(transaction, answer, helpful=helpful):
            return
        if helpful or conversation.status is not Status.BOT:
            return
        if await conversations.crowds.has_room(transaction.session, conversation):
            await conversations.handing_over.hand_off(
                transaction, conversation, Reason.NEGATIVE_FEEDBACK
            )


async def rate_last_word(transaction: Transaction, conversation: Conversation) -> None:
    """The contact has said that the bot's last answer was of no help."""
    answer = await last_word(transaction.session, conversation)
    if answer is not None:
        _keep(transaction, answer, helpful=False)


def _keep(transaction: Transaction, answer: Message, *, helpful: bool) -> bool:
    """Whether this is news."""
    if answer.helpful is helpful:
        return False
    answer.helpful = helpful
    transaction.record(
        EventKind.MESSAGE_RATED, answer.conversation_id, message=answer.id
    )
    return True
