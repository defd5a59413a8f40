"""Who the staff are."""

from datetime import datetime

from sqlalchemy import String, select
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
    found = await session.scalar(select(StaffMember).where(StaffMember.name == name))
    if found is None:
        found = StaffMember(name=name, created_at=now)
        session.add(found)
        await session.flush()
    return found
