"""What staff change about a contact: name, plans, labels, consents."""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from bot.conversations.live.events import Transaction
from bot.conversations.models import (
    Address,
    Consent,
    Contact,
    ContactLabel,
    Conversation,
    ConversationLabel,
    EventKind,
    Label,
)
from bot.conversations.service import Conversations
from bot.errors import ConversationError, NotFoundError
from bot.staff.audit import write_down

# What is remembered of a contact's plans.
FACTS = (
    "destination", "level", "subject", "budget", "intake", "from", "score", "marks",
)  # fmt: skip
LONGEST_NAME = 100
LONGEST_FACT = 100
LONGEST_LABEL = 40
LONGEST_PURPOSE = 200
LONGEST_HOW = 1000


class Contacts:
    """The verbs of the contact page; who acts is a staff member's id."""

    def __init__(self, conversations: Conversations) -> None:
        self._conversations = conversations

    async def rename(self, contact_id: str, name: str, *, member_id: int) -> None:
        """What staff call a contact from now on; nothing takes the name away."""
        name = _short(name, LONGEST_NAME, "a name")
        async with self.changing(contact_id) as (transaction, contact):
            contact.name = name or None
            log_contact(transaction, "contact_named", contact, member_id=member_id)

    async def correct_facts(
        self, contact_id: str, facts: Mapping[str, str], *, member_id: int
    ) -> None:
        """What the contact plans, as staff know it; an empty value forgets one."""
        told = {
            name: _short(value, LONGEST_FACT, name) or None
            for name, value in facts.items()
            if name in FACTS
        }
        async with self.changing(contact_id) as (transaction, contact):
            contact.learn(told)
            log_contact(transaction, "facts_corrected", contact, member_id=member_id)

    async def label_contact(
        self, contact_id: str, labels: Sequence[str], *, member_id: int
    ) -> None:
        """The contact has these labels, by their ids, and no others."""
        async with self.changing(contact_id) as (transaction, contact):
            session = transaction.session
            await session.execute(
                delete(ContactLabel).where(ContactLabel.contact_id == contact.id)
            )
            session.add_all(
                ContactLabel(contact_id=contact.id, label_id=label)
                for label in await _label_ids(session, labels)
            )
            log_contact(transaction, "contact_labelled", contact, member_id=member_id)

    async def label_conversation(
        self, conversation_id: str, labels: Sequence[str], *, member_id: int
    ) -> None:
        """The conversation has these labels, by their ids, and no others."""
        async with self._conversations.changing(conversation_id) as (
            transaction,
            conversation,
        ):
            session = transaction.session
            await session.execute(
                delete(ConversationLabel).where(
                    ConversationLabel.conversation_id == conversation.id
                )
            )
            session.add_all(
                ConversationLabel(conversation_id=conversation.id, label_id=label)
                for label in await _label_ids(session, labels)
            )
            transaction.record(EventKind.CONVERSATION_UPDATED, conversation.id)
            write_down(
                session,
                "conversation_labelled",
                now=transaction.now,
                member_id=member_id,
                subject=conversation.public_id,
            )

    async def record_consent(
        self, contact_id: str, purpose: str, how: str, *, member_id: int
    ) -> None:
        """Write down what a contact agreed to, and how they said so."""
        purpose = _short(purpose, LONGEST_PURPOSE, "what they agreed to")
        how = _short(how, LONGEST_HOW, "how they said so")
        if not purpose or not how:
            raise ConversationError("say what they agreed to, and how they said so")
        async with self.changing(contact_id) as (transaction, contact):
            transaction.session.add(
                Consent(
                    contact_id=contact.id,
                    purpose=purpose,
                    how=how,
                    given_at=transaction.now,
                    staff_member_id=member_id,
                )
            )
            log_contact(transaction, "consent_given", contact, member_id=member_id)

    async def withdraw_consent(
        self, contact_id: str, consent_id: str, *, member_id: int
    ) -> None:
        """They no longer agree; that they did stays on record."""
        async with self.changing(contact_id) as (transaction, contact):
            found = await transaction.session.scalar(
                select(Consent).where(
                    Consent.public_id == consent_id, Consent.contact_id == contact.id
                )
            )
            if found is None:
                raise NotFoundError("there is no such consent of this contact")
            if found.withdrawn_at is None:
                found.withdrawn_at = transaction.now
                log_contact(
                    transaction, "consent_withdrawn", contact, member_id=member_id
                )

    async def add_label(self, name: str, *, member_id: int) -> None:
        """Another word for the list that staff choose from."""
        name = _short(name, LONGEST_LABEL, "a label")
        if not name:
            raise ConversationError("a label needs a name")
        async with self._conversations.transaction() as transaction:
            try:
                async with transaction.session.begin_nested():
                    transaction.session.add(Label(name=name))
            except IntegrityError as error:
                raise ConversationError(f"there is a label {name} already") from error
            write_down(
                transaction.session,
                "label_added",
                now=transaction.now,
                member_id=member_id,
                detail=name,
            )

    async def delete_label(self, label_id: str, *, member_id: int) -> None:
        """Take a word off the list, and off whatever it was put on."""
        async with self._conversations.transaction() as transaction:
            session = transaction.session
            label = await session.scalar(
                select(Label).where(Label.public_id == label_id).with_for_update()
            )
            if label is None:
                return
            for table in (ContactLabel, ConversationLabel):
                await session.execute(delete(table).where(table.label_id == label.id))
            await session.delete(label)
            write_down(
                session,
                "label_deleted",
                now=transaction.now,
                member_id=member_id,
                detail=label.name,
            )

    @asynccontextmanager
    async def changing(
        self, contact_id: str
    ) -> AsyncIterator[tuple[Transaction, Contact]]:
        """A transaction with the contact, locked; ``NotFoundError`` if none is left."""
        async with self._conversations.transaction() as transaction:
            contact = await locked_contact(transaction.session, contact_id)
            yield transaction, contact
            await tell_of_contact(transaction, contact)


