"""Which contact is behind a conversation, and the ids of labels."""

from sqlalchemy import select

from bot.conversations.models import Address, Contact, Conversation, Label
from bot.database import Database


async def contact_of(database: Database, conversation_id: str) -> str:
    """The public id of a conversation's contact."""
    async with database.read() as session:
        return (
            await session.scalars(
                select(Contact.public_id)
                .join(Address, Address.contact_id == Contact.id)
                .join(Conversation, Conversation.address_id == Address.id)
                .where(Conversation.public_id == conversation_id)
            )
        ).one()


async def label_id(database: Database, name: str) -> str:
    """The public id of a label."""
    async with database.read() as session:
        return (
            await session.scalars(select(Label.public_id).where(Label.name == name))
        ).one()
