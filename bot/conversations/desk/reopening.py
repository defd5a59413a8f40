"""A resolve is taken back: nothing that was said is lost, and nothing leaves twice."""

from datetime import datetime, timedelta

from sqlalchemy import exists, select, update
from sqlalchemy.exc import IntegrityError

from bot.conversations.handoff.changing import status_changed
from bot.conversations.handoff.holding import log_action
from bot.conversations.handoff.waiting_times import offer_bot_at, remind_at
from bot.conversations.live.events import Transaction
from bot.conversations.models import (
    Address,
    Conversation,
    Delivery,
    DeliveryState,
    Event,
    EventKind,
    Message,
    Status,
)
from bot.conversations.outbox.deliveries import MAY_LEAVE
from bot.conversations.service import Conversations
from bot.conversations.threads import owed
from bot.errors import ConversationError
from bot.organisation import Organisation
from bot.staff import StaffMember, staff_member

# So soon after, it is as if nothing had been done: what was held back leaves after all.
SOON = timedelta(minutes=1)
WROTE_SINCE = "the contact has written since; their new conversation is open"


async def reopen(
    conversations: Conversations, conversation_id: str, *, member: str
) -> None:
    """Open a conversation again, as it was before it was resolved.

    Raises:
        ConversationError: it is open, or a newer one with the contact is.
    """
    async with conversations.changing(conversation_id) as (transaction, conversation):
        who = await staff_member(transaction.session, member, now=transaction.now)
        await open_again(transaction, conversation, who, conversations=conversations)
        log_action(transaction, "reopen", conversation, member=who)


async def open_again(
    transaction: Transaction,
    conversation: Conversation,
    who: StaffMember,
    *,
    conversations: Conversations,
) -> None:
    """The change itself, with what the resolve had held back if that was just now."""
    resolved_at, now = conversation.resolved_at, transaction.now
    conversation.reopen()
    await _hold_by_somebody(transaction, conversation, who)
    await _require_no_newer(transaction, conversation)
    await status_changed(transaction, conversation, staff_member=_holder(conversation))
    soon = resolved_at is not None and now - resolved_at <= SOON
    if resolved_at is not None and soon:
        await _let_go_what_was_held_back(transaction, conversation, resolved_at)
    if soon or conversation.status is Status.WAITING:
        await go_on(transaction, conversation, conversations.organisation)


async def go_on(
    transaction: Transaction, conversation: Conversation, organisation: Organisation
) -> None:
    """Whoever waits is not forgotten; the bot answers what it had not answered yet."""
    now = transaction.now
    if conversation.status is Status.WAITING:
        conversation.remind_at = remind_at(organisation, now)
        conversation.offer_bot_at = offer_bot_at(organisation, now)
    if conversation.status is Status.BOT and await transaction.session.scalar(
        select(exists().where(*owed(conversation)))
    ):
        conversation.reply_due_at = now


async def _hold_by_somebody(
    transaction: Transaction, conversation: Conversation, who: StaffMember
) -> None:
    """Whoever has left since holds nothing: then who opens it again does."""
    if conversation.status is not Status.STAFF:
        return
    holder = await transaction.session.get(StaffMember, conversation.assignee_id)
    if holder is None or holder.revoked_at is not None:
        conversation.assignee_id = who.id


async def _require_no_newer(
    transaction: Transaction, conversation: Conversation
) -> None:
    newer = exists().where(
        Conversation.address_id == conversation.address_id,
        Conversation.id != conversation.id,
        Conversation.status != Status.RESOLVED,
    )
    with transaction.session.no_autoflush:
        if await transaction.session.scalar(select(newer)):
            raise ConversationError(WROTE_SINCE)
    try:
        await transaction.session.flush()
    except IntegrityError as error:  # they write at this moment
        raise ConversationError(WROTE_SINCE) from error


async def _let_go_what_was_held_back(
    transaction: Transaction, conversation: Conversation, resolved_at: datetime
) -> None:
    """Deliveries that the resolve cancelled, as far as they are still true."""
    held_back = (
        select(Delivery.id)
        .join(Event, Event.delivery_id == Delivery.id)
        .join(Message, Message.id == Delivery.message_id)
        .join(Conversation, Conversation.id == Delivery.conversation_id)
        .join(Address, Address.id == Conversation.address_id)
        .where(
            Conversation.id == conversation.id,
            Delivery.state == DeliveryState.CANCELLED,
            Event.kind == EventKind.DELIVERY_UPDATED,
            Event.created_at == resolved_at,
            MAY_LEAVE,
        )
    )
    let_go = await transaction.session.execute(
        update(Delivery)
        .where(Delivery.id.in_(held_back))
        .values(state=DeliveryState.PENDING)
        .returning(Delivery.id)
    )
    for (delivery_id,) in let_go.all():
        transaction.record(
            EventKind.DELIVERY_UPDATED, conversation.id, delivery=delivery_id
        )


def _holder(conversation: Conversation) -> int | None:
    return conversation.assignee_id if conversation.status is Status.STAFF else None
