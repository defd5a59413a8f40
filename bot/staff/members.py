"""Staff members: their names, roles and passwords."""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum

from sqlalchemy import Enum, String, func, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from bot.database import Base, UtcDateTime
from bot.errors import StaffError
from bot.staff.email_addresses import LONGEST_EMAIL, email_address

LONGEST_NAME = 60


class Role(StrEnum):
    """What a staff member may do; admins may also throw the emergency switch."""

    STAFF = "staff"
    ADMIN = "admin"


class StaffMember(Base):
    """Somebody who answers enquiries.

    Without a password and an e-mail address, or once revoked, nobody can sign in under
    the name; ``email`` is how an identity provider's word is matched. Nothing new is
    meant for who is away.
    """

    __tablename__ = "staff_members"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(200), unique=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    role: Mapped[Role] = mapped_column(
        Enum(
            Role,
            native_enum=False,
            length=20,
            create_constraint=True,
            name="role",
            values_callable=lambda kind: [member.value for member in kind],
        ),
        default=Role.STAFF,
    )
    password_hash: Mapped[str | None] = mapped_column(String(200))
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    email: Mapped[str | None] = mapped_column(String(LONGEST_EMAIL), unique=True)
    away_since: Mapped[datetime | None] = mapped_column(UtcDateTime)

    @property
    def may_sign_in(self) -> bool:
        """Whether the account can be used at all."""
        known = self.password_hash is not None or self.email is not None
        return known and self.revoked_at is None


async def staff_member(
    session: AsyncSession, name: str, *, now: datetime
) -> StaffMember:
    """The member of that name, who is written down on first use."""
    by_name = select(StaffMember).where(StaffMember.name == name)
    found = await session.scalar(by_name)
    if found is not None:
        return found
    new = StaffMember(name=name, created_at=now)
    try:
        async with session.begin_nested():
            session.add(new)
    except IntegrityError:
        # Written down by another transaction at this moment.
        return (await session.scalars(by_name)).one()
    return new


async def account(session: AsyncSession, name: str) -> StaffMember | None:
    """The member of that name, in whatever case it is written."""
    return await session.scalar(
        select(StaffMember)
        .where(func.lower(StaffMember.name) == name.strip().lower())
        .order_by(StaffMember.password_hash.is_(None), StaffMember.id)
        .limit(1)
    )


async def add_account(
    session: AsyncSession,
    name: str,
    *,
    role: Role,
    password_hash: str | None,
    now: datetime,
) -> StaffMember:
    """A member who can sign in; a name that is known and cannot sign in becomes one.

    What let somebody in under that name before does so no more.

    Raises:
        StaffError: the name is unusable, or somebody signs in under it already.
    """
    name = " ".join(name.split())
    if not name or len(name) > LONGEST_NAME or not name.isprintable():
        raise StaffError(f"a name has 1 to {LONGEST_NAME} characters")
    found = await account(session, name)
    if found is not None and found.may_sign_in:
        raise StaffError(f"{found.name} has an account already")
    member = found or await staff_member(session, name, now=now)
    member.role = role
    member.password_hash = password_hash
    member.revoked_at = None
    member.email = None
    return member


async def existing_account(session: AsyncSession, name: str) -> StaffMember:
    """The member of that name; ``StaffError`` if there is none."""
    found = await account(session, name)
    if found is None:
        raise StaffError(f"there is no staff member {name}; see `staff list`")
    return found


async def accounts(session: AsyncSession) -> Sequence[StaffMember]:
    """Everybody, by name."""
    return (await session.scalars(select(StaffMember).order_by(StaffMember.name))).all()


async def keep_password_hash(
    session: AsyncSession, member: StaffMember, password_hash: str
) -> None:
    """Store a hash in place of the older one."""
    await session.execute(
        update(StaffMember)
        .where(StaffMember.id == member.id)
        .values(password_hash=password_hash)
    )


async def set_email(session: AsyncSession, member: StaffMember, email: str) -> None:
    """The address by which an identity provider's word is matched.

    Raises:
        StaffError: it is none, or a colleague's.
    """
    address = email_address(email)
    if address is None:
        raise StaffError(f"{email.strip()} is not an e-mail address")
    named = StaffMember.email == address
    other = await session.scalar(select(StaffMember).where(named))
    if other is not None and other is not member:
        raise StaffError(f"{other.name} has that address")
    member.email = address
