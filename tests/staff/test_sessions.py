"""Signing in: the right password, sessions that end, and guesses that are slowed."""

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import select

from bot.database import Database
from bot.errors import SignInError, StaffError, TooManyGuessesError
from bot.staff import AuditEntry, Role, SignInGuess, StaffMember, StaffSession
from bot.staff.members import add_account, staff_member
from bot.staff.passwords import Passwords
from bot.staff.sessions import Sessions, end_sessions
from tests.support.clock import Clock

PASSWORD = "correct horse battery"


@pytest.fixture
async def sessions(database: Database, clock: Clock) -> Sessions:
    """With Ana's account, which is an admin's."""
    hashed = await Passwords().hash(PASSWORD)
    async with database.write() as session:
        await add_account(
            session, "Ana", role=Role.ADMIN, password_hash=hashed, now=clock()
        )
    return Sessions(database, clock=clock)


async def guess(sessions: Sessions, *, network: str = "192.0.2.1") -> None:
    with pytest.raises(SignInError):
        await sessions.sign_in("Ana", "wrong password", network=network)


async def test_the_right_password_opens_a_session(sessions: Sessions) -> None:
    token = await sessions.sign_in(" ana ", PASSWORD, network="192.0.2.1")
    who = await sessions.signed_in(token)
    assert who is not None
    assert (who.name, who.admin) == ("Ana", True)
    assert await sessions.signed_in(token + "x") is None


async def test_neither_password_nor_token_is_stored(
    sessions: Sessions, database: Database
) -> None:
    token = await sessions.sign_in("Ana", PASSWORD, network="n")
    async with database.read() as session:
        member = (await session.scalars(select(StaffMember))).one()
        row = (await session.scalars(select(StaffSession))).one()
    assert member.password_hash is not None
    assert member.password_hash.startswith("$argon2id$")
    assert token not in row.token_hash


@pytest.mark.parametrize("name", ["Ana", "Nobody", "Terminal"])
async def test_a_wrong_name_and_a_wrong_password_are_told_the_same(
    sessions: Sessions, database: Database, clock: Clock, name: str
) -> None:
    async with database.write() as session:
        await staff_member(session, "Terminal", now=clock())
    with pytest.raises(SignInError, match="do not belong together"):
        await sessions.sign_in(name, "nobody's password", network="n")


async def test_signing_out_ends_one_session_and_a_revocation_all(
    sessions: Sessions, database: Database
) -> None:
    tokens = [await sessions.sign_in("Ana", PASSWORD, network="n") for _ in range(3)]
    who = await sessions.signed_in(tokens[0])
    assert who is not None
    await sessions.sign_out(who)
    assert await sessions.signed_in(tokens[0]) is None
    assert await sessions.signed_in(tokens[1]) is not None
    async with database.write() as session:
        member = (await session.scalars(select(StaffMember))).one()
        await end_sessions(session, member)
    assert await sessions.signed_in(tokens[1]) is None
    async with database.read() as session:
        actions = (await session.scalars(select(AuditEntry.action))).all()
    assert actions == ["sign_in"] * 3 + ["sign_out"]


async def test_a_revoked_account_is_out_at_once_and_cannot_come_back(
    sessions: Sessions, database: Database, clock: Clock
) -> None:
    token = await sessions.sign_in("Ana", PASSWORD, network="n")
    async with database.write() as session:
        member = (await session.scalars(select(StaffMember))).one()
        member.revoked_at = clock()
    assert await sessions.signed_in(token) is None
    with pytest.raises(SignInError):
        await sessions.sign_in("Ana", PASSWORD, network="n")


async def test_a_session_ends_when_nobody_uses_it_and_after_a_week(
    sessions: Sessions, database: Database, clock: Clock
) -> None:
    unused = await sessions.sign_in("Ana", PASSWORD, network="n")
    used = await sessions.sign_in("Ana", PASSWORD, network="n")
    for _ in range(16):
        clock.advance(timedelta(hours=10).total_seconds())
        assert await sessions.signed_in(used) is not None
    assert await sessions.signed_in(unused) is None
    clock.advance(timedelta(hours=9).total_seconds())
    assert await sessions.signed_in(used) is None
    await sessions.sign_in("Ana", PASSWORD, network="n")
    async with database.read() as session:
        assert len((await session.scalars(select(StaffSession))).all()) == 1


async def test_guesses_from_one_ipv6_network_count_together(sessions: Sessions) -> None:
    for number in range(4):
        await guess(sessions, network=f"2001:db8:1:2::{number}")
    with pytest.raises(TooManyGuessesError):
        await sessions.sign_in("Ana", PASSWORD, network="2001:db8:1:2::9")
    await sessions.sign_in("Ana", PASSWORD, network="2001:db8:1:3::9")


async def test_guesses_are_slowed_but_only_where_they_come_from(
    sessions: Sessions, clock: Clock
) -> None:
    for _ in range(4):
        await guess(sessions)
    with pytest.raises(TooManyGuessesError, match="try again in 1 second"):
        await sessions.sign_in("Ana", PASSWORD, network="192.0.2.1")
    await sessions.sign_in("Ana", PASSWORD, network="198.51.100.7")
    clock.advance(1)
    await guess(sessions)
    clock.advance(1)
    with pytest.raises(TooManyGuessesError):
        await guess_and_raise(sessions)
    clock.advance(1)
    await sessions.sign_in("Ana", PASSWORD, network="192.0.2.1")
    await guess(sessions)


async def guess_and_raise(sessions: Sessions) -> None:
    await sessions.sign_in("Ana", "wrong password", network="192.0.2.1")


async def test_guesses_at_once_are_all_counted(
    sessions: Sessions, database: Database
) -> None:
    await guess(sessions)
    results = await asyncio.gather(
        *(guess_and_raise(sessions) for _ in range(8)), return_exceptions=True
    )
    assert sum(isinstance(one, TooManyGuessesError) for one in results) == 5
    async with database.read() as session:
        assert (await session.scalars(select(SignInGuess.count))).one() == 4


async def test_the_pause_stays_bearable_and_is_forgotten(
    sessions: Sessions, database: Database, clock: Clock
) -> None:
    async with database.write() as session:
        session.add(
            SignInGuess(key="old", count=1, wait_until=clock(), last_at=clock())
        )
    await guess(sessions)
    async with database.write() as session:
        row = (
            await session.scalars(select(SignInGuess).where(SignInGuess.key != "old"))
        ).one()
        row.count = 4000
    await guess(sessions)
    clock.advance(300)
    await guess(sessions)
    clock.advance(3601)
    await guess(sessions)
    async with database.read() as session:
        assert (await session.scalars(select(SignInGuess.count))).all() == [1]


@pytest.mark.parametrize("password", ["short", "x" * 201])
async def test_a_password_has_a_sensible_length(password: str) -> None:
    with pytest.raises(StaffError, match="10 to 200 characters"):
        await Passwords().hash(password)
