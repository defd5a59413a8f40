"""``python -m bot staff``: accounts for the console."""

import asyncio
import sys
from argparse import Namespace
from datetime import datetime
from getpass import getpass

from sqlalchemy.ext.asyncio import AsyncSession

from bot.clock import utc_now
from bot.config import Settings
from bot.database import Database
from bot.errors import StaffError
from bot.staff.audit import write_down
from bot.staff.members import (
    Role,
    StaffMember,
    accounts,
    add_account,
    existing_account,
    set_email,
)
from bot.staff.passwords import Passwords
from bot.staff.second_step import drop_second_step
from bot.staff.session_rows import end_sessions


def staff(settings: Settings, options: Namespace) -> None:
    """Add, list or revoke accounts, or set a password."""
    asyncio.run(_staff(settings, options))


async def _staff(settings: Settings, options: Namespace) -> None:
    database = Database(settings.database_address)
    try:
        await database.migrate()
        match options.action:
            case "add":
                await _add(database, options)
            case "email":
                await _change_email(database, options)
            case "password":
                await _change_password(database, options)
            case "second-step":
                await _drop_second_step(database, options)
            case "revoke":
                await _revoke(database, options)
            case _:
                await _list(database)
    finally:
        await database.close()


async def _add(database: Database, options: Namespace) -> None:
    if options.no_password and not options.email:
        raise StaffError("without a password and --email nobody could sign in")
    hashed = None if options.no_password else await _hashed(options)
    now = utc_now()
    async with database.write() as session:
        member = await add_account(
            session,
            options.name,
            role=Role(options.role),
            password_hash=hashed,
            now=now,
        )
        await session.flush()
        if options.email:
            await set_email(session, member, options.email)
        _write_down(session, "staff_added", member, now=now)
    print(f"{member.name} can sign in at /console as {member.role}")


async def _change_email(database: Database, options: Namespace) -> None:
    async with database.write() as session:
        member = await existing_account(session, options.name)
        await set_email(session, member, options.email)
        _write_down(session, "email_changed", member, now=utc_now())
    print(f"{member.name} is {member.email} to the provider")


async def _change_password(database: Database, options: Namespace) -> None:
    async with database.read() as session:
        await existing_account(session, options.name)
    hashed = await _hashed(options)
    async with database.write() as session:
        member = await existing_account(session, options.name)
        member.password_hash = hashed
        await end_sessions(session, member)
        _write_down(session, "password_changed", member, now=utc_now())
    print(f"{member.name} has a new password and is signed out everywhere")


async def _drop_second_step(database: Database, options: Namespace) -> None:
    async with database.write() as session:
        member = await existing_account(session, options.name)
        await drop_second_step(session, member.id)
        await end_sessions(session, member)
        _write_down(session, "second_step_dropped", member, now=utc_now())
    print(f"{member.name} signs in with the password alone, and is signed out")


async def _revoke(database: Database, options: Namespace) -> None:
    now = utc_now()
    async with database.write() as session:
        member = await existing_account(session, options.name)
        member.revoked_at = member.revoked_at or now
        await end_sessions(session, member)
        _write_down(session, "staff_revoked", member, now=now)
    print(f"{member.name} is signed out everywhere and cannot sign in any more")


async def _list(database: Database) -> None:
    async with database.read() as session:
        found = await accounts(session)
    for member in found:
        print(f"{member.name:24} {member.role:6} {_condition(member)}")
    if not found:
        print("nobody has an account; add one with `staff add NAME`")


def _condition(member: StaffMember) -> str:
    if member.revoked_at:
        return "revoked"
    if not member.may_sign_in:
        return "no password"
    return f"can sign in {member.email or ''}".rstrip()


async def _hashed(options: Namespace) -> str:
    password = _password(from_stdin=options.password_stdin)
    return await Passwords().hash(password, about=[options.name])


def _password(*, from_stdin: bool) -> str:
    if from_stdin:
        return sys.stdin.readline().rstrip("\r\n")
    password = getpass("Password: ")
    if getpass("Again: ") != password:
        raise StaffError("the two passwords are not the same; nothing was changed")
    return password


def _write_down(
    session: AsyncSession, action: str, member: StaffMember, *, now: datetime
) -> None:
    write_down(session, action, now=now, detail=member.name)
