"""Signing in: the right password, sessions that end, and guesses that are slowed."""

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from bot.database import Database
from bot.errors import SignInError, StaffError, TooManyGuessesError
from bot.staff import AuditEntry, Role, SignInGuess, StaffMember, StaffSession
from bot.staff.fair_queue import FairQueue
from bot.staff.members import account, add_account, set_email, staff_member
from bot.staff.passwords import Passwords
from bot.staff.sealing import Seal
from bot.staff.session_rows import end_sessions
from bot.staff.sessions import Sessions
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
    return Sessions(database, clock=clock, seal=Seal("a key for tests"))


async def test_who_gets_a_name_that_was_revoked_does_not_get_its_address(
    sessions: Sessions, database: Database, clock: Clock
) -> None:
    async with database.write() as session:
        before = await account(session, "Ana")
        assert before is not None
        await set_email(session, before, "ana@example.org")
        before.revoked_at = clock()
    async with database.write() as session:
        await add_account(
            session, "Ana", role=Role.STAFF, password_hash="x", now=clock()
        )
    async with database.read() as session:
        now = await account(session, "Ana")
        assert now is not None
        assert now.may_sign_in
        assert now.email is None


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
        counts = (await session.scalars(select(SignInGuess.count))).all()
    assert counts == [4, 4, 4], "by account and network, by account, by network"


async def test_the_pause_stays_bearable_and_is_forgotten(
    sessions: Sessions, database: Database, clock: Clock
) -> None:
    async with database.write() as session:
        session.add(
            SignInGuess(key="old", count=1, wait_until=clock(), last_at=clock())
        )
    await guess(sessions)
    async with database.write() as session:
        await session.execute(update(SignInGuess).values(count=4000))
    await guess(sessions)
    clock.advance(300)
    await guess(sessions)
    clock.advance(3601)
    await guess(sessions)
    async with database.read() as session:
        assert (await session.scalars(select(SignInGuess.count))).all() == [1, 1, 1]


async def test_one_network_is_slowed_whatever_names_it_tries(
    sessions: Sessions,
) -> None:
    """Forty names, from networks that one holder of a block of IPv6 has."""
    refused = 0
    for number in range(40):
        try:
            await sessions.sign_in(
                f"Member {number}", "a guess", network=f"2001:db8:1:{number:x}::1"
            )
        except TooManyGuessesError:
            refused += 1
        except SignInError:
            pass
    assert refused == 20
    await sessions.sign_in("Ana", PASSWORD, network="192.0.2.1")


async def test_an_office_that_signs_in_behind_one_address_is_not_slowed(
    sessions: Sessions,
) -> None:
    for _ in range(25):
        await sessions.sign_in("Ana", PASSWORD, network="192.0.2.1")


async def known_browser(sessions: Sessions) -> str:
    """What a browser keeps in which Ana has signed in."""
    token = await sessions.sign_in("Ana", PASSWORD, network="192.0.2.1")
    who = await sessions.signed_in(token)
    assert who is not None
    return sessions.known_token(who)


async def test_one_account_is_slowed_from_everywhere_but_not_where_it_is_known(
    sessions: Sessions,
) -> None:
    known = await known_browser(sessions)
    for number in range(10):
        await guess(sessions, network=f"198.51.100.{number}")
    for forged in ("", "x", known[:-1] + "~", "a" * 24 + known[24:]):
        with pytest.raises(TooManyGuessesError):
            await sessions.sign_in("Ana", PASSWORD, network="192.0.2.1", known=forged)
    await sessions.sign_in("ana ", PASSWORD, network="192.0.2.1", known=known)


async def test_a_stolen_mark_of_a_known_browser_is_slowed_by_itself(
    sessions: Sessions,
) -> None:
    known = await known_browser(sessions)
    for number in range(4):
        with pytest.raises(SignInError):
            await sessions.sign_in("Ana", "no", network=f"10.0.0.{number}", known=known)
    with pytest.raises(TooManyGuessesError):
        await sessions.sign_in("Ana", PASSWORD, network="192.0.2.1", known=known)
    await sessions.sign_in("Ana", PASSWORD, network="192.0.2.1")


async def test_sixty_connections_of_one_network_delay_nobody_else(
    sessions: Sessions,
) -> None:
    checked: list[int] = []

    async def knock(number: int) -> None:
        await sessions.passwords.check(f"no {number}", None, whence="192.0.2.1")
        checked.append(number)

    flood = [asyncio.create_task(knock(number)) for number in range(60)]
    await asyncio.sleep(0)
    await sessions.sign_in("Ana", PASSWORD, network="198.51.100.7")
    before = len(checked)
    for one in flood:
        one.cancel()
    await asyncio.gather(*flood, return_exceptions=True)
    assert before < 30, "first come, it would have been all sixty"


async def test_who_leaves_the_queue_is_passed_over_and_the_known_go_first() -> None:
    queue, served, hold = FairQueue(1), list[str](), asyncio.Event()

    async def come(whence: str, *, known: bool = False) -> None:
        async with queue.turn(whence, known=known):
            served.append(whence)
            await hold.wait()

    comers = [asyncio.create_task(come(whence)) for whence in "aaabc"]
    comers.append(asyncio.create_task(come("known", known=True)))
    await asyncio.sleep(0)
    comers[1].cancel()
    hold.set()
    await asyncio.gather(*comers, return_exceptions=True)
    assert served == ["a", "known", "b", "c", "a"]
    await come("later")


@pytest.mark.parametrize(
    "password",
    [
        *("1111111111", "1234567890", "password123", "qwertyuiop", "Summer2026!"),
        *("letmein12345", "abcabcabcabc", "Ana Lopez 2026", "AnaLopezAnaLopez"),
    ],
)
async def test_a_password_that_is_guessed_first_is_refused(password: str) -> None:
    with pytest.raises(StaffError, match="easy to guess"):
        await Passwords().hash(password, about=["Ana Lopez"])


async def test_a_password_of_four_words_is_taken() -> None:
    hashed = await Passwords().hash("tulip ferry anvil cocoa", about=["Ana Lopez"])
    assert hashed.startswith("$argon2id$")


@pytest.mark.parametrize("password", ["short", "x" * 201])
async def test_a_password_has_a_sensible_length(password: str) -> None:
    with pytest.raises(StaffError, match="10 to 200 characters"):
        await Passwords().hash(password)
