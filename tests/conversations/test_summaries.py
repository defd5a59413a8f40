"""A summary for staff, made once a handoff, and never in anybody's way."""

import asyncio
from collections.abc import Sequence

import pytest
from sqlalchemy import select

from bot.conversations.contacts.erasing import Erasing
from bot.conversations.desk.dossier import dossier
from bot.conversations.models import Contact, Conversation
from bot.conversations.ports import Author, Purse, Turn
from bot.conversations.staff_help import Drafted, Written
from bot.conversations.working.summaries import Summaries
from bot.errors import ModelError
from tests.support.core import Core


class Model:
    """Sums up when it is let, or fails."""

    drafts = translates = False
    summarises = True

    def __init__(self) -> None:
        self.asked: list[Sequence[Turn]] = []
        self.fails = False
        self.asked_now = asyncio.Event()
        self.released = asyncio.Event()
        self.released.set()

    async def summarise(
        self, turns: Sequence[Turn], *, purse: Purse | None = None
    ) -> Written:
        self.asked.append(turns)
        self.asked_now.set()
        await self.released.wait()
        if self.fails:
            raise ModelError("too slow")
        return Written(
            lines=("Wants: a course.", "Open: the fee."), model="m", prompt_version="1"
        )

    async def draft(self, *_: object, **__: object) -> Drafted | None:
        raise NotImplementedError

    async def translate(self, *_: object, **__: object) -> Written:
        raise NotImplementedError

    def is_foreign(self, *_: object, **__: object) -> bool:
        return False


async def shown(core: Core, conversation: str) -> Sequence[str]:
    return (await dossier(core.conversations, conversation)).handoff_summary


@pytest.fixture
def model() -> Model:
    return Model()


@pytest.fixture
def summaries(core: Core, model: Model) -> Summaries:
    return Summaries(core.conversations, model)


async def test_a_handoff_is_summed_up_once_from_what_was_said(
    core: Core, model: Model, summaries: Summaries
) -> None:
    conversation = await core.waiting()
    assert await shown(core, conversation) == []
    assert [await summaries.step() for _ in range(2)] == [True, False]
    assert await shown(core, conversation) == ["Wants: a course.", "Open: the fee."]
    said = await core.said(conversation, Author.BOT)
    assert [(turn.author, turn.text) for turn in model.asked[0]] == [
        (Author.CONTACT, "How long?"),
        (Author.BOT, said[0]),
    ]
    assert (await core.event_log())[-1].kind == "conversation_updated"
    assert await core.said(conversation, Author.BOT) == said


async def test_the_bots_conversations_are_not_summed_up(
    core: Core, model: Model, summaries: Summaries
) -> None:
    await core.answered()
    assert not await summaries.step()
    assert model.asked == []


async def test_a_summary_that_fails_is_not_there_and_not_tried_again(
    core: Core, model: Model, summaries: Summaries
) -> None:
    model.fails = True
    conversation = await core.waiting()
    assert [await summaries.step() for _ in range(2)] == [True, False]
    assert await shown(core, conversation) == []
    assert len(model.asked) == 1


async def test_another_handoff_gets_another_summary(
    core: Core, model: Model, summaries: Summaries
) -> None:
    conversation = await core.waiting()
    await summaries.step()
    await core.conversations.hand_back(conversation)
    assert await shown(core, conversation) == []
    core.clock.advance(60)
    await core.conversations.hand_off(conversation, "asked")
    assert await summaries.step()
    assert len(model.asked) == 2


async def meanwhile(core: Core, what: str, conversation: str) -> None:
    """Something that happens to a conversation while the model writes."""
    conversations = core.conversations
    if what == "erased":
        contact = (await core.rows(select(Contact)))[0]
        await Erasing(conversations).erase(contact.public_id)
    elif what == "resolved":
        await conversations.resolve(conversation)
    elif what == "taken":
        await conversations.take(conversation, member="Alice")
    else:
        await conversations.hand_back(conversation)
        core.clock.advance(60)
        await conversations.hand_off(conversation, "asked")


@pytest.mark.parametrize(
    ("what", "is_kept"),
    [("erased", False), ("resolved", False), ("handed anew", False), ("taken", True)],
)
async def test_what_comes_when_the_handoff_is_over_is_not_written(
    what: str, is_kept: bool, core: Core, model: Model, summaries: Summaries
) -> None:
    conversation = await core.waiting()
    await core.work()
    model.released.clear()
    writing = asyncio.create_task(summaries.step())
    await model.asked_now.wait()
    await meanwhile(core, what, conversation)
    model.released.set()
    await writing
    assert bool(await shown(core, conversation)) is is_kept


async def test_an_erased_contact_leaves_no_summary(
    core: Core, summaries: Summaries
) -> None:
    conversation = await core.waiting()
    await core.work()
    await summaries.step()
    await meanwhile(core, "erased", conversation)
    rows = await core.rows(select(Conversation))
    assert [row.handoff_summary for row in rows] == [None]
