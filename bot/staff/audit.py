"""What staff did, and when: written with what it tells of, never changed."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ForeignKey, String, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, joinedload, mapped_column, relationship

from bot.database import Base, UtcDateTime
from bot.staff.members import StaffMember


class AuditEntry(Base):
    """One thing that somebody did; ``member_id`` is empty for the terminal's user.

    ``subject`` is the public id of what it was done to; no contact's words are kept.
    """

    __tablename__ = "audit_entries"

    id: Mapped[int] = mapped_column(primary_key=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    member_id: Mapped[int | None] = mapped_column(ForeignKey("staff_members.id"))
    action: Mapped[str] = mapped_column(String(40))
    subject: Mapped[str | None] = mapped_column(String(60))
    detail: Mapped[str | None] = mapped_column(String(200))

    member: Mapped[StaffMember | None] = relationship(lazy="raise")


def write_down(
    session: AsyncSession,
    action: str,
    *,
    now: datetime,
    member_id: int | None = None,
    subject: str | None = None,
    detail: str | None = None,
) -> None:
    """Put an action into the log, within the transaction that does it."""
    session.add(
        AuditEntry(
            created_at=now,
            member_id=member_id,
            action=action,
            subject=subject,
            detail=detail,
        )
    )


async def audit_log(session: AsyncSession, *, limit: int) -> Sequence[AuditEntry]:
    """The newest entries first, with who did it."""
    rows = await session.scalars(
        select(AuditEntry)
        .options(joinedload(AuditEntry.member))
        .order_by(AuditEntry.id.desc())
        .limit(limit)
    )
    return rows.all()
