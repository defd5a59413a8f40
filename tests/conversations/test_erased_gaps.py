"""Gaps refer to messages of contacts, and hold nothing of who was erased."""

from collections.abc import Sequence
from dataclasses import replace

import pytest
from sqlalchemy import select

from bot.conversations.contacts.erasing import Erasing
from bot.conversations.desk.gaps import close_gap, gap_list, one_gap, propose, regroup
from bot.conversations.models import Contact, Gap
from bot.conversations.ports import Outcome
from tests.support.assistants import ScriptedAssistant, answer
from tests.support.core import PHONE, Core
from tests.support.dump import dump

OTHER = "whatsapp:+4915112345678"
QUESTIONS = ("My windmill?", "Windmills too?", "My horse?", "My mule?")


@pytest.fixture
async def asked(core: Core) -> Core:
    """One contact has asked four things in vain, another the second one as well."""
    vain = answer("I do not have that.", outcome=Outcome.NO_ANSWER)
    kept = replace(vain.provenance, generation="g1", language="en")
    core.assistant = ScriptedAssistant(lambda _: replace(vain, provenance=kept))
    core.worker = core.new_worker(core.assistant)
    for text in QUESTIONS:
        await core.answered(text)
    await core.answered("Windmills too?", sender=OTHER)
    return core


async def grouped(core: Core) -> None:
    async def by_text(texts: Sequence[str]) -> Sequence[Sequence[int]]:
        places: dict[str, list[int]] = {}
        for place, text in enumerate(texts):
            places.setdefault(text, []).append(place)
        return list(places.values())

    async def nothing(_: str) -> Sequence[str]:
        return ()

    await regroup(core.database, group=by_text, nearest=nothing, now=core.clock())


async def gaps(core: Core) -> dict[str, Gap]:
    return {text: gap for gap, text in await gap_list(core.database)}


async def test_no_gap_keeps_anything_of_who_is_erased(asked: Core) -> None:
    await grouped(asked)
    found = await gaps(asked)
    proposal = {"title": "Windmills too?", "asks": found["My mule?"].public_id}
    for text in ("Windmills too?", "My horse?"):
        await propose(asked.database, found[text].public_id, proposal)
    answered = found["My mule?"].public_id
    await close_gap(asked.database, answered, path="faq/mule.md", now=asked.clock())
    messages = await asked.messages()
    traces = [m.public_id for m in messages if m.conversation_id == 1]
    traces += [gap.public_id for gap in found.values()]
    contact = (await asked.rows(select(Contact).order_by(Contact.id)))[0]

    await Erasing(asked.conversations).erase(contact.public_id)

    left = await asked.rows(select(Gap).order_by(Gap.id))
    assert [len(gap.messages) for gap in left] == [1, 0]
    assert [gap.proposal for gap in left] == [None, None]
    assert [gap for gap, _ in await gap_list(asked.database, answered=True)]
    kept = await dump(asked.database)
    assert not [trace for trace in traces if trace in kept]
    assert kept.count("Windmills too?") == 1


async def test_a_gap_is_named_after_nobody_and_keeps_its_address_overnight(
    asked: Core,
) -> None:
    await grouped(asked)
    before = {text: gap.public_id for text, gap in (await gaps(asked)).items()}
    messages = {message.public_id for message in await asked.messages()}
    assert messages.isdisjoint(before.values())
    await asked.answered("Windmills too?", sender=PHONE)
    await grouped(asked)
    assert {text: gap.public_id for text, gap in (await gaps(asked)).items()} == before
    assert (await one_gap(asked.database, before["Windmills too?"])).gap.asked == 3
