"""What can happen to a conversation, on SQLite and on PostgreSQL."""

import asyncio

import pytest

from bot.conversations.desk import queries
from bot.conversations.models import DeliveryState, EventKind, Status
from bot.conversations.ports import Author, Outcome
from bot.errors import ConversationError, NotFoundError
from bot.phrases import phrase
from bot.staff import staff_member
from tests.support.assistants import ScriptedAssistant, answer
from tests.support.core import ORGANISATION, Core, hours, told_when_closed


async def test_a_handoff_tells_the_contact_and_says_why_to_staff(core: Core) -> None:
    conversation_id = await core.answered()
    await core.conversations.hand_off(conversation_id, "asked_for_person")
    await core.work()
    assert core.sent()[1:] == [told_when_closed(core, "handoff_person")]
    (row,) = await queries.waiting(core.database)
    assert (row.id, row.status, row.handoff_reason) == (
        conversation_id,
        Status.WAITING,
        "asked_for_person",
    )


async def test_a_contact_who_waits_for_staff_gets_no_reply_from_the_bot(
    core: Core,
) -> None:
    conversation_id = await core.waiting()
    await core.write("Hello?")
    await core.conversations.take(conversation_id, member="Alice")
    await core.write("Anybody?")
    await core.work()
    assert len(await core.said(conversation_id, Author.BOT)) == 1


async def test_staff_reply_in_a_conversation_that_becomes_theirs(core: Core) -> None:
    conversation_id = await core.answered()
    await core.conversations.reply_as_staff(
        conversation_id, "Alice here.", member="Alice"
    )
    await core.work()
    assert core.sent()[1:] == ["Alice here."]
    (row,) = await queries.waiting(core.database)
    assert (row.status, row.assignee) == (Status.STAFF, "Alice")


async def test_a_reply_of_staff_without_words_is_refused(core: Core) -> None:
    conversation_id = await core.answered()
    with pytest.raises(ConversationError, match="a reply needs words"):
        await core.conversations.reply_as_staff(conversation_id, " \n", member="Alice")
    assert (await core.conversation(conversation_id)).status is Status.BOT


async def test_staff_cannot_reply_where_a_colleague_answers(core: Core) -> None:
    conversation_id = await core.answered()
    await core.conversations.take(conversation_id, member="Alice")
    with pytest.raises(ConversationError, match="Alice has taken it"):
        await core.conversations.reply_as_staff(conversation_id, "Ben!", member="Ben")
    assert await core.said(conversation_id, Author.STAFF) == []


@pytest.mark.parametrize(("later", "refused"), [(23.9, False), (24.1, True)])
async def test_staff_can_reply_on_whatsapp_within_a_day_of_the_last_message(
    core: Core, later: float, refused: bool
) -> None:
    conversation_id = await core.answered()
    await core.work(after=hours(later))
    reply = core.conversations.reply_as_staff(conversation_id, "Hi.", member="Alice")
    if refused:
        words = (
            "^the contact last wrote more than 24 hours ago; "
            "whatsapp no longer carries free text to them$"
        )
        with pytest.raises(ConversationError, match=words):
            await reply
        assert (await core.conversation(conversation_id)).status is Status.BOT
    else:
        await reply
    assert await core.said(conversation_id, Author.STAFF) == (
        [] if refused else ["Hi."]
    )


async def test_on_the_web_staff_can_reply_whenever_they_like(core: Core) -> None:
    opened = await core.conversations.open("web", "visitor-1")
    await core.conversations.receive(
        core.inbound("How long?", channel="web", sender="visitor-1")
    )
    core.clock.advance(hours(100))
    await core.conversations.reply_as_staff(
        opened.conversation_id, "Hi.", member="Alice"
    )
    assert await core.said(opened.conversation_id, Author.STAFF) == ["Hi."]


@pytest.mark.parametrize("taken_first", [True, False])
async def test_after_a_hand_back_older_messages_are_not_answered(
    core: Core, taken_first: bool
) -> None:
    conversation_id = await core.waiting()
    if taken_first:
        await core.conversations.take(conversation_id, member="Alice")
    await core.write("Written to staff")
    await core.conversations.hand_back(conversation_id)
    await core.work()
    assert len(await core.said(conversation_id, Author.BOT)) == 1
    await core.write("Written to the bot")
    await core.work()
    said = await core.said(conversation_id, Author.BOT)
    assert said[1:] == ["About: Written to the bot"]


