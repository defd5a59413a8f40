"""A second step after the password: codes of an authenticator, and some on paper.

Of an authenticator's secret only what ``Seal`` makes of it is stored, and of the codes
on paper a mark made with its key: a copy of the database alone makes no code.
"""

import hmac
import secrets
from collections.abc import Sequence
from datetime import datetime

import pyotp
from sqlalchemy import ForeignKey, String, delete, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from bot.database import Base, UtcDateTime
from bot.staff.sealing import Seal

SECONDS_A_CODE = 30
# A telephone's clock may be one code late or early.
AROUND = (0, -1, 1)
HOW_MANY_CODES = 8
LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
GROUPS = 4
PURPOSE = "recovery code"


class SecondStep(Base):
    """An authenticator; it counts once a code of it has been given."""

    __tablename__ = "second_steps"

    member_id: Mapped[int] = mapped_column(
        ForeignKey("staff_members.id"), primary_key=True
    )
    secret: Mapped[str] = mapped_column(String(300))
    confirmed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    # No code is taken twice: which was taken last, counted from 1970.
    last_code: Mapped[int] = mapped_column(default=0)


class RecoveryCode(Base):
    """A code on paper, which is taken once."""

    __tablename__ = "recovery_codes"

    id: Mapped[int] = mapped_column(primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("staff_members.id"), index=True)
    mark: Mapped[str] = mapped_column(String(64))


async def has_second_step(session: AsyncSession, member_id: int) -> bool:
    """Whether a code is asked for after the password."""
    step = await session.get(SecondStep, member_id)
    return step is not None and step.confirmed_at is not None


async def new_secret(
    session: AsyncSession, member_id: int, *, seal: Seal, now: datetime
) -> None:
    """Begin to set up an authenticator; one that counts already stays."""
    if await has_second_step(session, member_id):
        return
    await drop_second_step(session, member_id)
    sealed = seal.sealed(pyotp.random_base32(), now=now)
    session.add(SecondStep(member_id=member_id, secret=sealed))


async def secret_of(
    session: AsyncSession, member_id: int, *, seal: Seal, now: datetime
) -> str | None:
    """The secret to be scanned, as long as no code of it has been given."""
    step = await session.get(SecondStep, member_id)
    if step is None or step.confirmed_at is not None:
        return None
    return seal.opened(step.secret, now=now)


async def confirm_secret(
    session: AsyncSession, member_id: int, code: str, *, seal: Seal, now: datetime
) -> Sequence[str] | None:
    """From now on it counts: the codes to be kept on paper; None if it was no code."""
    step = await session.get(SecondStep, member_id, with_for_update=True)
    if step is None or step.confirmed_at is not None:
        return None
    if not _taken(step, code, seal=seal, now=now):
        return None
    step.confirmed_at = now
    return await new_recovery_codes(session, member_id, seal=seal)


async def new_recovery_codes(
    session: AsyncSession, member_id: int, *, seal: Seal
) -> Sequence[str]:
    """Codes to be kept on paper; those of before hold no more."""
    await session.execute(
        delete(RecoveryCode).where(RecoveryCode.member_id == member_id)
    )
    codes = [_on_paper() for _ in range(HOW_MANY_CODES)]
    session.add_all(
        RecoveryCode(member_id=member_id, mark=_mark(seal, member_id, code))
        for code in codes
    )
    return codes


async def code_is_right(
    session: AsyncSession, member_id: int, given: str, *, seal: Seal, now: datetime
) -> bool:
    """Whether it is a code of theirs, which is then used up."""
    step = await session.get(SecondStep, member_id, with_for_update=True)
    if step is None or step.confirmed_at is None:
        return False
    if _taken(step, given, seal=seal, now=now):
        return True
    used = await session.scalars(
        delete(RecoveryCode)
        .where(
            RecoveryCode.member_id == member_id,
            RecoveryCode.mark == _mark(seal, member_id, given),
        )
        .returning(RecoveryCode.id)
    )
    return bool(used.all())


async def drop_second_step(session: AsyncSession, member_id: int) -> None:
    """The password is enough again."""
    for table in (RecoveryCode, SecondStep):
        await session.execute(delete(table).where(table.member_id == member_id))


async def codes_left(session: AsyncSession, member_id: int) -> int:
    """How many codes on paper have not been used."""
    found = await session.scalars(
        select(RecoveryCode.id).where(RecoveryCode.member_id == member_id)
    )
    return len(found.all())


def _taken(step: SecondStep, given: str, *, seal: Seal, now: datetime) -> bool:
    """Whether the authenticator shows it, and nobody has given it before."""
    secret = seal.opened(step.secret, now=now)
    if secret is None:  # sealed by another SECRET_KEY
        return False
    code, count = "".join(given.split()), int(now.timestamp()) // SECONDS_A_CODE
    for around in AROUND:
        shown = pyotp.TOTP(secret).generate_otp(count + around)
        same = hmac.compare_digest(code.encode("utf-8", "replace"), shown.encode())
        if same and count + around > step.last_code:
            step.last_code = count + around
            return True
    return False


def _on_paper() -> str:
    groups = ("".join(secrets.choice(LETTERS) for _ in range(4)) for _ in range(GROUPS))
    return "-".join(groups)


def _mark(seal: Seal, member_id: int, code: str) -> str:
    plain = "".join(one for one in code.lower() if one.isalnum())
    return seal.mark(PURPOSE, f"{member_id} {plain}")
