"""Whoever is signed in proves again who they are, before what cannot be undone."""

from sqlalchemy import update

from bot.errors import SignInError
from bot.staff.audit import write_down
from bot.staff.guesses import Whence
from bot.staff.proof import proven
from bot.staff.second_step import has_second_step
from bot.staff.session_rows import StaffSession, token_hash
from bot.staff.sessions import Sessions, SignedIn

DIGITS_OF_A_CODE = 6
WRONG = "That is neither your password nor a code of yours."


def whence_of(who: SignedIn) -> Whence:
    """Guesses of who is signed in are counted by their session alone."""
    return Whence(network="", known=f"session {token_hash(who.token)}")


async def prove_again(sessions: Sessions, who: SignedIn, given: str) -> None:
    """Take a password, or a code of somebody who has an authenticator.

    Raises:
        SignInError: it is neither.
        TooManyGuessesError: too soon after wrong guesses.
    """
    digits = "".join(given.split())
    if len(digits) == DIGITS_OF_A_CODE and digits.isdecimal():
        async with sessions.database.read() as session:
            has_one = await has_second_step(session, who.member_id)
        if not has_one:
            raise SignInError(WRONG)
        await sessions.require_code(who.member_id, digits)
    else:
        await _require_password(sessions, who, given)
    now = sessions.clock()
    async with sessions.database.write() as session:
        await session.execute(
            update(StaffSession)
            .where(StaffSession.token_hash == token_hash(who.token))
            .values(proven_at=now)
        )
        write_down(session, "proved_again", now=now, member_id=who.member_id)


async def _require_password(sessions: Sessions, who: SignedIn, given: str) -> None:
    await proven(
        sessions.database,
        sessions.passwords,
        who.name,
        given,
        whence=whence_of(who),
        now=sessions.clock(),
    )