async def test_staff_with_the_same_new_name_can_step_in_at_the_same_moment(
    core: Core,
) -> None:
    phones = [f"whatsapp:+4477009001{number:02d}" for number in range(6)]
    ids = [(await core.write("Hi", sender=p)).conversation_id for p in phones]
    await asyncio.gather(*(core.conversations.take(i, member="Alice") for i in ids))
    rows = await queries.waiting(core.database)
    assert [row.assignee for row in rows] == ["Alice"] * 6


async def test_a_name_that_is_written_down_elsewhere_at_this_moment_is_the_same(
    postgresql_core: Core,
) -> None:
    core = postgresql_core
    conversation_id = (await core.write("Hi")).conversation_id
    async with core.database.write() as session:
        elsewhere = await staff_member(session, "Alice", now=core.clock())
        take = core.conversations.take(conversation_id, member="Alice")
        taking = asyncio.create_task(take)
        await asyncio.wait([taking], timeout=0.5)
        assert not taking.done()
    await taking
    assert (await core.conversation(conversation_id)).assignee_id == elsewhere.id


@pytest.mark.parametrize("step", ["hand_off", "take", "resolve", "hand_back", "reply"])
async def test_a_conversation_that_does_not_exist_is_not_found(
    core: Core, step: str
) -> None:
    conversations = core.conversations
    steps = {
        "hand_off": conversations.hand_off("nowhere", "asked"),
        "take": conversations.take("nowhere", member="Alice"),
        "resolve": conversations.resolve("nowhere"),
        "hand_back": conversations.hand_back("nowhere"),
        "reply": conversations.reply_as_staff("nowhere", "Hi.", member="Alice"),
    }
    wanted = steps.pop(step)
    for other in steps.values():
        other.close()
    with pytest.raises(NotFoundError, match=r"^there is no conversation nowhere$"):
        await wanted


async def test_resolving_cancels_what_the_bot_still_had_to_send(core: Core) -> None:
    conversation_id = (await core.write("How long?")).conversation_id
    core.clock.advance(2)
    assert await core.worker.reply_once()
    await core.conversations.resolve(conversation_id)
    await core.work()
    assert core.sent() == []
    assert [d.state for d in await core.deliveries()] == [DeliveryState.CANCELLED]


async def test_resolving_does_not_cancel_what_staff_said_last(core: Core) -> None:
    conversation_id = await core.answered()
    await core.conversations.reply_as_staff(conversation_id, "Bye.", member="Alice")
    await core.conversations.resolve(conversation_id)
    await core.work()
    assert core.sent()[1:] == ["Bye."]


async def test_a_report_about_an_unknown_delivery_changes_nothing(core: Core) -> None:
    known = await core.conversations.delivery_reached(
        "nothing", external_id="SM1", state=DeliveryState.READ
    )
    assert known is False


async def test_the_contact_is_told_in_the_language_of_the_conversation(
    core: Core,
) -> None:
    core.worker = core.new_worker(
        ScriptedAssistant(lambda _: answer("Seis semanas.", language="es"))
    )
    conversation_id = await core.answered("¿Cuánto dura?")
    await core.conversations.hand_off(conversation_id, "asked")
    await core.work()
    greeting = phrase(
        "greeting",
        "es",
        organisation=ORGANISATION.name,
        can_help="",
    ).replace("  ", " ")
    notice = phrase("own_data_notice", "es")
    assert await core.said(conversation_id, Author.BOT) == [
        f"{greeting} {notice}\n\nSeis semanas."
    ]
    assert core.sent()[1:] == [told_when_closed(core, "handoff_person", "es")]


async def test_a_change_of_status_is_an_event_that_says_who(core: Core) -> None:
    conversation_id = await core.waiting()
    await core.conversations.take(conversation_id, member="Alice")
    await core.conversations.take(conversation_id, member="Alice")
    await core.conversations.hand_back(conversation_id)
    await core.conversations.resolve(conversation_id)
    changes = [
        (event.status, event.staff_member_id is not None)
        for event in await core.event_log()
        if event.kind is EventKind.CONVERSATION_STATUS_CHANGED
    ]
    assert changes == [
        (Status.WAITING, False),
        (Status.STAFF, True),
        (Status.BOT, False),
        (Status.RESOLVED, False),
    ]


async def test_an_outcome_of_handoff_hands_the_conversation_to_staff(
    core: Core,
) -> None:
    core.worker = core.new_worker(
        ScriptedAssistant(
            lambda _: answer(
                "A person will help.", outcome=Outcome.HANDOFF, reason="complaint"
            )
        )
    )
    conversation_id = await core.answered("This is awful")
    row = await core.conversation(conversation_id)
    assert (row.status, row.handoff_reason) == (Status.WAITING, "complaint")
    assert len(core.sent()) == 1
    assert "A person will help. We are closed" in core.sent()[0]
