"""A member changes their own password, which they have to know."""

from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.database import Database
from bot.errors import SignInError, StaffError, TooManyGuessesError
from bot.staff.audit import write_down
from bot.staff.members import StaffMember, keep_password_hash
from bot.staff.passwords import Passwords
from bot.staff.proof import proven
from bot.staff.proving_again import whence_of
from bot.staff.sessions import SignedIn
from bot.staff.signed_in import end_sessions_elsewhere


@dataclass(frozen=True, slots=True, kw_only=True)
class PasswordChange:
    """The password that holds, and twice the one that is to hold."""

    current: str = field(repr=False)
    new: str = field(repr=False)
    again: str = field(repr=False)


async def has_password(session: AsyncSession, who: SignedIn) -> bool:
    """Whether somebody can sign in with a password at all."""
    stored = select(StaffMember.password_hash).where(StaffMember.id == who.member_id)
    return await session.scalar(stored) is not None


async def change_own_password(
    database: Database,
    passwords: Passwords,
    who: SignedIn,
    change: PasswordChange,
    *,
    now: datetime,
) -> None:
    """From now on the new one holds; whoever is signed in elsewhere is signed out.

    Raises:
        StaffError: the current one is wrong, or the new one cannot be used.
        TooManyGuessesError: too soon after wrong guesses from this network.
    """
    if change.new != change.again:
        raise StaffError("the two new passwords are not the same; nothing was changed")
    try:
        member = await proven(
            database,
            passwords,
            who.name,
            change.current,
            whence=whence_of(who),
            now=now,
        )
    except TooManyGuessesError:
        raise
    except SignInError as error:
        problem = "that is not your current password; nothing was changed"
        raise StaffError(problem) from error
    hashed = await passwords.hash(change.new, about=[who.name])
    async with database.write() as session:
        await keep_password_hash(session, member, hashed)
        await end_sessions_elsewhere(session, who)
        write_down(session, "password_changed", now=now, member_id=who.member_id)
