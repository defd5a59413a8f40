"""A code after the password: taken once, guessed slowly, no use without the key."""

import pyotp
import pytest
from sqlalchemy import select

from bot.database import Database
from bot.errors import SecondStepError, SignInError, TooManyGuessesError
from bot.staff import Role, SecondStep
from bot.staff.members import add_account, existing_account
from bot.staff.passwords import Passwords
from bot.staff.sealing import Seal
from bot.staff.second_step import (
    code_is_right,
    confirm_secret,
    new_recovery_codes,
    new_secret,
    secret_of,
)
from bot.staff.sessions import LONGEST_BETWEEN, Sessions, SignInRules
from tests.support.clock import Clock
from tests.support.dump import dump

PASSWORD = "correct horse battery"
SEAL = Seal("a key for tests")


class Ana:
    """Somebody with an account, and a telephone that shows codes."""

    def __init__(self, sessions: Sessions, clock: Clock) -> None:
        self.sessions, self.clock = sessions, clock
        self.secret, self.id = "", 0
        self.on_paper: list[str] = []

    @property
    def code(self) -> str:
        return pyotp.TOTP(self.secret).at(self.clock())

    async def set_up(self) -> None:
        database, now = self.sessions.database, self.clock()
        async with database.write() as session:
            self.id = (await existing_account(session, "Ana")).id
            await new_secret(session, self.id, seal=SEAL, now=now)
        async with database.write() as session:
            secret = await secret_of(session, self.id, seal=SEAL, now=now)
            assert secret is not None
            self.secret = secret
            codes = await confirm_secret(
                session, self.id, self.code, seal=SEAL, now=now
            )
            assert codes is not None
            self.on_paper = [*codes]
        self.clock.advance(30)

    async def password(self) -> str:
        """What is given to whoever knows the password."""
        with pytest.raises(SecondStepError) as caught:
            await self.sessions.sign_in("Ana", PASSWORD, network="n")
        return caught.value.started

    async def sign_in(self, code: str) -> str:
        started = await self.password()
        return await self.sessions.second_step(started, code, network="n")


@pytest.fixture
async def ana(database: Database, clock: Clock) -> Ana:
    hashed = await Passwords().hash(PASSWORD)
    async with database.write() as session:
        await add_account(
            session, "Ana", role=Role.ADMIN, password_hash=hashed, now=clock()
        )
    rules = SignInRules(second_step=frozenset({Role.ADMIN}))
    found = Ana(Sessions(database, clock=clock, seal=SEAL, rules=rules), clock)
    await found.set_up()
    return found


async def test_a_code_signs_in_once_and_the_next_one_again(
    ana: Ana, clock: Clock
) -> None:
    who = await ana.sessions.signed_in(await ana.sign_in(ana.code))
    assert who is not None
    assert not who.owes_second_step
    with pytest.raises(SignInError, match="no code of yours"):
        await ana.sign_in(ana.code)
    clock.advance(30)
    await ana.sign_in(f"{ana.code[:3]} {ana.code[3:]}")


async def test_a_telephone_may_be_one_code_late_and_no_more(
    ana: Ana, clock: Clock
) -> None:
    clock.advance(300)
    code = ana.code
    clock.advance(60)
    with pytest.raises(SignInError):
        await ana.sign_in(code)
    code = ana.code
    clock.advance(30)
    await ana.sign_in(code)


async def test_codes_are_guessed_slowly(ana: Ana, clock: Clock) -> None:
    for _ in range(4):
        with pytest.raises(SignInError):
            await ana.sign_in("no code")
    with pytest.raises(TooManyGuessesError):
        await ana.sign_in(ana.code)
    clock.advance(2)
    await ana.sign_in(ana.code)


async def test_a_code_on_paper_is_taken_once_and_not_after_new_ones(
    ana: Ana, database: Database
) -> None:
    assert len(set(ana.on_paper)) == 8
    await ana.sign_in(ana.on_paper[0].upper())
    with pytest.raises(SignInError):
        await ana.sign_in(ana.on_paper[0])
    async with database.write() as session:
        fresh = await new_recovery_codes(session, ana.id, seal=SEAL)
    with pytest.raises(SignInError):
        await ana.sign_in(ana.on_paper[1])
    await ana.sign_in(fresh[0])


async def test_the_database_alone_makes_no_code(
    ana: Ana, database: Database, clock: Clock
) -> None:
    whole = await dump(database)
    assert ana.secret not in whole
    assert not any(code in whole for code in ana.on_paper)
    other = Seal("another key")
    async with database.write() as session:
        rows = (await session.scalars(select(SecondStep.secret))).all()
        assert [other.opened(one, now=clock()) for one in rows] == [None]
        for code in (ana.code, ana.on_paper[0]):
            assert not await code_is_right(
                session, ana.id, code, seal=other, now=clock()
            )


async def test_who_takes_too_long_or_forges_gives_the_password_again(
    ana: Ana, clock: Clock
) -> None:
    started = await ana.password()
    clock.advance(LONGEST_BETWEEN.total_seconds() + 1)
    for one in (started, "forged", Seal("another key").sealed("1", now=clock())):
        with pytest.raises(SignInError, match="took too long"):
            await ana.sessions.second_step(one, ana.code, network="n")


async def test_a_secret_that_counts_is_neither_shown_nor_replaced(
    ana: Ana, database: Database, clock: Clock
) -> None:
    async with database.write() as session:
        await new_secret(session, ana.id, seal=SEAL, now=clock())
        assert await secret_of(session, ana.id, seal=SEAL, now=clock()) is None
        again = await confirm_secret(session, ana.id, ana.code, seal=SEAL, now=clock())
    assert again is None
    await ana.sign_in(ana.code)
