"""Somebody proves with a password that an account is theirs; guesses are slowed."""

from datetime import datetime

from bot.database import Database
from bot.errors import SignInError, TooManyGuessesError
from bot.network import network_of
from bot.staff.guesses import Whence, forget_guesses, pause_before_guess
from bot.staff.members import StaffMember, account, keep_password_hash
from bot.staff.passwords import Passwords


async def proven(
    database: Database,
    passwords: Passwords,
    name: str,
    password: str,
    *,
    whence: Whence,
    now: datetime,
) -> StaffMember:
    """The member to whom name and password belong.

    Raises:
        SignInError: they do not belong together.
        TooManyGuessesError: too soon after wrong guesses.
    """
    counted = whence.counted(name)
    async with database.write() as session:
        pause = await pause_before_guess(session, counted, now=now)
        member = await account(session, name)
    if pause is not None:
        raise TooManyGuessesError(pause.total_seconds())
    stored = member.password_hash if member and member.may_sign_in else None
    right, better = await passwords.check(
        password,
        stored,
        whence=whence.known or network_of(whence.network),
        known=bool(whence.known),
    )
    if member is None or not right:
        raise SignInError("This name and password do not belong together.")
    async with database.write() as session:
        await forget_guesses(session, counted, now=now)
        if better:
            await keep_password_hash(session, member, better)
    return member
