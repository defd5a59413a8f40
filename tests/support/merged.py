"""A contact that was merged into one who came later."""

from sqlalchemy import Select, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.conversations.models import Address, Contact


async def merge_into_newer(session: AsyncSession, older: str, newer: str) -> None:
    """The contact of one address leads on to the contact of another."""

    def of(address: str) -> Select[int]:
        return select(Address.contact_id).where(Address.sender == address)

    first, second = await session.scalar(of(older)), await session.scalar(of(newer))
    assert first is not None
    assert second is not None
    assert first < second
    leads_on = update(Contact).where(Contact.id == first)
    await session.execute(leads_on.values(merged_into_id=second))