async def locked_contact(session: AsyncSession, contact_id: str) -> Contact:
    """The contact that an id means, merged or not, locked until the end."""
    condition = Contact.public_id == contact_id
    while True:
        contact = await session.scalar(
            select(Contact)
            .where(condition)
            .with_for_update(key_share=True)
            .execution_options(populate_existing=True)
        )
        if contact is None or contact.erased_at is not None:
            raise NotFoundError(f"there is no contact {contact_id}")
        if contact.merged_into_id is None:
            return contact
        condition = Contact.id == contact.merged_into_id


async def tell_of_contact(transaction: Transaction, contact: Contact) -> None:
    """Tell whoever shows one of the contact's conversations that there is news."""
    newest = await transaction.session.scalar(
        select(Conversation.id)
        .join(Address, Address.id == Conversation.address_id)
        .where(Address.contact_id == contact.id)
        .order_by(Conversation.id.desc())
        .limit(1)
    )
    if newest is not None:
        transaction.record(EventKind.CONVERSATION_UPDATED, newest)


def log_contact(
    transaction: Transaction, action: str, contact: Contact, *, member_id: int | None
) -> None:
    """Put what was done to a contact into the audit log, without any of their words."""
    write_down(
        transaction.session,
        action,
        now=transaction.now,
        member_id=member_id,
        subject=contact.public_id,
    )


async def _label_ids(session: AsyncSession, labels: Sequence[str]) -> Sequence[int]:
    rows = await session.scalars(
        select(Label.id)
        .where(Label.public_id.in_(labels))
        .order_by(Label.id)
        .with_for_update(read=True)
    )
    return rows.all()


def _short(text: str, longest: int, what: str) -> str:
    text = " ".join(text.split())
    if len(text) > longest:
        raise ConversationError(f"{what} has at most {longest} letters")
    return text
