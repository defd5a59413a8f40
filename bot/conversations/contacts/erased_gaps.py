"""What an erasure takes from the gaps: they refer to messages without a foreign key."""

from collections.abc import Collection

from sqlalchemy import delete, null, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.conversations.models import Gap
from bot.conversations.models.columns import public_id


async def forget_in_gaps(session: AsyncSession, erased: Collection[int]) -> None:
    """No gap refers to these messages any more, nor proposes what may be their words.

    A gap of nobody else goes, unless a document answers it: that one is counted.
    """
    gone = set(erased)
    gaps = await session.execute(select(Gap.id, Gap.messages, Gap.answered_at))
    for number, messages, answered_at in gaps.all():
        left = [one for one in messages if one not in gone]
        if len(left) == len(messages):
            continue
        row = Gap.id == number
        if not left and answered_at is None:
            await session.execute(delete(Gap).where(row))
            continue
        fresh = {"public_id": public_id(), "messages": left, "proposal": null()}
        await session.execute(update(Gap).where(row).values(fresh))
