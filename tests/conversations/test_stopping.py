"""Who wants no more messages gets none, whoever would write, until they write START."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from bot.conversations.desk.templates import Templates
from bot.conversations.models import Address, DeliveryState, EventKind, Reason, Status
from bot.conversations.ports import Author, OptOut, Outcome
from bot.errors import ConversationError
from bot.phrases import languages, phrase
from tests.support.assistants import ScriptedAssistant, answer
from tests.support.clock import START
from tests.support.core import TEMPLATES, Core, hours

OPEN = datetime(2026, 11, 30, 10, 0, tzinfo=UTC)
WORDS = {
    "en": ["STOP", "stop.", "Unsubscribe", "QUIT", "opt-out"],
    "es": ["Darme de baja"],
    "fr": ["Arrêt"],
    "pt": ["descadastrar"],
    "ar": ["إيقاف"],
    "hi": ["बंद करो"],
    "bn": ["বন্ধ করুন"],
    "vi": ["Dừng lại"],
    "zh": ["退订"],
    "ur": ["بند کرو"],
    "de": ["Stopp!"],
}


@pytest.fixture
async def stopped(core: Core) -> str:
    """A conversation whose contact asked for no more messages in opening hours."""
    core.clock.advance((OPEN - START).total_seconds() - 10)
    return await core.waiting(reason=Reason.ASKED_TO_STOP)


async def test_whoever_begins_with_it_is_told_in_the_language_of_the_word(
    core: Core,
) -> None:
    await core.write("बंद करो")
    await core.work()
    assert core.sent() == [phrase("stopped", "hi")]


async def stopped_at(core: Core) -> datetime | None:
    (address,) = await core.rows(select(Address))
    return address.stopped_at


def test_every_language_has_words_for_it() -> None:
    assert set(WORDS) == set(languages())


@pytest.mark.parametrize("held_by", ["bot", "nobody", "staff"])
async def test_the_word_counts_whoever_holds_the_conversation(
    core: Core, held_by: str
) -> None:
    conversation_id = await core.answered()
    if held_by != "bot":
        await core.conversations.hand_off(conversation_id, "asked_for_person")
    if held_by == "staff":
        await core.conversations.take(conversation_id, member="Alice")
    await core.write("STOP")
    await core.work()

    assert await stopped_at(core) is not None
    assert core.sent()[-1] == phrase("stopped", "en")
    row = await core.conversation(conversation_id)
    assert row.status is (Status.STAFF if held_by == "staff" else Status.WAITING)


async def test_each_language_is_understood_in_the_middle_of_staffs_words(
    core: Core,
) -> None:
    texts = [(name, text) for name, texts in WORDS.items() for text in texts]
    for number, (language, text) in enumerate(texts):
        phone = f"whatsapp:+4477009{number:05d}"
        await core.staff_say("We are on it.", sender=phone)
        await core.write(text, sender=phone)
        await core.work()
        assert core.sent(phone) == [phrase("stopped", language)], text


async def test_the_wish_is_kept_however_it_was_said(core: Core) -> None:
    wish = answer("Done.", outcome=Outcome.HANDOFF, reason=Reason.ASKED_TO_STOP)
    core.worker = core.new_worker(ScriptedAssistant(lambda _: wish))
    await core.answered("take my number off your list")
    assert await stopped_at(core) is not None


async def test_staff_cannot_write_to_them_nor_send_templates(
    core: Core, stopped: str
) -> None:
    await core.work()
    with pytest.raises(ConversationError, match="write START"):
        await core.conversations.reply_as_staff(stopped, "One more", member="Ana")
    core.clock.advance(hours(48))
    with pytest.raises(ConversationError, match="write START"):
        await Templates(core.conversations, TEMPLATES).send(
            stopped, TEMPLATES[0].name, {"1": "Ada"}, member="Ana"
        )
    await core.conversations.hand_back(stopped)
    await core.work()
    assert core.sent()[-1] == phrase("stopped", "en")


async def test_what_has_not_left_does_not_leave_any_more(core: Core) -> None:
    await core.staff_say("First", "Second")
    await core.write("STOP")
    await core.work()
    assert core.sent() == [phrase("stopped", "en")]
    assert (await core.delivery_states())[:2] == [DeliveryState.CANCELLED] * 2


async def test_an_answer_that_waits_for_them_leaves_with_start(
    core: Core, stopped: str
) -> None:
    await core.write("START")
    await core.conversations.take(stopped, member="Ana")
    core.clock.advance(hours(48))
    await Templates(core.conversations, TEMPLATES).send(
        stopped, TEMPLATES[0].name, {"1": "Ada"}, member="Ana", answer="It is 49."
    )
    await core.work()
    await core.write("Stop")
    await core.work()
    assert "It is 49." not in core.sent()
    await core.write("Start")
    await core.work()
    assert core.sent()[-1] == "It is 49."


async def test_what_they_write_goes_to_staff_and_they_are_told_the_word_once_a_day(
    core: Core, stopped: str
) -> None:
    await core.work()
    await core.conversations.resolve(stopped)
    before = len(core.sent())
    again = (await core.write("How much is it?")).conversation_id
    await core.work()
    assert len(core.sent()) == before, "they have just been told"
    row = await core.conversation(again)
    assert (row.status, row.handoff_reason) == (Status.WAITING, Reason.ASKED_TO_STOP)
    core.clock.advance(hours(25))
    for _ in range(2):
        await core.write("Hello?")
        await core.work()
    assert core.sent()[before:] == [phrase("stopped_still", "en")]


async def test_distress_is_answered_all_the_same(core: Core, stopped: str) -> None:
    help_ = answer("Call them.", outcome=Outcome.HANDOFF, reason=Reason.DISTRESS)
    core.worker = core.new_worker(ScriptedAssistant(lambda _: help_))
    await core.write("I cannot go on")
    await core.work()
    assert core.sent()[-1].startswith("Call them. ")
    assert (await core.conversation(stopped)).handoff_reason == Reason.DISTRESS
    assert await stopped_at(core) is not None


async def test_what_the_channel_has_understood_counts_and_is_not_said_again(
    core: Core,
) -> None:
    conversation_id = await core.answered()
    before = core.sent()
    await core.write("Stop", opt_out=OptOut.STOP, answered_elsewhere=True)
    await core.work()
    assert await stopped_at(core) is not None
    assert (await core.conversation(conversation_id)).status is Status.WAITING
    await core.write("Start", opt_out=OptOut.START, answered_elsewhere=True)
    await core.work()
    assert await stopped_at(core) is None
    assert (await core.conversation(conversation_id)).status is Status.BOT
    assert core.sent() == before


async def test_a_refusal_of_the_channels_own_list_is_kept(core: Core) -> None:
    core.simulator.faults.codes = [21610]
    conversation_id = await core.answered()
    await core.work()
    row = await core.conversation(conversation_id)
    assert (row.status, row.handoff_reason) == (Status.WAITING, Reason.ASKED_TO_STOP)
    assert await stopped_at(core) is not None
    assert core.sent() == []


async def test_outside_opening_hours_nobody_asks_how_else_to_reach_them(
    core: Core,
) -> None:
    await core.waiting(reason=Reason.ASKED_TO_STOP)
    await core.work()

    assert core.sent()[-1] == phrase("stopped", "en")


async def test_staff_are_reminded_but_the_contact_hears_nothing(
    core: Core, stopped: str
) -> None:
    await core.work()
    before = core.sent()

    for _ in range(6):
        await core.work(after=hours(1))

    assert core.sent() == before
    kinds = [event.kind for event in await core.event_log()]
    assert EventKind.HANDOFF_OVERDUE in kinds


@pytest.mark.parametrize("word", ["START", "start", "Start!", "unstop"])
async def test_with_start_the_bot_is_back(core: Core, stopped: str, word: str) -> None:
    await core.write(word)
    await core.work()

    assert core.sent()[-1] == phrase("started", "en")
    assert (await core.conversation(stopped)).status is Status.BOT
    await core.answered("How much?")
    assert "About: How much?" in core.sent()[-1]


async def test_start_is_a_word_for_staff_where_nobody_asked_to_stop(
    core: Core,
) -> None:
    waiting = await core.waiting(reason=Reason.ASKED_FOR_PERSON)
    await core.write("start")
    await core.work()

    assert (await core.conversation(waiting)).status is Status.WAITING


async def test_start_does_not_take_a_conversation_from_staff(
    core: Core, stopped: str
) -> None:
    await core.conversations.take(stopped, member="Alice")
    await core.write("START")
    await core.work()

    assert (await core.conversation(stopped)).status is Status.STAFF
    assert phrase("started", "en") not in await core.said(stopped, Author.SYSTEM)
    await core.conversations.reply_as_staff(stopped, "Hello again", member="Alice")
    await core.work()
    assert core.sent()[-1] == "Hello again"
