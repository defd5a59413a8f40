"""Which conversations staff mean by a few words, or by a label."""

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import aliased

from bot.conversations.models import (
    Address,
    Contact,
    ContactLabel,
    Conversation,
    ConversationLabel,
    Label,
    Message,
    Note,
)
from bot.conversations.ports import Author


def matching(search: str) -> ColumnElement[bool]:
    """Conversations, joined to their address, where these words occur.

    Looked at are what contacts and staff wrote, notes, the contact's name (also one
    they had before a merge), number and labels; not what the bot says to many.
    """
    said = select(Message.conversation_id).where(
        Message.author.in_((Author.CONTACT, Author.STAFF)),
        Message.text.icontains(search, autoescape=True),
    )
    noted = select(Note.conversation_id).where(
        Note.text.icontains(search, autoescape=True)
    )
    return or_(
        Conversation.id.in_(said),
        Conversation.id.in_(noted),
        known_as(search),
        Conversation.id.in_(_conversations_with(_named(search))),
    )


def known_as(search: str) -> ColumnElement[bool]:
    """Addresses of contacts with that name, number or label."""
    return or_(
        Address.contact_id.in_(_called(search)),
        Address.contact_id.in_(_contacts_with(_named(search))),
        and_(
            Address.channel != "web", Address.sender.contains(search, autoescape=True)
        ),
        Address.public_id.startswith(search.removeprefix("Visitor "), autoescape=True),
    )


def labelled(label_id: str) -> ColumnElement[bool]:
    """Conversations, joined to their address, with a label on them or their contact."""
    label = Label.public_id == label_id
    return or_(
        Conversation.id.in_(_conversations_with(label)),
        Address.contact_id.in_(_contacts_with(label)),
    )


def _called(search: str) -> ColumnElement[int]:
    """Contacts of that name, and those into whom one of that name was merged."""
    former = aliased(Contact)
    return (
        select(Contact.id)
        .outerjoin(former, former.merged_into_id == Contact.id)
        .where(
            or_(
                Contact.name.icontains(search, autoescape=True),
                former.name.icontains(search, autoescape=True),
            )
        )
        .scalar_subquery()
    )


def _named(search: str) -> ColumnElement[bool]:
    return Label.name.icontains(search, autoescape=True)


def _conversations_with(label: ColumnElement[bool]) -> ColumnElement[int]:
    return (
        select(ConversationLabel.conversation_id)
        .join(Label, Label.id == ConversationLabel.label_id)
        .where(label)
        .scalar_subquery()
    )


def _contacts_with(label: ColumnElement[bool]) -> ColumnElement[int]:
    return (
        select(ContactLabel.contact_id)
        .join(Label, Label.id == ContactLabel.label_id)
        .where(label)
        .scalar_subquery()
    )
