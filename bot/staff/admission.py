"""Who is let in on the word of an identity provider."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.errors import SignInError
from bot.staff.audit import write_down
from bot.staff.identity_provider import Identity
from bot.staff.members import LONGEST_NAME, Role, StaffMember

LONGEST_NUMBER = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class AdmissionRule:
    """Accounts of that address; with ``domains`` everybody of these, as ``role``."""

    domains: tuple[str, ...] = ()
    role: Role = Role.STAFF

    def admits(self, email: str) -> bool:
        """Whether somebody without an account gets one."""
        return email.rpartition("@")[2] in self.domains


NOBODY_NEW = AdmissionRule()


async def admitted(
    session: AsyncSession, who: Identity, rule: AdmissionRule, *, now: datetime
) -> StaffMember:
    """The account of an identity; a new one where the rule says so.

    Raises:
        SignInError: there is none, or it was revoked.
    """
    found = await session.scalar(
        select(StaffMember).where(StaffMember.email == who.email)
    )
    if found is None and rule.admits(who.email):
        found = await _new_account(session, who, rule, now=now)
    if found is None or found.revoked_at is not None:
        raise SignInError(
            f"There is no account here for {who.email}. Choose another one, or ask an "
            "admin to add yours."
        )
    return found


async def _new_account(
    session: AsyncSession, who: Identity, rule: AdmissionRule, *, now: datetime
) -> StaffMember:
    member = StaffMember(
        name=await _free_name(session, who),
        created_at=now,
        role=rule.role,
        email=who.email,
    )
    session.add(member)
    await session.flush()
    write_down(session, "staff_added", now=now, detail=member.name)
    return member


async def _free_name(session: AsyncSession, who: Identity) -> str:
    """The name that the provider knows, with a number if a colleague has it."""
    words = "".join(one if one.isprintable() else " " for one in who.name)
    wanted = " ".join(words.split())[: LONGEST_NAME - LONGEST_NUMBER] or "Colleague"
    taken = {name.lower() for name in (await session.scalars(select(StaffMember.name)))}
    names = (wanted, *(f"{wanted} {number}" for number in range(2, 1000)))
    return next(name for name in names if name.lower() not in taken)
