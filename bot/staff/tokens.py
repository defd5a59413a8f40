"""Tokens of other programs: what they may do, and as whom it is written down."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from hashlib import sha256

from sqlalchemy import Enum, ForeignKey, String, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from bot.clock import Clock
from bot.database import Base, Database, UtcDateTime
from bot.errors import StaffError
from bot.staff.audit import write_down
from bot.staff.members import staff_member

LONGEST_NAME = 40
PREFIX_BYTES = 5
SECRET_BYTES = 32
# How often it is written down that a token is in use.
USED_EVERY = timedelta(minutes=1)


class Scope(StrEnum):
    """What a token may do; who may write may read."""

    READ = "read"
    WRITE = "write"


class ApiToken(Base):
    """A token; of it only a hash is kept. ``handle`` is the part that may be shown."""

    __tablename__ = "api_tokens"

    id: Mapped[int] = mapped_column(primary_key=True)
    handle: Mapped[str] = mapped_column(String(20), unique=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    name: Mapped[str] = mapped_column(String(LONGEST_NAME))
    scope: Mapped[Scope] = mapped_column(
        Enum(
            Scope,
            native_enum=False,
            length=20,
            create_constraint=True,
            name="scope",
            values_callable=lambda kind: [member.value for member in kind],
        )
    )
    member_id: Mapped[int] = mapped_column(ForeignKey("staff_members.id"))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    last_used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """A program that has shown its token; ``member`` is its name among the staff."""

    handle: str
    member: str
    scope: Scope


class Tokens:
    """Makes, lists, recognises and revokes tokens."""

    def __init__(self, database: Database, *, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def add(
        self, name: str, scope: Scope, *, member_id: int | None = None
    ) -> str:
        """A new token, which is not shown again.

        Raises:
            StaffError: the name is unusable.
        """
        name = " ".join(name.split())
        if not name or len(name) > LONGEST_NAME or not name.isprintable():
            raise StaffError(f"a token's name has 1 to {LONGEST_NAME} characters")
        handle = f"bot_{secrets.token_hex(PREFIX_BYTES)}"
        token = f"{handle}_{secrets.token_urlsafe(SECRET_BYTES)}"
        now = self._clock()
        async with self._database.write() as session:
            program = await staff_member(session, f"{name} (API)", now=now)
            await session.flush()
            session.add(
                ApiToken(
                    handle=handle,
                    token_hash=_hash(token),
                    name=name,
                    scope=scope,
                    member_id=program.id,
                    created_at=now,
                )
            )
            self._log(session, "token_added", name, member_id)
        return token

    async def all(self) -> Sequence[ApiToken]:
        """Every token, oldest first; revoked ones too."""
        async with self._database.read() as session:
            return (await session.scalars(select(ApiToken).order_by(ApiToken.id))).all()

    async def revoke(self, handle: str, *, member_id: int | None = None) -> None:
        """It opens nothing from now on.

        Raises:
            StaffError: there is no such token.
        """
        async with self._database.write() as session:
            found = await session.scalar(
                select(ApiToken).where(ApiToken.handle == handle)
            )
            if found is None:
                raise StaffError(f"there is no token {handle}")
            found.revoked_at = found.revoked_at or self._clock()
            self._log(session, "token_revoked", found.name, member_id)

    async def caller(self, token: str) -> Caller | None:
        """Who shows a token, if it holds."""
        now = self._clock()
        async with self._database.read() as session:
            found = await session.scalar(
                select(ApiToken).where(
                    ApiToken.token_hash == _hash(token), ApiToken.revoked_at.is_(None)
                )
            )
        if found is None:
            return None
        if found.last_used_at is None or now - found.last_used_at > USED_EVERY:
            async with self._database.write() as session:
                await session.execute(
                    update(ApiToken)
                    .where(ApiToken.id == found.id)
                    .values(last_used_at=now)
                )
        return Caller(
            handle=found.handle, member=f"{found.name} (API)", scope=found.scope
        )

    def _log(
        self, session: AsyncSession, action: str, name: str, member_id: int | None
    ) -> None:
        write_down(session, action, now=self._clock(), member_id=member_id, detail=name)


def _hash(token: str) -> str:
    return sha256(token.encode("utf-8", "replace")).hexdigest()
