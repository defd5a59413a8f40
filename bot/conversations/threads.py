"""Finding and opening what a message belongs to: address, contact, conversation."""

from collections.abc import Mapping

from sqlalchemy import ColumnElement, Select, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import joinedload

from bot.conversations.live.events import Transaction
from bot.conversations.models import (
    Address,
    Contact,
    Conversation,
    EventKind,
    Message,
    Status,
)
from bot.conversations.ports import Author, Inbound
from bot.conversations.spoken.spellings import spellings
from bot.errors import ConflictError
from bot.staff import StaffMember

# How ids of staff's words begin. A contact's may not: a visitor, who chooses them,
# could otherwise make a colleague's reply look as if it had been sent before.
STAFF_IDS = "staff "


def locked(condition: ColumnElement[bool]) -> Select[Conversation]:
    """A conversation with its address, locked until the transaction ends.

    The lock leaves the key free (``FOR NO KEY UPDATE``): a row that refers to the
    conversation, an event for example, can be added elsewhere without a deadlock.
    """
    return (
        select(Conversation)
        .where(condition)
        .options(joinedload(Conversation.address))
        .with_for_update(of=Conversation, key_share=True)
        .execution_options(populate_existing=True)
    )


def owed(conversation: Conversation) -> tuple[ColumnElement[bool], ...]:
    """The contact's messages that have had no reply."""
    return (
        Message.conversation_id == conversation.id,
        Message.author == Author.CONTACT,
        Message.wants_reply.is_(True),
        Message.id > conversation.answered_through,
    )


async def address_of(transaction: Transaction, inbound: Inbound) -> Address:
    """The address a message came from, matched by either of its names, or a new one.

    The channel's own user id wins over the sender where both are known but differ. A
    number that can be written in two ways is one, the way it is written now first.
    """
    senders = spellings(inbound.sender)
    names = [name for name in (inbound.external_user_id, *senders) if name]
    on_channel = Address.channel == inbound.channel
    rows = await transaction.session.scalars(
        # Each way has an index of its own that begins with the channel.
        select(Address)
        .where(
            or_(
                on_channel & Address.key.in_(names),
                on_channel & Address.external_user_id.in_(names),
                on_channel & Address.sender.in_(senders),
            )
        )
        .order_by((Address.sender == inbound.sender).desc(), Address.id)
        # Whoever erases the contact at this moment is waited for: then it is gone.
        .with_for_update(key_share=True)
    )
    found = rows.all()
    user_id = inbound.external_user_id
    by_user = [row for row in found if user_id and row.external_user_id == user_id]
    # A sender that belongs to another known user id is somebody else by now.
    free = [row for row in found if not (user_id and row.external_user_id)]
    address = next(iter((*by_user, *free)), None)
    if address is None:
        address = await new_address(
            transaction,
            inbound.channel,
            key=user_id or inbound.sender,
            sender=inbound.sender,
            external_user_id=user_id,
        )
    address.network = inbound.network
    address.sender = inbound.sender
    address.external_user_id = user_id or address.external_user_id
    return address


async def new_address(
    transaction: Transaction,
    channel: str,
    *,
    key: str,
    sender: str,
    external_user_id: str | None = None,
) -> Address:
    """A contact nobody has met before, at this address."""
    session = transaction.session
    contact = Contact(created_at=transaction.now)
    session.add(contact)
    await session.flush()
    address = Address(
        contact_id=contact.id,
        channel=channel,
        key=key,
        sender=sender,
        external_user_id=external_user_id,
        created_at=transaction.now,
    )
    session.add(address)
    await session.flush()
    return address


async def contact_of(transaction: Transaction, conversation: Conversation) -> Contact:
    """The person who writes in a conversation."""
    return await transaction.session.get_one(
        Contact, conversation.address.contact_id, populate_existing=True
    )


async def remember(
    transaction: Transaction,
    conversation: Conversation,
    understood: Mapping[str, str | None],
) -> None:
    """Keep with the contact what they said of their plans."""
    if understood:
        contact = await transaction.session.get_one(
            Contact,
            conversation.address.contact_id,
            populate_existing=True,
            with_for_update={"key_share": True},
        )
        contact.learn(understood)


async def open_conversation(transaction: Transaction, address: Address) -> Conversation:
    """The address's open conversation, locked, or a new one."""
    found = await transaction.session.scalar(
        locked(
            (Conversation.address_id == address.id)
            & (Conversation.status != Status.RESOLVED)
        )
    )
    return found or await new_conversation(transaction, address)


async def new_conversation(transaction: Transaction, address: Address) -> Conversation:
    """A conversation that the bot holds."""
    conversation = Conversation(
        address_id=address.id, address=address, created_at=transaction.now
    )
    transaction.session.add(conversation)
    await transaction.session.flush()
    transaction.record(EventKind.CONVERSATION_CREATED, conversation.id)
    return conversation


async def same_message(
    session: AsyncSession, address: Address, inbound: Inbound
) -> tuple[Message, str] | None:
    """The message that this one repeats, and the public id of its conversation."""
    rows = await session.execute(
        select(Message, Conversation.public_id)
        .join(Conversation, Conversation.id == Message.conversation_id)
        .where(
            Message.address_id == address.id,
            Message.external_id == inbound.external_id,
        )
    )
    found = rows.one_or_none()
    return found and (found[0], found[1])


async def newest_message(session: AsyncSession, conversation: Conversation) -> int:
    """The id of the conversation's last message, or 0."""
    newest = await session.scalar(
        select(Message.id)
        .where(Message.conversation_id == conversation.id)
        .order_by(Message.id.desc())
        .limit(1)
    )
    return newest or 0


def staff_message_id(member: StaffMember, client_id: str | None) -> str | None:
    """What a page's or program's own id of a staff member's words is kept as."""
    return client_id and f"{STAFF_IDS}{member.id} {client_id}"


async def said_before(
    session: AsyncSession,
    conversation: Conversation,
    external_id: str | None,
    text: str,
) -> Message | None:
    """The message with this id that was stored for the conversation's address.

    Raises:
        ConflictError: it has another text.
    """
    found = external_id and await session.scalar(
        select(Message).where(
            Message.address_id == conversation.address_id,
            Message.external_id == external_id,
        )
    )
    if found and found.text != text:
        raise ConflictError("a reply with this id was sent already, in other words")
    return found or None
