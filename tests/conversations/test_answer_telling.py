"""Whoever asked in vain is told the answer: once, and not from under staff."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from bot.conversations.desk.answer_telling import Told, tell_who_asked
from bot.conversations.desk.gaps import close_gap, gap_list, regroup
from bot.conversations.ports import Outcome
from bot.staff import staff_member
from tests.support.assistants import ScriptedAssistant, answer
from tests.support.core import Core

SAID = "Small pets may come."


async def together(texts: Sequence[str]) -> Sequence[Sequence[int]]:
    return [list(range(len(texts)))] if texts else []


async def nothing(_: str) -> Sequence[str]:
    return ()


@pytest.mark.parametrize("held", [False, True])
async def test_an_address_of_two_conversations_is_told_once_unless_staff_hold_a_third(
    core: Core, *, held: bool
) -> None:
    vain = answer("I do not have that.", outcome=Outcome.NO_ANSWER)
    kept = replace(vain.provenance, generation="g1", language="en")
    core.worker = core.new_worker(
        ScriptedAssistant(lambda _: replace(vain, provenance=kept))
    )
    for text in ("May my cat come?", "And my dog?"):
        await core.conversations.resolve(await core.answered(text))
    database, now = core.database, core.clock()
    await regroup(database, group=together, nearest=nothing, now=now)
    gap = (await gap_list(database))[0][0].public_id
    await close_gap(database, gap, path="faq/pets.md", now=now)
    if held:
        await core.waiting()
    async with database.write() as session:
        ana = await staff_member(session, "Ana", now=now)
        await session.flush()
        member = ana.id

    told = await tell_who_asked(core.conversations, gap, SAID, member_id=member)
    await core.work()

    assert told == Told(told=int(not held), left=int(held))
    assert core.sent().count(SAID) == told.told
