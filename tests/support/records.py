"""What a server has stored, for tests that look behind what can be seen."""

from sqlalchemy import select

from bot.conversations.models import Address, Delivery, Message
from bot.conversations.ports import Author
from bot.database import Database


async def messages(
    database: Database, *, author: Author | None = Author.CONTACT
) -> list[Message]:
    """Messages of one author, or of all, in the order in which they were stored."""
    query = select(Message).order_by(Message.id)
    if author is not None:
        query = query.where(Message.author == author)
    async with database.read() as session:
        return list(await session.scalars(query))


async def deliveries(database: Database) -> list[Delivery]:
    """Every delivery, oldest first."""
    async with database.read() as session:
        return list(await session.scalars(select(Delivery).order_by(Delivery.id)))


async def addresses(database: Database) -> list[Address]:
    """Every address, oldest first."""
    async with database.read() as session:
        return list(await session.scalars(select(Address).order_by(Address.id)))
