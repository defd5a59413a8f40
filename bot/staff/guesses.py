"""Slows down who guesses passwords, and nobody whose browser is known."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from ipaddress import IPv6Network

from sqlalchemy import String, delete
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from bot.database import Base, UtcDateTime
from bot.network import network_of

# An account from one network or known browser; from anywhere; any from one network.
FREE_GUESSES = 4
FREE_FOR_ACCOUNT = 10
FREE_FOR_NETWORK = 20
LONGEST_PAUSE = timedelta(minutes=5)
FORGOTTEN_AFTER = timedelta(hours=1)
# Who is given IPv6 is often given a block of this length, which holds many networks.
IPV6_BLOCK = 48


class SignInGuess(Base):
    """How often something was tried; the key is a hash of what and from where."""

    __tablename__ = "sign_in_guesses"

    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    count: Mapped[int] = mapped_column()
    wait_until: Mapped[datetime] = mapped_column(UtcDateTime)
    last_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """What guesses are counted by, and how many of them cost nothing."""

    key: str
    free: int
    # The right password takes one guess back from a network, not those of others.
    shared: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Whence:
    """Where somebody asks from; ``known`` names a browser that the account is known in.

    Guesses in a known browser are counted by themselves, so that nobody elsewhere can
    keep its owner out.
    """

    network: str
    known: str = ""

    def counted(self, name: str) -> tuple[Counted, ...]:
        """What a guess at the password of an account counts for."""
        account = name.strip().lower()
        if self.known:
            return (_counted(f"{account}\nknown {self.known}", FREE_GUESSES),)
        near, wide = network_of(self.network), _block(self.network)
        return (
            _counted(f"{account}\n{near}", FREE_GUESSES),
            _counted(f"account {account}", FREE_FOR_ACCOUNT),
            _counted(f"network {wide}", FREE_FOR_NETWORK, shared=True),
        )


def codes_of(member_id: int) -> tuple[Counted, ...]:
    """What a guess at a code of somebody counts for, whose password was right."""
    return (_counted(f"code {member_id}", FREE_GUESSES),)


async def pause_before_guess(
    session: AsyncSession, counted: Sequence[Counted], *, now: datetime
) -> timedelta | None:
    """Count a guess before it is checked; how long to wait if it comes too soon.

    The first few are free, then each doubles the pause.
    """
    await session.execute(
        delete(SignInGuess).where(SignInGuess.last_at < now - FORGOTTEN_AFTER)
    )
    rows = [row async for row in _locked(session, counted, now)]
    pause = max(row.wait_until - now for row in rows)
    if pause > timedelta(0):
        return pause
    for row, what in zip(rows, counted, strict=True):
        row.count += 1
        row.last_at = now
        row.wait_until = now + _pause(row.count - what.free)
    return None


async def forget_guesses(
    session: AsyncSession, counted: Sequence[Counted], *, now: datetime
) -> None:
    """The guess was right."""
    for what in counted:
        found = await session.get(SignInGuess, what.key, with_for_update=True)
        if found is None:
            continue
        if what.shared:
            found.count = max(0, found.count - 1)
            found.wait_until = now + _pause(found.count - what.free)
        else:
            await session.delete(found)


async def _locked(
    session: AsyncSession, counted: Sequence[Counted], now: datetime
) -> AsyncIterator[SignInGuess]:
    for what in counted:
        found = await session.get(SignInGuess, what.key, with_for_update=True)
        if found is None:
            new = SignInGuess(key=what.key, count=0, wait_until=now, last_at=now)
            try:
                async with session.begin_nested():
                    session.add(new)
                found = new
            except IntegrityError:
                # Written down by another transaction at this moment.
                found = await session.get_one(
                    SignInGuess, what.key, with_for_update=True
                )
        yield found


def _pause(over: int) -> timedelta:
    if over < 0:
        return timedelta(0)
    return min(timedelta(seconds=2 ** min(over, 10)), LONGEST_PAUSE)


def _counted(what: str, free: int, *, shared: bool = False) -> Counted:
    return Counted(key=sha256(what.encode()).hexdigest(), free=free, shared=shared)


def _block(address: str) -> str:
    near = network_of(address)
    if not near.endswith("/64"):
        return near
    return str(IPv6Network(near).supernet(new_prefix=IPV6_BLOCK))
