"""Slows down who guesses passwords: one account from one network, nobody else."""

from datetime import datetime, timedelta
from hashlib import sha256

from sqlalchemy import String, delete, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from bot.database import Base, UtcDateTime
from bot.network import network_of

FREE_GUESSES = 4
LONGEST_PAUSE = timedelta(minutes=5)
FORGOTTEN_AFTER = timedelta(hours=1)


class SignInGuess(Base):
    """How often an account's password was tried from one network address."""

    __tablename__ = "sign_in_guesses"

    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    count: Mapped[int] = mapped_column()
    wait_until: Mapped[datetime] = mapped_column(UtcDateTime)
    last_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)


async def pause_before_guess(
    session: AsyncSession, name: str, network: str, *, now: datetime
) -> timedelta | None:
    """Count a guess before it is checked; how long to wait if it comes too soon.

    The first few are free, then each doubles the pause. The count belongs to the
    account and the network together: whoever guesses slows down only themselves.
    """
    await session.execute(
        delete(SignInGuess).where(SignInGuess.last_at < now - FORGOTTEN_AFTER)
    )
    key = _key(name, network)
    found = await session.scalar(
        select(SignInGuess).where(SignInGuess.key == key).with_for_update()
    )
    if found is None:
        session.add(SignInGuess(key=key, count=1, wait_until=now, last_at=now))
        return None
    if found.wait_until > now:
        return found.wait_until - now
    found.count += 1
    found.last_at = now
    found.wait_until = now + _pause(found.count)
    return None


async def forget_guesses(session: AsyncSession, name: str, network: str) -> None:
    """The right password was given."""
    await session.execute(
        delete(SignInGuess).where(SignInGuess.key == _key(name, network))
    )


def _pause(count: int) -> timedelta:
    over = count - FREE_GUESSES
    if over < 0:
        return timedelta(0)
    return min(timedelta(seconds=2 ** min(over, 10)), LONGEST_PAUSE)


def _key(name: str, network: str) -> str:
    return sha256(f"{name.strip().lower()}\n{network_of(network)}".encode()).hexdigest()
