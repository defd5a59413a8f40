"""Forgets the contacts who confirmed in their chat that they want to be forgotten.

Whoever has written since, is held by staff or was merged is left to a person: nothing
goes that nobody has read, or that may be somebody else's.
"""

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from datetime import timedelta

from sqlalchemy import exists, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.conversations.contacts.contact_file import found_contact
from bot.conversations.contacts.erasing import erase_within
from bot.conversations.contacts.traces import everybody_merged, locked_with_everything
from bot.conversations.handoff.own_data import OwnDataWords
from bot.conversations.live.events import Transaction
from bot.conversations.models import (
    OPEN_DELIVERIES,
    Address,
    Contact,
    Conversation,
    Delivery,
    Message,
    Reason,
    Status,
)
from bot.conversations.ports import Author
from bot.conversations.service import Conversations
from bot.conversations.states import URGENT
from bot.conversations.threads import locked
from bot.errors import ConversationError
from bot.logs import get_logger
from bot.staff.audit import write_down

EVERY_SECONDS = 15.0
# The last word has so long to be read where the page is open, and to leave elsewhere.
READ_WITHIN, LEFT_WITHIN = timedelta(seconds=30), timedelta(minutes=15)
AT_ONCE = 20
# Nobody else writes while the database is written anew: as often as that at most.
WRITTEN_ANEW_EVERY = timedelta(hours=1)

log = get_logger()


class AskedErasures:
    """Erases them once the last word to them has left."""

    def __init__(self, conversations: Conversations) -> None:
        self._conversations = conversations
        self._words = OwnDataWords(conversations.speaker)
        self._stale = False
        self._next_rewrite = conversations.clock()

    async def run(self) -> None:
        """Work until cancelled."""
        while True:
            try:
                await self.enforce()
            except Exception:
                log.exception("asked_erasures_failed")
            await asyncio.sleep(EVERY_SECONDS)

    async def enforce(self) -> None:
        """Erase everybody whose turn it is, or leave it to staff."""
        for contact_id in await self._due():
            with suppress(ConversationError):  # met at its next turn
                self._stale |= await self._settle(contact_id)
        await self._rewrite()

    async def _rewrite(self) -> None:
        """Between rows nothing erased stays: at once, or when the hour is over."""
        now = self._conversations.clock()
        if not self._stale or now < self._next_rewrite:
            return
        self._next_rewrite = now + WRITTEN_ANEW_EVERY
        self._stale = not await self._conversations.events.database.rewrite()
        if self._stale:
            log.warning("database_not_rewritten")

    async def _due(self) -> Sequence[str]:
        now = self._conversations.clock()
        on_its_way = exists().where(
            Delivery.conversation_id == Conversation.id,
            Conversation.address_id == Address.id,
            Address.contact_id == Contact.id,
            Delivery.state.in_(OPEN_DELIVERIES),
        )
        async with self._conversations.events.database.read() as session:
            found = await session.scalars(
                select(Contact.public_id)
                .where(
                    Contact.erasure_asked_at <= now - READ_WITHIN,
                    Contact.erased_at.is_(None),
                    or_(~on_its_way, Contact.erasure_asked_at <= now - LEFT_WITHIN),
                )
                .order_by(Contact.erasure_asked_at)
                .limit(AT_ONCE)
            )
            return found.all()

    async def _settle(self, contact_id: str) -> bool:
        """Erase or leave to staff; whether something was erased."""
        async with self._conversations.transaction() as transaction:
            session = transaction.session
            found = await found_contact(session, contact_id)
            contact = await locked_with_everything(session, found.public_id)
            everybody = await everybody_merged(session, contact)
            asked = next(one for one in everybody if one.public_id == contact_id)
            conversation = await _asked_in(session, asked)
            if conversation is not None and conversation.bot_is_replying:
                return False  # what they wrote since is read first
            if len(everybody) == 1 and await _is_still_meant(session, contact):
                await erase_within(transaction, contact, member_id=None)
                log.info("contact_erased_as_asked")
                return True
            asked.erasure_asked_at = None
            write_down(
                session,
                "erasure_left_to_staff",
                now=transaction.now,
                member_id=None,
                subject=contact.public_id,
            )
            if conversation is not None:
                await self._leave_to_staff(transaction, conversation)
            log.info("erasure_left_to_staff")
            return False

    async def _leave_to_staff(
        self, transaction: Transaction, conversation: Conversation
    ) -> None:
        if conversation.status is Status.RESOLVED:
            conversation.assignee_id = conversation.handoff_reason = None
            conversation.reopen()
        if conversation.status is Status.BOT:
            await self._conversations.handing_over.hand_off(
                transaction, conversation, Reason.ASKED_ABOUT_DATA
            )
        elif conversation.handoff_reason not in URGENT:  # who needs help hears no more
            await self._words.to_staff(transaction, conversation)


async def _is_still_meant(session: AsyncSession, contact: Contact) -> bool:
    """Whether there is one address, nothing was written since, and nobody holds it."""
    addresses = (
        await session.scalars(select(Address).where(Address.contact_id == contact.id))
    ).all()
    held = exists().where(
        Conversation.address_id == Address.id,
        Address.contact_id == contact.id,
        Conversation.status.in_((Status.WAITING, Status.STAFF)),
    )
    asked = contact.erasure_asked_at
    if len(addresses) != 1 or asked is None or await session.scalar(select(held)):
        return False
    last = addresses[0].last_inbound_at
    return last is None or last <= asked


async def _asked_in(session: AsyncSession, asked: Contact) -> Conversation | None:
    """The newest conversation, an open one first, of the address that asked."""
    addresses = select(Message.address_id).where(
        Message.created_at == asked.erasure_asked_at,
        Message.author == Author.CONTACT,
        Message.address_id.in_(
            select(Address.id).where(
                Address.contact_id == (asked.merged_into_id or asked.id)
            )
        ),
    )
    found: Conversation | None = await session.scalar(
        locked(Conversation.address_id.in_(addresses))
        .order_by(Conversation.status == Status.RESOLVED, Conversation.id.desc())
        .limit(1)
    )
    return found
