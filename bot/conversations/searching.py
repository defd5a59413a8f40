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
    named = Label.name.icontains(search, autoescape=True)
    return or_(
        Conversation.id.in_(said),
        Conversation.id.in_(noted),
        Address.contact_id.in_(called(search)),
        and_(
            Address.channel != "web", Address.sender.contains(search, autoescape=True)
        ),
        Address.public_id.startswith(search.removeprefix("Visitor "), autoescape=True),
        _carrying(named),
    )


def labelled(label_id: str) -> ColumnElement[bool]:
    """Conversations, joined to their address, with a label on them or their contact."""
    return _carrying(Label.public_id == label_id)


def called(search: str) -> ColumnElement[int]:
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


def _carrying(label: ColumnElement[bool]) -> ColumnElement[bool]:
    conversations = (
        select(ConversationLabel.conversation_id)
        .join(Label, Label.id == ConversationLabel.label_id)
        .where(label)
    )
    contacts = (
        select(ContactLabel.contact_id)
        .join(Label, Label.id == ContactLabel.label_id)
        .where(label)
    )
    return or_(Conversation.id.in_(conversations), Address.contact_id.in_(contacts))
