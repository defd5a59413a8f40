"""Many staff who reach for the same conversations: each is won by exactly one."""

import asyncio
import random
from collections import Counter
from collections.abc import Callable

import pytest

from bot.conversations.models import Status
from bot.errors import ConversationError
from tests.support.core import Core

STAFF = [f"Member {number:02d}" for number in range(50)]
AT_ONCE = 8


async def took(core: Core, conversation_id: str, name: str) -> str:
    """Who holds it, by what one who reaches for it is told."""
    try:
        await core.conversations.take(conversation_id, member=name)
    except ConversationError as refused:
        return str(refused).removesuffix(" has taken it")
    return name


@pytest.mark.soak
@pytest.mark.parametrize("seed", [2])
async def test_of_fifty_staff_some_reach_for_a_conversation_at_once_and_one_wins(
    core: Core, seed: int, times: Callable[[int], int]
) -> None:
    chance = random.Random(seed)  # noqa: S311  repeatable, not secret
    winners: Counter[str] = Counter()
    for number in range(times(10_000)):
        written = await core.write("Help", sender=f"whatsapp:+4477{number:08d}")
        await core.conversations.hand_off(written.conversation_id, "asked")
        names = chance.sample(STAFF, AT_ONCE)
        told = await asyncio.gather(
            *(took(core, written.conversation_id, name) for name in names)
        )
        holder = await core.held_by(written.conversation_id)
        assert holder is not None
        assert set(told) == {holder}, "everybody is told who holds it"
        row = await core.conversation(written.conversation_id)
        assert row.status is Status.STAFF
        winners[holder] += 1
    assert len(winners) > 1
