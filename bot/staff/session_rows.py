"""The sessions that are kept, and when they have run out."""

import secrets
from datetime import datetime, timedelta
from hashlib import sha256

from sqlalchemy import ColumnElement, ForeignKey, String, delete, or_
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from bot.database import Base, UtcDateTime
from bot.staff.members import StaffMember

IDLE = timedelta(hours=12)
LONGEST = timedelta(days=7)
TOKEN_BYTES = 32
LONGEST_BROWSER = 200
LONGEST_NETWORK = 60


def _public_id() -> str:
    return secrets.token_hex(10)


class StaffSession(Base):
    """A signed-in browser, as it names itself; of its token only a hash is kept.

    ``proven_at`` is when its holder last proved who they are.
    """

    __tablename__ = "staff_sessions"

    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("staff_members.id"), index=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    seen_at: Mapped[datetime] = mapped_column(UtcDateTime)
    public_id: Mapped[str] = mapped_column(String(32), unique=True, default=_public_id)
    browser: Mapped[str] = mapped_column(String(LONGEST_BROWSER), default="")
    network: Mapped[str] = mapped_column(String(LONGEST_NETWORK), default="")
    proven_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    through_provider: Mapped[bool] = mapped_column(default=False)


async def begin_session(
    session: AsyncSession,
    member: StaffMember,
    *,
    now: datetime,
    network: str,
    browser: str,
    proven_at: datetime | None,
    through_provider: bool = False,
) -> str:
    """The token of a new session; those that have run out go."""
    token = secrets.token_urlsafe(TOKEN_BYTES)
    await session.execute(
        delete(StaffSession).where(
            or_(
                StaffSession.created_at < now - LONGEST,
                StaffSession.seen_at < now - IDLE,
            )
        )
    )
    session.add(
        StaffSession(
            token_hash=token_hash(token),
            member_id=member.id,
            created_at=now,
            seen_at=now,
            browser=browser[:LONGEST_BROWSER],
            network=network[:LONGEST_NETWORK],
            proven_at=proven_at,
            through_provider=through_provider,
        )
    )
    return token


async def end_sessions(session: AsyncSession, member: StaffMember) -> None:
    """Sign a member out everywhere."""
    await session.execute(
        delete(StaffSession).where(StaffSession.member_id == member.id)
    )


def in_time(now: datetime) -> tuple[ColumnElement[bool], ...]:
    """What holds of a session, joined to its member, that has not run out."""
    return (
        StaffSession.created_at > now - LONGEST,
        StaffSession.seen_at > now - IDLE,
        StaffMember.revoked_at.is_(None),
    )


def token_hash(text: str) -> str:
    """What is kept of a token."""
    return sha256(text.encode()).hexdigest()
