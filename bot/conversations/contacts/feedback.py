"""What contacts think of answers: kept with the answer, and a person is offered."""

from sqlalchemy import select

from bot.conversations.handoff.handoffs import UNHELPFUL, last_word, unhelpful_answer
from bot.conversations.live.events import Transaction
from bot.conversations.models import (
    Address,
    Conversation,
    EventKind,
    Message,
    Status,
)
from bot.conversations.ports import Author, Outcome
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
    """A contact says whether an answer they got helped; if not, a person is offered.

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
        if not helpful and conversation.status is Status.BOT:
            await _offer_person(conversations, transaction, conversation)


async def _offer_person(
    conversations: Conversations, transaction: Transaction, conversation: Conversation
) -> None:
    """Once: a yes to it brings a person, and everything else is answered as before."""
    last = await last_word(transaction.session, conversation)
    if last is None or (last.provenance or {}).get("reason") == UNHELPFUL:
        return
    offer = unhelpful_answer(conversations.speaker.language(conversation))
    await conversations.speaker.say(
        transaction,
        conversation,
        offer.text,
        author=Author.BOT,
        outcome=offer.outcome,
        provenance=offer.kept,
    )


async def rate_last_word(
    transaction: Transaction, conversation: Conversation, *, helpful: bool
) -> None:
    """The contact has said whether the bot's last answer helped."""
    answer = await last_word(transaction.session, conversation)
    if answer is not None:
        _keep(transaction, answer, helpful=helpful)


def _keep(transaction: Transaction, answer: Message, *, helpful: bool) -> bool:
    """Whether this is news."""
    if answer.helpful is helpful:
        return False
    answer.helpful = helpful
    transaction.record(
        EventKind.MESSAGE_RATED, answer.conversation_id, message=answer.id
    )
    return True
