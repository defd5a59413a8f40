"""Call-backs: understood, asked for, due, done or not reached."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from bot.conversations.desk.call_desk import (
    CallDesk,
    closed_calls,
    count_open,
    open_calls,
)
from bot.conversations.models import CallBack, CallState, EventKind, Reason, Status
from bot.conversations.opening_hours import WEEK
from bot.conversations.ports import Author, Outcome
from bot.errors import ConversationError, NotFoundError
from bot.phrases import phrase
from tests.support.assistants import ScriptedAssistant, answer
from tests.support.core import ORGANISATION, PHONE, Core

ZONE = ORGANISATION.time_zone
INDIAN = "whatsapp:+919876543210"


ALWAYS = ORGANISATION.model_copy(
    update={"opening_hours": {key: ["00:00-23:59"] for key in WEEK}}
)
WEEKDAYS = ORGANISATION.model_copy(
    update={"opening_hours": {key: ["09:00-17:30"] for key in WEEK[:5]}}
)


@pytest.fixture
def calling(core: Core) -> Core:
    """Whoever says "call" asks for a call; on the web nobody has a number.

    Somebody is always there.
    """
    core.conversations.speaker.organisation = ALWAYS
    core.worker = core.new_worker(
        ScriptedAssistant(
            lambda question: (
                answer(
                    phrase("handoff_call", "en"),
                    outcome=Outcome.HANDOFF,
                    reason=Reason.ASKED_FOR_CALL,
                )
                if "call" in question
                else answer(f"About: {question}")
            )
        )
    )
    return core


async def ask(core: Core, text: str, *, sender: str = PHONE) -> str:
    receipt = await core.write(text, sender=sender)
    await core.work()
    return receipt.conversation_id


async def ask_on_the_web(core: Core, text: str) -> str:
    inbound = replace(core.inbound(text, sender="visitor", channel="web"))
    receipt = await core.conversations.receive(inbound)
    await core.work()
    return receipt.conversation_id


async def told(core: Core, conversation_id: str) -> str:
    """The last thing a contact was told."""
    return (
        await core.said(conversation_id, Author.SYSTEM)
        or await core.said(conversation_id, Author.BOT)
    )[-1]


async def the_call(core: Core) -> CallBack:
    (call,) = await core.rows(select(CallBack))
    return call


async def due(core: Core) -> int:
    return sum(e.kind is EventKind.CALL_BACK_DUE for e in await core.event_log())


async def test_number_and_time_are_taken_from_the_first_words(calling: Core) -> None:
    await ask(calling, "Please call me tomorrow at 10am", sender=INDIAN)
    call = await the_call(calling)
    assert call.number == "+919876543210"
    assert call.due_at == datetime(2026, 11, 25, 4, 30, tzinfo=UTC)
    assert call.preferred == "Please call me tomorrow at 10am"
    words = calling.sent(INDIAN)[-1]
    assert words.startswith(f"{phrase('handoff_call', 'en')} ") or (
        phrase("handoff_call", "en") in words
    )
    assert "+91 98765 43210" in words
    assert "Wednesday 2026-11-25 10:00 (Calcutta time)" in words
    assert phrase("ask_call_time", "en") not in words
    assert phrase("ask_reach", "en") not in words


async def test_what_is_missing_is_asked_for_until_it_is_there(calling: Core) -> None:
    conversation_id = await ask_on_the_web(calling, "can you call me")
    words = await told(calling, conversation_id)
    assert phrase("ask_call_number", "en") in words
    assert phrase("ask_call_time", "en") in words

    async def say(text: str) -> str:
        await calling.conversations.receive(
            calling.inbound(text, sender="visitor", channel="web")
        )
        await calling.work()
        return await told(calling, conversation_id)

    words = await say("98765 43210")
    assert phrase("ask_call_number", "en") in words
    words = await say("Friday 3pm Sydney time")
    assert "Friday 2026-11-27 15:00 (Sydney time)" in words
    assert phrase("ask_call_number", "en") in words
    words = await say("+91 98765 43210")
    assert "+91 98765 43210" in words
    assert phrase("ask_call_number", "en") not in words
    call = await the_call(calling)
    assert (call.number, call.time_zone) == ("+919876543210", "Australia/Sydney")
    assert call.due_at == datetime(2026, 11, 27, 4, 0, tzinfo=UTC)
    for other in ("Thanks a lot", "Which documents do I need by Friday at 5pm?"):
        await calling.conversations.receive(
            calling.inbound(other, sender="visitor", channel="web")
        )
        await calling.work()
    assert await told(calling, conversation_id) == words, "other words change nothing"
    words = await say("10:15 UTC+2 tomorrow")
    assert "Wednesday 2026-11-25 10:15 (UTC+02:00 time)" in words


async def test_a_program_may_hand_over_for_a_call(core: Core) -> None:
    conversation_id = await core.waiting(reason=Reason.ASKED_FOR_CALL)
    await core.work()
    assert "+44 7700 900123" in core.sent()[-1]
    assert (await the_call(core)).state is CallState.OPEN
    await core.conversations.hand_back(conversation_id)
    await core.conversations.hand_off(conversation_id, Reason.ASKED_FOR_CALL)
    assert await count_open(core.database) == 1


async def test_staff_who_hold_it_are_not_talked_over(core: Core) -> None:
    conversation_id = await core.waiting(reason=Reason.ASKED_FOR_CALL)
    await core.conversations.take(conversation_id, member="Alice")
    before = await core.said(conversation_id, Author.SYSTEM)
    await core.write("tomorrow at 5pm")
    assert await core.said(conversation_id, Author.SYSTEM) == before


async def test_staff_are_reminded_once_when_a_call_is_due(calling: Core) -> None:
    await ask(calling, "call me tomorrow at 10am", sender=INDIAN)
    await calling.work(after=18 * 3600)
    assert await due(calling) == 0
    calling.clock.advance(2 * 3600)
    workers = [calling.new_worker() for _ in range(3)]
    await asyncio.gather(*(worker._overdue.step() for worker in workers))
    await calling.work()
    assert await due(calling) == 1


async def test_who_names_no_time_is_due_soon(core: Core) -> None:
    await core.waiting(reason=Reason.ASKED_FOR_CALL)
    call = await the_call(core)
    assert call.due_at is None
    assert call.remind_at == datetime(2026, 11, 30, 9, 15, tzinfo=UTC)


async def test_attempts_are_counted_until_they_are_reached(core: Core) -> None:
    await core.waiting(reason=Reason.ASKED_FOR_CALL)
    desk = CallDesk(core.conversations)
    (call,) = await open_calls(core.database, time_zone=ZONE)
    await desk.not_reached(call.id, member="Alice")
    (call,) = await open_calls(core.database, time_zone=ZONE)
    assert (call.attempts, call.last_attempt_at) == (1, core.clock())
    assert call.due_at == datetime(2026, 11, 30, 10, 0, tzinfo=UTC)
    await desk.done(call.id, member="Alice")
    assert await open_calls(core.database, time_zone=ZONE) == []
    (call,) = await closed_calls(core.database, time_zone=ZONE)
    assert (call.state, call.attempts) == (CallState.DONE, 2)
    for step in (desk.done, desk.not_reached, desk.give_up):
        with pytest.raises(ConversationError, match="closed already"):
            await step(call.id, member="Alice")
    with pytest.raises(NotFoundError):
        await desk.done("nosuch", member="Alice")


async def test_nobody_calls_for_ever(core: Core) -> None:
    conversation_id = await core.waiting(reason=Reason.ASKED_FOR_CALL)
    (call,) = await open_calls(core.database, time_zone=ZONE)
    await CallDesk(core.conversations).give_up(call.id, member="Alice")
    (call,) = await closed_calls(core.database, time_zone=ZONE)
    assert (call.state, call.attempts) == (CallState.NOT_REACHED, 0)
    core.clock.advance(timedelta(days=10).total_seconds())
    await core.work()
    assert await due(core) == 0
    assert (await core.conversation(conversation_id)).status is Status.WAITING


async def test_staff_see_the_contacts_clock_too(calling: Core) -> None:
    await ask(calling, "call me tomorrow at 10am", sender=INDIAN)
    (call,) = await open_calls(calling.database, time_zone=ZONE)
    assert call.their_zone == "Calcutta"
    assert call.their_time is not None
    assert f"{call.their_time:%H:%M}" == "10:00"
    assert call.contact == "+919876543210"


@pytest.mark.parametrize("name", ["UTC", "Etc/UTC"])
async def test_an_organisation_may_keep_universal_time(
    calling: Core, name: str
) -> None:
    organisation = ALWAYS.model_copy(update={"time_zone": name})
    calling.conversations.speaker.organisation = organisation
    conversation_id = await ask_on_the_web(calling, "Please call me tomorrow at 3pm")
    assert "Wednesday 2026-11-25 15:00 (UTC time)" in await told(
        calling, conversation_id
    )
    (call,) = await open_calls(calling.database, time_zone=name)
    assert call.due_at == datetime(2026, 11, 25, 15, tzinfo=UTC)


async def test_a_zone_told_by_its_offset_is_kept(calling: Core) -> None:
    conversation_id = await ask_on_the_web(
        calling, "Please call me tomorrow at 3pm UTC+5:30"
    )
    call = await the_call(calling)
    assert call.time_zone == "UTC+05:30"
    assert call.due_at == datetime(2026, 11, 25, 9, 30, tzinfo=UTC)
    assert "15:00 (UTC+05:30 time)" in await told(calling, conversation_id)


async def test_a_time_in_the_stated_zone_and_a_number_without_its_country(
    calling: Core,
) -> None:
    calling.conversations.speaker.organisation = WEEKDAYS
    conversation_id = await ask_on_the_web(
        calling, "call me 5pm IST, my number is 98450 12345"
    )
    call = await the_call(calling)
    assert call.number == "+919845012345"
    assert call.due_at == datetime(2026, 11, 24, 11, 30, tzinfo=UTC)
    words = await told(calling, conversation_id)
    assert "+91 98450 12345" in words
    assert "Tuesday 2026-11-24 17:00 (Kolkata time)" in words


@pytest.mark.parametrize(
    ("text", "sender"),
    [
        ("call me on Sunday at 10am", PHONE),
        ("call me tomorrow at 8pm", PHONE),
        ("please call 9am my time, I am in Vietnam", PHONE),
        ("call me at 9am", "whatsapp:+84912345678"),
    ],
)
async def test_no_call_is_booked_for_when_nobody_is_there(
    calling: Core, text: str, sender: str
) -> None:
    calling.conversations.speaker.organisation = WEEKDAYS
    await ask(calling, text, sender=sender)
    call = await the_call(calling)
    assert (call.due_at, call.preferred) == (None, text)
    words = calling.sent(sender)[-1]
    assert "We are closed at the time you named." in words
    zone = "Ho Chi Minh" if "Vietnam" in text or "+84" in sender else "London"
    hours = "16:00-00:30" if zone != "London" else "09:00-17:30"
    assert f"{hours} ({zone} time)" in words


async def test_an_hour_without_its_day_is_on_the_next_open_day(calling: Core) -> None:
    calling.conversations.speaker.organisation = WEEKDAYS
    await ask(calling, "call me on Sunday at 10am")
    assert "Monday 2026-11-30 09:00-17:30" in calling.sent()[-1]
    for text, told in (
        ("better at 11am", "Monday 2026-11-30 11:00 (London time)"),
        ("at 8:30 on Friday", "Friday 2026-11-27 09:00-17:30"),
        ("Friday at 10", "Friday 2026-11-27 10:00 (London time)"),
    ):
        await ask(calling, text)
        assert told in calling.sent()[-1]
    calling.clock.advance(timedelta(days=4).total_seconds())
    again = "whatsapp:+447700900999"
    await ask(calling, "call me at 11am", sender=again)
    assert "Monday 2026-11-30 11:00 (London time)" in calling.sent(again)[-1]


@pytest.mark.parametrize("held_by", ["nobody", "the bot", "a new conversation"])
async def test_a_call_is_moved_and_called_off_in_ordinary_words(
    calling: Core, held_by: str
) -> None:
    conversation_id = await ask(calling, "call me tomorrow at 5pm")
    if held_by == "the bot":
        await calling.conversations.hand_back(conversation_id)
    elif held_by == "a new conversation":
        await calling.conversations.resolve(conversation_id)
    await ask(calling, "make it 6pm instead")
    await ask(calling, "actually Friday at 3pm is better")
    call = await the_call(calling)
    assert call.due_at == datetime(2026, 11, 27, 15, 0, tzinfo=UTC)
    assert "Friday 2026-11-27 15:00 (London time)" in calling.sent()[-1]
    last = await ask(calling, "no need to call me anymore")
    assert (await the_call(calling)).state is CallState.CANCELLED
    assert calling.sent()[-1] == phrase("call_cancelled", "en")
    assert (await calling.conversation(last)).status is Status.BOT
    calling.clock.advance(timedelta(days=4).total_seconds())
    await calling.work()
    assert await due(calling) == 0


async def test_while_a_call_is_awaited_questions_are_answered(calling: Core) -> None:
    await ask(calling, "call me tomorrow at 5pm")
    await ask(calling, "Which documents do I need?")
    assert calling.sent()[-1].startswith("About: Which documents do I need?")
    call = await the_call(calling)
    assert call.due_at == datetime(2026, 11, 25, 17, 0, tzinfo=UTC)


async def test_distress_goes_before_every_call(calling: Core) -> None:
    await ask(calling, "call me on Friday at 5pm")
    calling.worker = calling.new_worker(
        ScriptedAssistant(
            lambda _: answer("Help.", outcome=Outcome.HANDOFF, reason=Reason.DISTRESS)
        )
    )
    conversation_id = await ask(calling, "I want to end it tomorrow")
    call = await the_call(calling)
    assert call.due_at == datetime(2026, 11, 27, 17, 0, tzinfo=UTC)
    assert calling.sent()[-1].startswith("Help. ")
    row = await calling.conversation(conversation_id)
    assert row.handoff_reason == Reason.DISTRESS


@pytest.mark.parametrize(
    ("text", "stopped"), [("cancel", False), ("stop writing and do not call me", True)]
)
async def test_cancel_alone_means_the_call_and_no_more_words_means_that(
    calling: Core, text: str, *, stopped: bool
) -> None:
    await ask(calling, "call me on Friday at 5pm")
    calling.worker = calling.new_worker(
        ScriptedAssistant(
            lambda _: answer(
                "Done.", outcome=Outcome.HANDOFF, reason=Reason.ASKED_TO_STOP
            )
        )
    )
    await ask(calling, text)
    assert (phrase("stopped", "en") in calling.sent()) is stopped
    assert (phrase("call_cancelled", "en") in calling.sent()) is not stopped
