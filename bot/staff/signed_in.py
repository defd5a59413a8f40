"""Where staff are signed in: seen by themselves and by admins, who can end it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.errors import StaffError
from bot.staff.audit import write_down
from bot.staff.members import StaffMember, existing_account
from bot.staff.session_rows import StaffSession, end_sessions, in_time, token_hash
from bot.staff.sessions import SignedIn


@dataclass(frozen=True, slots=True, kw_only=True)
class Browser:
    """A browser in which a member is signed in; ``here`` is the one they ask from."""

    id: str
    browser: str
    network: str
    since: datetime
    seen_at: datetime
    here: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountRow:
    """An account as admins see it; ``seen_at`` only of who is signed in."""

    name: str
    role: str
    revoked_at: datetime | None
    may_sign_in: bool
    browsers: int
    seen_at: datetime | None
    away_since: datetime | None


async def browsers_of(
    session: AsyncSession, who: SignedIn, *, now: datetime
) -> Sequence[Browser]:
    """Where somebody is signed in, newest first."""
    rows = await session.scalars(
        select(StaffSession)
        .join(StaffMember, StaffMember.id == StaffSession.member_id)
        .where(StaffSession.member_id == who.member_id, *in_time(now))
        .order_by(StaffSession.id.desc())
    )
    return [
        Browser(
            id=row.public_id,
            browser=row.browser,
            network=row.network,
            since=row.created_at,
            seen_at=row.seen_at,
            here=row.token_hash == token_hash(who.token),
        )
        for row in rows
    ]


async def end_browser(
    session: AsyncSession, who: SignedIn, browser_id: str, *, now: datetime
) -> None:
    """Sign oneself out in one browser; nobody can reach another's."""
    ended = await session.scalars(
        delete(StaffSession)
        .where(
            StaffSession.public_id == browser_id,
            StaffSession.member_id == who.member_id,
        )
        .returning(StaffSession.id)
    )
    if ended.all():
        write_down(session, "session_ended", now=now, member_id=who.member_id)


async def end_other_browsers(
    session: AsyncSession, who: SignedIn, *, now: datetime
) -> None:
    """Sign oneself out everywhere but here."""
    await end_sessions_elsewhere(session, who)
    write_down(session, "sessions_ended", now=now, member_id=who.member_id)


async def end_sessions_elsewhere(session: AsyncSession, who: SignedIn) -> None:
    """End all sessions of somebody but the one they ask from."""
    await session.execute(
        delete(StaffSession).where(
            StaffSession.member_id == who.member_id,
            StaffSession.token_hash != token_hash(who.token),
        )
    )


async def account_rows(session: AsyncSession, *, now: datetime) -> list[AccountRow]:
    """Every account, by name."""
    signed_in = (
        select(
            StaffSession.member_id,
            func.count().label("browsers"),
            func.max(StaffSession.seen_at).label("seen_at"),
        )
        .join(StaffMember, StaffMember.id == StaffSession.member_id)
        .where(*in_time(now))
        .group_by(StaffSession.member_id)
        .subquery()
    )
    rows = await session.execute(
        select(StaffMember, signed_in.c.browsers, signed_in.c.seen_at)
        .outerjoin(signed_in, signed_in.c.member_id == StaffMember.id)
        .order_by(StaffMember.name)
    )
    return [
        AccountRow(
            name=member.name,
            role=member.role.value,
            revoked_at=member.revoked_at,
            may_sign_in=member.may_sign_in,
            browsers=browsers or 0,
            seen_at=seen_at,
            away_since=member.away_since,
        )
        for member, browsers, seen_at in rows
    ]


async def sign_out_everywhere(
    session: AsyncSession, who: SignedIn, name: str, *, now: datetime
) -> None:
    """An admin ends all sessions of an account."""
    member = await existing_account(session, name)
    await end_sessions(session, member)
    write_down(
        session,
        "sessions_ended",
        now=now,
        member_id=who.member_id,
        detail=member.name,
    )


async def set_away(
    session: AsyncSession, who: SignedIn, name: str, *, away: bool, now: datetime
) -> None:
    """Nothing new is meant for them until they are back; what they hold stays theirs.

    Raises:
        StaffError: it is somebody else's account, and they are no admin.
    """
    member = await existing_account(session, name)
    if member.id != who.member_id and not who.admin:
        raise StaffError("only admins may say so of others")
    member.away_since = (member.away_since or now) if away else None
    action = "went_away" if away else "came_back"
    write_down(session, action, now=now, member_id=who.member_id, detail=member.name)


async def is_away(session: AsyncSession, who: SignedIn) -> bool:
    """Whether they have said that they are away."""
    member = await session.get(StaffMember, who.member_id)
    return member is not None and member.away_since is not None


async def revoke_account(
    session: AsyncSession, who: SignedIn, name: str, *, now: datetime
) -> None:
    """An admin takes an account away; what its holder did stays theirs.

    Raises:
        StaffError: it is the admin's own, or there is none of that name.
    """
    member = await existing_account(session, name)
    if member.id == who.member_id:
        raise StaffError("nobody can revoke their own account")
    member.revoked_at = member.revoked_at or now
    await end_sessions(session, member)
    write_down(
        session, "staff_revoked", now=now, member_id=who.member_id, detail=member.name
    )
