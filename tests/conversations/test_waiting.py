"""Nobody reacts: staff are reminded, the contact is told, asked and may choose."""

import asyncio
from datetime import UTC, datetime, timedelta
from functools import partial

import pytest
from sqlalchemy import select, update

from bot.conversations.desk.choosing import Choice
from bot.conversations.desk.inbox import inbox
from bot.conversations.models import (
    Consent,
    Conversation,
    DeliveryState,
    EventKind,
    Message,
    Status,
    WayToReach,
)
from bot.conversations.opening_hours import after_open_time, opens_at
from bot.conversations.ports import Author, Outcome
from bot.conversations.spoken.understood import says
from bot.phrases import languages, phrase
from tests.support.assistants import ScriptedAssistant, answer
from tests.support.clock import START
from tests.support.core import ORGANISATION, Core
from tests.test_phrases import QUOTED

MONDAY = datetime(2026, 11, 30, 10, 0, tzinfo=UTC)
DESK = ORGANISATION.model_copy(
    update={"opening_hours": {"monday": ["09:00-12:00", "13:00-17:00"]}}
)


@pytest.fixture
async def waiting(core: Core) -> str:
    """A contact waits since Monday at ten, when the organisation is open."""
    core.clock.advance((MONDAY - START).total_seconds() - 10)
    return await core.waiting()


async def overdue(core: Core) -> int:
    log = await core.event_log()
    return sum(event.kind is EventKind.HANDOFF_OVERDUE for event in log)


def told(core: Core, key: str) -> int:
    return sum(text.startswith(phrase(key, "en")) for text in core.sent())


@pytest.mark.parametrize(
    ("since", "minutes", "then"),
    [
        ("2026-11-30T10:00", 15, "2026-11-30T10:15"),
        ("2026-11-30T11:50", 15, "2026-11-30T13:05"),
        ("2026-11-30T07:00", 15, "2026-11-30T09:15"),
        ("2026-11-30T16:00", 120, "2026-12-07T10:00"),
        ("2026-11-24T09:00", 15, "2026-11-30T09:15"),
        ("2026-11-30T09:00", 420, "2026-11-30T17:00"),
    ],
)
def test_only_opening_time_counts(since: str, minutes: int, then: str) -> None:
    start = datetime.fromisoformat(since).replace(tzinfo=UTC)
    found = after_open_time(DESK, start, timedelta(minutes=minutes))
    assert found == datetime.fromisoformat(then).replace(tzinfo=UTC)


def test_without_opening_hours_time_counts_as_it_is() -> None:
    never = DESK.model_copy(update={"opening_hours": {}})
    assert after_open_time(never, START, timedelta(hours=5)) == START + timedelta(
        hours=5
    )


def test_whoever_is_open_too_seldom_is_asked_in_two_months() -> None:
    seldom = DESK.model_copy(update={"opening_hours": {"monday": ["09:00-09:01"]}})
    found = after_open_time(seldom, START, timedelta(hours=5))
    assert found == START + timedelta(days=60)
    assert opens_at(seldom, START) is not None


async def test_staff_are_reminded_and_the_contact_is_told_once(
    core: Core, waiting: str
) -> None:
    await core.work(after=14 * 60)
    assert (await overdue(core), told(core, "still_waiting")) == (0, 0)
    await core.work(after=60)
    assert (await overdue(core), told(core, "still_waiting")) == (1, 1)
    assert "open now" in core.sent()[-1]
    assert (await core.conversation(waiting)).overdue_since is not None
    await core.work(after=15 * 60)
    assert (await overdue(core), told(core, "still_waiting")) == (2, 1)


async def test_who_is_overdue_goes_back_to_the_top_marked_and_unread(
    core: Core, waiting: str
) -> None:
    await core.waiting(sender="whatsapp:+447700900777")
    async with core.database.write() as session:
        # As if the first one had been handed over later: being overdue counts more.
        await session.execute(
            update(Conversation)
            .where(Conversation.public_id == waiting)
            .values(handed_off_at=MONDAY + timedelta(hours=1))
        )
        await session.execute(
            update(Conversation)
            .where(Conversation.public_id != waiting)
            .values(remind_at=None)
        )
    await core.work(after=20 * 60)
    page = await inbox(core.database, Choice(), member_id=1, now=core.clock())
    assert page.rows[0].id == waiting
    assert [row.overdue for row in page.rows] == [True, False]
    assert page.rows[0].unread


