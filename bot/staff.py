"""Who the staff are."""

from datetime import datetime

from sqlalchemy import String, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from bot.database import Base, UtcDateTime


class StaffMember(Base):
    """Somebody who answers enquiries."""

    __tablename__ = "staff_members"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(200), unique=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)


async def staff_member(
    session: AsyncSession, name: str, *, now: datetime
) -> StaffMember:
    """The member of that name, who is written down on first use."""
    by_name = select(StaffMember).where(StaffMember.name == name)
    found = await session.scalar(by_name)
    if found is not None:
        return found
    new = StaffMember(name=name, created_at=now)
    try:
        async with session.begin_nested():
            session.add(new)
    except IntegrityError:
        # Written down by another transaction at this moment.
        return (await session.scalars(by_name)).one()
    return new
