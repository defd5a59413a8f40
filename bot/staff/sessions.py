"""Sessions: who is signed in, until they sign out, are revoked, or time is up."""

import secrets
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

from sqlalchemy import ColumnElement, ForeignKey, String, delete, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from bot.clock import Clock
from bot.database import Base, Database, UtcDateTime
from bot.staff.admission import NOBODY_NEW, AdmissionRule, admitted
from bot.staff.audit import write_down
from bot.staff.identity_provider import Identity
from bot.staff.members import Role, StaffMember
from bot.staff.passwords import Passwords
from bot.staff.proof import proven

IDLE = timedelta(hours=12)
LONGEST = timedelta(days=7)
# How often it is written down that somebody is still there.
SEEN_EVERY = timedelta(minutes=5)
TOKEN_BYTES = 32

LONGEST_BROWSER = 200
LONGEST_NETWORK = 60


def _public_id() -> str:
    return secrets.token_hex(10)


class StaffSession(Base):
    """A signed-in browser, as it names itself; of its token only a hash is kept."""

    __tablename__ = "staff_sessions"

    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("staff_members.id"), index=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    seen_at: Mapped[datetime] = mapped_column(UtcDateTime)
    public_id: Mapped[str] = mapped_column(String(32), unique=True, default=_public_id)
    browser: Mapped[str] = mapped_column(String(LONGEST_BROWSER), default="")
    network: Mapped[str] = mapped_column(String(LONGEST_NETWORK), default="")


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedIn:
    """Who is looking at a page; ``csrf`` has to come back with every form."""

    member_id: int
    name: str
    role: Role
    csrf: str
    token: str

    @property
    def admin(self) -> bool:
        """Whether they may do what only admins may."""
        return self.role is Role.ADMIN


class Sessions:
    """Signs staff in and out and knows who is."""

    def __init__(
        self,
        database: Database,
        *,
        clock: Clock,
        admission: AdmissionRule = NOBODY_NEW,
    ) -> None:
        self._database = database
        self._clock = clock
        self._admission = admission
        self.passwords = Passwords()

    async def sign_in(
        self, name: str, password: str, *, network: str, browser: str = ""
    ) -> str:
        """The token of a new session; ``browser`` is what it calls itself.

        Raises:
            SignInError: name and password do not belong together.
            TooManyGuessesError: too soon after wrong guesses from this network.
        """
        now = self._clock()
        member = await proven(
            self._database, self.passwords, name, password, network=network, now=now
        )
        async with self._database.write() as session:
            return await self._begin(
                session, member, now=now, network=network, browser=browser
            )

    async def sign_in_as(self, who: Identity, *, network: str, browser: str) -> str:
        """The token of a new session, on the word of the identity provider.

        Raises:
            SignInError: nobody of that address is let in.
        """
        now = self._clock()
        async with self._database.write() as session:
            member = await admitted(session, who, self._admission, now=now)
            return await self._begin(
                session, member, now=now, network=network, browser=browser
            )

    async def signed_in(self, token: str) -> SignedIn | None:
        """Who a token belongs to, if its session still holds."""
        now = self._clock()
        async with self._database.read() as session:
            rows = await session.execute(
                select(StaffSession, StaffMember)
                .join(StaffMember, StaffMember.id == StaffSession.member_id)
                .where(StaffSession.token_hash == token_hash(token), *in_time(now))
            )
            found = rows.one_or_none()
        if found is None:
            return None
        row, member = found
        if now - row.seen_at > SEEN_EVERY:
            await self._seen([row.id], now)
        return SignedIn(
            member_id=member.id,
            name=member.name,
            role=member.role,
            csrf=token_hash(f"csrf {token}"),
            token=token,
        )

    async def holding(self, tokens: Collection[str]) -> set[str]:
        """Which of these sessions, whose pages are open, still hold."""
        now = self._clock()
        by_hash = {token_hash(token): token for token in tokens}
        async with self._database.read() as session:
            rows = (
                await session.execute(
                    select(
                        StaffSession.id, StaffSession.token_hash, StaffSession.seen_at
                    )
                    .join(StaffMember, StaffMember.id == StaffSession.member_id)
                    .where(StaffSession.token_hash.in_(by_hash), *in_time(now))
                )
            ).all()
        late = [row.id for row in rows if now - row.seen_at > SEEN_EVERY]
        if late:
            await self._seen(late, now)
        return {by_hash[row.token_hash] for row in rows}

    async def sign_out(self, who: SignedIn) -> None:
        """End one session."""
        async with self._database.write() as session:
            await session.execute(
                delete(StaffSession).where(
                    StaffSession.token_hash == token_hash(who.token)
                )
            )
            write_down(session, "sign_out", now=self._clock(), member_id=who.member_id)

    async def _begin(
        self,
        session: AsyncSession,
        member: StaffMember,
        *,
        now: datetime,
        network: str,
        browser: str,
    ) -> str:
        token = secrets.token_urlsafe(TOKEN_BYTES)
        await session.execute(
            delete(StaffSession).where(
                or_(
                    StaffSession.created_at < now - LONGEST,
                    StaffSession.seen_at < now - IDLE,
                )
            )
        )
        session.add(
            StaffSession(
                token_hash=token_hash(token),
                member_id=member.id,
                created_at=now,
                seen_at=now,
                browser=browser[:LONGEST_BROWSER],
                network=network[:LONGEST_NETWORK],
            )
        )
        write_down(session, "sign_in", now=now, member_id=member.id)
        return token

    async def _seen(self, session_ids: Sequence[int], now: datetime) -> None:
        async with self._database.write() as session:
            await session.execute(
                update(StaffSession)
                .where(StaffSession.id.in_(session_ids))
                .values(seen_at=now)
            )


async def end_sessions(session: AsyncSession, member: StaffMember) -> None:
    """Sign a member out everywhere."""
    await session.execute(
        delete(StaffSession).where(StaffSession.member_id == member.id)
    )


def in_time(now: datetime) -> tuple[ColumnElement[bool], ...]:
    """What holds of a session, joined to its member, that has not run out."""
    return (
        StaffSession.created_at > now - LONGEST,
        StaffSession.seen_at > now - IDLE,
        StaffMember.revoked_at.is_(None),
    )


def token_hash(text: str) -> str:
    """What is kept of a token."""
    return sha256(text.encode()).hexdigest()