@pytest.mark.parametrize("step", ["take", "hand_back", "resolve"])
async def test_who_is_taken_in_time_is_not_overdue(
    core: Core, waiting: str, step: str
) -> None:
    do = {
        "take": partial(core.conversations.take, waiting, member="Alice"),
        "hand_back": partial(core.conversations.hand_back, waiting),
        "resolve": partial(core.conversations.resolve, waiting),
    }[step]
    await do()
    await core.work(after=3600)
    assert (await overdue(core), told(core, "still_waiting")) == (0, 0)


async def test_a_notice_that_staff_overtook_does_not_leave(
    core: Core, waiting: str
) -> None:
    await core.work()
    core.clock.advance(3600)
    assert await core.worker._overdue.step()
    await core.conversations.take(waiting, member="Alice")
    await core.work()
    assert told(core, "still_waiting") == 0
    assert (await core.delivery_states())[-1] is DeliveryState.CANCELLED


async def test_of_many_workers_one_reminds(core: Core, waiting: str) -> None:
    workers = [core.new_worker() for _ in range(4)]
    core.clock.advance(3600)
    await asyncio.gather(*(worker._overdue.step() for worker in workers))
    assert await overdue(core) == 1
    assert not await core.new_worker()._overdue.step(), "a restart finds nothing to do"


async def test_who_is_snoozed_waits_for_the_end_of_it(core: Core, waiting: str) -> None:
    async with core.database.write() as session:
        await session.execute(
            update(Conversation).values(snoozed_until=MONDAY + timedelta(hours=2))
        )
    await core.work(after=3600)
    assert await overdue(core) == 0
    await core.work(after=3600)
    assert await overdue(core) == 1


async def test_who_waits_for_hours_may_choose_the_bot_again(
    core: Core, waiting: str
) -> None:
    await core.work(after=3.5 * 3600)
    assert told(core, "bot_again") == 0
    await core.work(after=1.5 * 3600)
    assert told(core, "bot_again") == 1
    await core.write("BOT!")
    row = await core.conversation(waiting)
    assert (row.status, row.handoff_reason) == (Status.BOT, None)
    await core.work(after=5 * 3600)
    assert core.sent()[-1] == phrase("bot_back", "en")
    await core.answered("How much?")
    assert "About: How much?" in core.sent()[-1]
    assert (told(core, "bot_again"), told(core, "still_waiting")) == (1, 1)


async def test_whom_a_staff_member_leaves_alone_may_choose_too(
    core: Core, waiting: str
) -> None:
    await core.conversations.take(waiting, member="Alice")
    await core.write("bot")
    assert (await core.conversation(waiting)).status is Status.STAFF
    await core.work(after=5 * 3600)
    assert told(core, "bot_again") == 1
    await core.write("bot")
    assert (await core.conversation(waiting)).status is Status.BOT


async def test_an_answer_of_staff_ends_the_wait_until_the_contact_writes(
    core: Core, waiting: str
) -> None:
    await core.conversations.reply_as_staff(waiting, "Hello!", member="Alice")
    await core.work(after=5 * 3600)
    assert told(core, "bot_again") == 0
    await core.write("And then?")
    assert (await core.conversation(waiting)).offer_bot_at is not None
    await core.conversations.reply_as_staff(waiting, "Then this.", member="Alice")
    assert (await core.conversation(waiting)).offer_bot_at is None


async def test_an_offer_that_a_reply_overtook_does_not_leave(
    core: Core, waiting: str
) -> None:
    await core.conversations.take(waiting, member="Alice")
    await core.work()
    core.clock.advance(5 * 3600)
    assert await core.worker._overdue.step()
    await core.conversations.reply_as_staff(waiting, "Here I am.", member="Alice")
    await core.work()
    assert told(core, "bot_again") == 0
    assert core.sent()[-1] == "Here I am."


async def test_nothing_is_said_where_the_channel_no_longer_carries_it(
    core: Core, waiting: str
) -> None:
    async with core.database.write() as session:
        await session.execute(
            update(Conversation).values(remind_at=MONDAY + timedelta(days=2))
        )
    core.clock.advance(timedelta(days=3).total_seconds())
    while await core.worker._overdue.step():
        pass
    assert await overdue(core) > 0
    said = await core.said(waiting, Author.SYSTEM)
    assert not any(text.startswith(phrase("still_waiting", "en")) for text in said)


