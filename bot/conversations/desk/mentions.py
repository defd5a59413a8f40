"""Which colleagues a note names: ``@`` and their name as it stands in the accounts."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.staff import StaffMember

SIGN = "@"


async def colleagues_named(session: AsyncSession, text: str) -> Sequence[StaffMember]:
    """Everybody who can sign in and is named; of two names the longer one counts."""
    if SIGN not in text:
        return []
    members = await session.scalars(select(StaffMember))
    found, left = [], text.casefold()
    for member in sorted(members, key=lambda one: -len(one.name)):
        sign = f"{SIGN}{member.name.casefold()}"
        if member.may_sign_in and _stands_alone(sign, left):
            found.append(member)
            left = left.replace(sign, "")
    return found


def _stands_alone(sign: str, text: str) -> bool:
    """Whether the name ends where it ends: @Ana is not in @Anastasia."""
    return any(not rest[:1].isalnum() for rest in text.split(sign)[1:])
