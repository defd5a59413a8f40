"""Staff are not flooded from one network, and see who comes in a crowd."""

import pytest
from sqlalchemy import select

from bot.conversations.contacts.feedback import rate
from bot.conversations.desk import queries
from bot.conversations.desk.choosing import Choice
from bot.conversations.desk.inbox import InboxRow, inbox
from bot.conversations.handoff.crowds import MOST_WAITING
from bot.conversations.models import Message, Reason, Status
from bot.conversations.ports import Answer, Author, Outcome
from bot.phrases import languages, phrase
from tests.conversations.test_taking_turns import visit
from tests.support.assistants import ScriptedAssistant, answer
from tests.support.core import Core

TOO_MANY = phrase("too_many_wait", "en")


def hands_over(question: str) -> Answer:
    """As the question says: its first word is the reason."""
    reason = question.split(maxsplit=1)[0]
    return answer("One moment.", outcome=Outcome.HANDOFF, reason=reason)


@pytest.fixture
def core(core: Core) -> Core:
    core.worker = core.new_worker(ScriptedAssistant(hands_over))
    return core


async def flood(core: Core, many: int, *, reason: Reason) -> list[str]:
    ids = [
        await visit(core, f"{reason} {number}", network="campus")
        for number in range(many)
    ]
    await core.work()
    return ids


async def statuses(core: Core, ids: list[str]) -> list[Status]:
    return [(await core.conversation(one)).status for one in ids]


async def rows(core: Core) -> list[InboxRow]:
    found = await inbox(core.database, Choice(), member_id=1, now=core.clock())
    return list(found.rows)


async def test_at_most_so_many_of_one_network_wait_and_the_rest_are_told(
    core: Core,
) -> None:
    ids = await flood(core, MOST_WAITING + 2, reason=Reason.ASKED_FOR_PERSON)
    assert (
        await statuses(core, ids) == [Status.WAITING] * MOST_WAITING + [Status.BOT] * 2
    )
    assert TOO_MANY in (await core.said(ids[-1], Author.BOT))[-1]
    assert (await core.said(ids[-1], Author.SYSTEM)) == []
    # Once there is room, asking again helps.
    await core.conversations.take(ids[0], member="Ana")
    again = await visit(core, "asked_for_person 21", network="campus")
    await core.work()
    assert await statuses(core, [again]) == [Status.WAITING]


@pytest.mark.parametrize("reason", [Reason.DISTRESS, Reason.ASKED_TO_STOP])
async def test_distress_and_a_stop_are_heard_in_every_crowd(
    core: Core, reason: Reason
) -> None:
    await flood(core, MOST_WAITING, reason=Reason.COMPLAINT)
    urgent = await visit(core, f"{reason} now", network="campus")
    others = [await visit(core, f"own_case {n}", network=n) for n in ("home", None)]
    await core.write("own_case", sender="whatsapp:+4915112345678")
    await core.work()
    assert await statuses(core, [urgent, *others]) == [Status.WAITING] * 3
    assert len(await queries.waiting(core.database)) == MOST_WAITING + 4


async def test_a_thumb_down_makes_no_crowd_larger(core: Core) -> None:
    core.worker = core.new_worker()
    asked = await visit(core, "How long?", network="campus")
    await core.work()
    core.worker = core.new_worker(ScriptedAssistant(hands_over))
    await flood(core, MOST_WAITING, reason=Reason.COMPLAINT)
    [told] = await core.rows(select(Message).where(Message.outcome == Outcome.ANSWER))
    await rate(
        core.conversations, "web", "visitor How long?", told.public_id, helpful=False
    )
    assert await statuses(core, [asked]) == [Status.BOT]
    [told] = await core.rows(select(Message).where(Message.id == told.id))
    assert told.helpful is False


async def test_strangers_of_one_network_are_marked_where_they_are_many(
    core: Core,
) -> None:
    await flood(core, 2, reason=Reason.OWN_CASE)
    await visit(core, "own_case home", network="home")
    await core.write("own_case", sender="whatsapp:+4915112345678")
    await core.work()
    assert [row.crowd for row in await rows(core)] == [0] * 4
    third = await visit(core, "own_case again", network="campus")
    await core.work()
    assert sorted(row.crowd for row in await rows(core)) == [0, 0, 3, 3, 3]
    # Whoever was here before is no stranger.
    await core.conversations.resolve(third)
    await visit(core, "own_case again", network="campus")
    await core.work()
    assert sorted(row.crowd for row in await rows(core)) == [0, 0, 0, 3, 3]


async def test_distress_is_first_then_complaints_then_the_overdue_then_the_longest_wait(
    core: Core,
) -> None:
    core.worker = core.new_worker()
    ids = [
        await core.waiting(sender=f"whatsapp:+4477009{number:05d}", reason=reason)
        for number, reason in enumerate(
            ["complaint", "own_case", "distress", "own_case", "distress"]
        )
    ]
    late = [ids[1], ids[4]]
    for one in late:
        async with core.conversations.changing(one) as (transaction, conversation):
            conversation.overdue_since = transaction.now
    expected = [ids[place] for place in (4, 2, 0, 1, 3)]
    assert [row.id for row in await rows(core)] == expected
    assert [row.id for row in await queries.waiting(core.database)] == expected


@pytest.mark.parametrize("language", languages())
def test_the_crowd_is_told_in_every_language(language: str) -> None:
    assert len(phrase("too_many_wait", language)) > 20