@pytest.mark.parametrize("language", languages())
@pytest.mark.parametrize("key", ["bot_meanwhile", "bot_again"])
def test_the_word_that_brings_the_bot_back_is_understood(
    language: str, key: str
) -> None:
    (word,) = QUOTED.findall(phrase(key, language))
    assert says("bot", word)


def knowing_no_addresses(core: Core) -> None:
    """An assistant that answers questions, and has nothing on addresses and numbers."""
    core.worker = core.new_worker(
        ScriptedAssistant(
            lambda text: (
                answer(f"About: {text}")
                if text.endswith("?")
                else answer("No idea.", outcome=Outcome.NO_ANSWER)
            )
        )
    )


async def test_outside_hours_another_way_is_asked_for_and_kept_with_consent(
    core: Core,
) -> None:
    knowing_no_addresses(core)
    conversation_id = await core.waiting()
    await core.work()
    assert phrase("ask_reach", "en") in core.sent()[-1]
    await core.write("It's anna@example.org or +44 20 7946 0958")
    await core.work()
    assert core.sent()[-1].startswith(
        "Thank you. We keep anna@example.org, +44 20 7946 0958"
    )
    ways = await core.rows(select(WayToReach).order_by(WayToReach.id))
    assert [way.value for way in ways] == ["anna@example.org", "+442079460958"]
    consents = await core.rows(select(Consent))
    answers = await core.rows(
        select(Message).where(Message.id.in_([one.message_id for one in consents]))
    )
    assert [one.text for one in answers] == [
        "It's anna@example.org or +44 20 7946 0958"
    ]
    assert {phrase("ask_reach", "en") in one.how for one in consents} == {True}
    await core.write("My budget is +44 20 7946 0959, so to say")
    assert len(await core.rows(select(WayToReach))) == 2
    assert (await core.conversation(conversation_id)).status is Status.WAITING


async def test_what_cannot_be_read_is_asked_for_again(core: Core) -> None:
    knowing_no_addresses(core)
    await core.waiting()
    await core.write("98765 43210")
    await core.work()
    assert core.sent()[-1] == phrase("reach_unreadable", "en")
    await core.write("What does it cost?")
    await core.work()
    assert core.sent()[-1].startswith("About: What does it cost?")
    await core.write("+91 98765 43210")
    await core.work()
    assert "+91 98765 43210" in core.sent()[-1]


@pytest.mark.parametrize("reason", ["distress", "asked_for_call"])
async def test_who_has_other_worries_is_not_asked_for_an_address(
    core: Core, reason: str
) -> None:
    await core.waiting(reason=reason)
    await core.work()
    assert not any(phrase("ask_reach", "en") in text for text in core.sent())


async def test_an_address_that_nobody_asked_for_is_kept_and_told(
    core: Core, waiting: str
) -> None:
    knowing_no_addresses(core)
    await core.write("please answer to anna@example.org")
    await core.work()
    assert "We keep anna@example.org" in core.sent()[-1]
    (way,) = await core.rows(select(WayToReach))
    assert way.value == "anna@example.org"
    (consent,) = await core.rows(select(Consent))
    assert consent.how == "Wrote it here, unasked"


async def test_what_is_overdue_is_not_promised_again(core: Core, waiting: str) -> None:
    core.conversations.speaker.organisation = ORGANISATION.model_copy(
        update={"usual_reply_minutes": 30}
    )
    await core.work(after=20 * 60)
    assert told(core, "still_waiting") == 1
    assert "open now" in core.sent()[-1]
    assert "30 minutes" not in core.sent()[-1]


async def test_an_old_handoff_never_causes_a_new_one(core: Core) -> None:
    listener = ScriptedAssistant()
    core.worker = core.new_worker(listener)
    conversation_id = await core.waiting(reason="asked_for_person")
    await core.write("bot")
    await core.answered("How long?")
    assert (await core.conversation(conversation_id)).status is Status.BOT
    await core.conversations.hand_off(conversation_id, "asked_for_person")
    await core.conversations.resolve(conversation_id)
    again = await core.answered("How long?")
    assert again != conversation_id
    assert (await core.conversation(again)).status is Status.BOT
    assert listener.asked[-1][1] == ()
