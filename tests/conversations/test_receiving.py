"""Messages that arrive, on SQLite and on PostgreSQL."""

import asyncio

import pytest
from sqlalchemy import select

from bot.conversations.models import Contact, EventKind, Status
from bot.conversations.ports import Author
from bot.errors import ConflictError
from bot.phrases import phrase
from tests.support.core import PHONE, Core

OTHER_PHONE = "whatsapp:+447700900456"


async def test_a_message_that_comes_again_is_stored_once(core: Core) -> None:
    first = await core.write("How long?", sid="SM1")
    again = await core.write("How long?", sid="SM1")
    assert (first.duplicate, again.duplicate) == (False, True)
    assert again.message_id == first.message_id
    assert again.conversation_id == first.conversation_id
    assert len(await core.messages()) == 1


async def test_duplicates_that_come_at_the_same_moment_are_stored_once(
    core: Core,
) -> None:
    receipts = await asyncio.gather(
        *(core.write("How long?", sid="SM1") for _ in range(12))
    )
    assert [receipt.duplicate for receipt in receipts].count(False) == 1
    assert len({receipt.message_id for receipt in receipts}) == 1
    assert len(await core.messages()) == 1
    assert len(await core.rows(select(Contact))) == 1
    created = [
        event
        for event in await core.event_log()
        if event.kind is EventKind.MESSAGE_CREATED
    ]
    assert len(created) == 1


async def test_the_same_id_with_another_text_is_a_conflict(core: Core) -> None:
    await core.write("How long?", sid="SM1")
    with pytest.raises(ConflictError, match="SM1 is stored already, with another text"):
        await core.write("How much?", sid="SM1")
    assert [message.text for message in await core.messages()] == ["How long?"]


async def test_two_contacts_may_bring_the_same_id(core: Core) -> None:
    first = await core.write("How long?", sid="1")
    second = await core.write("How much?", sid="1", sender=OTHER_PHONE)
    assert second.duplicate is False
    assert second.conversation_id != first.conversation_id


async def test_a_late_duplicate_opens_no_conversation(core: Core) -> None:
    first = await core.write("How long?", sid="SM1")
    await core.conversations.resolve(first.conversation_id)
    again = await core.write("How long?", sid="SM1")
    assert again.duplicate is True
    assert again.conversation_id == first.conversation_id
    created = [
        event
        for event in await core.event_log()
        if event.kind is EventKind.CONVERSATION_CREATED
    ]
    assert len(created) == 1


async def test_first_messages_at_the_same_moment_share_one_conversation(
    core: Core,
) -> None:
    texts = [f"Question {number}" for number in range(10)]
    receipts = await asyncio.gather(*(core.write(text) for text in texts))
    assert len({receipt.conversation_id for receipt in receipts}) == 1
    assert sorted(message.text for message in await core.messages()) == texts


async def test_messages_after_a_resolved_conversation_share_a_new_one(
    core: Core,
) -> None:
    first = await core.write("How long?")
    await core.conversations.resolve(first.conversation_id)
    receipts = await asyncio.gather(*(core.write(f"Again {n}") for n in range(6)))
    (second,) = {receipt.conversation_id for receipt in receipts}
    assert second != first.conversation_id
    assert (await core.conversation(second)).status is Status.BOT
    assert len(await core.rows(select(Contact))) == 1


async def test_one_person_keeps_one_address_under_both_of_their_names(
    core: Core,
) -> None:
    one = await core.write("a", sender=PHONE)
    two = await core.write("b", sender=PHONE, external_user_id="U1")
    three = await core.write("c", sender=OTHER_PHONE, external_user_id="U1")
    assert one.conversation_id == two.conversation_id == three.conversation_id
    await core.work()
    assert core.sent(PHONE) == []
    assert len(core.sent(OTHER_PHONE)) == 1


async def test_a_sender_that_belongs_to_somebody_else_now_is_somebody_else(
    core: Core,
) -> None:
    one = await core.write("a", external_user_id="U1")
    two = await core.write("b", external_user_id="U2")
    assert one.conversation_id != two.conversation_id


async def test_a_conversation_that_is_opened_starts_with_the_greeting(
    core: Core,
) -> None:
    opened = await core.conversations.open("web", "visitor-1")
    assert opened.greeting.startswith(
        "Hello! I'm the automated assistant of Harbour Advisory."
    )
    assert await core.said(opened.conversation_id, Author.SYSTEM) == [opened.greeting]
    receipt = await core.conversations.receive(
        core.inbound("How long?", channel="web", sender="visitor-1")
    )
    assert receipt.conversation_id == opened.conversation_id
    await core.work(after=0)
    assert await core.said(opened.conversation_id, Author.BOT) == ["About: How long?"]


async def test_who_writes_too_fast_is_told_once_a_minute_and_not_answered(
    core: Core,
) -> None:
    await core.write("First")
    receipt = await core.write("Second", limited=True)
    await core.write("Third", limited=True)
    core.clock.advance(61)
    await core.write("Fourth", limited=True)
    await core.work()
    told = await core.said(receipt.conversation_id, Author.SYSTEM)
    assert told == [phrase("too_fast", "en")] * 2
    stored = await core.said(receipt.conversation_id, Author.CONTACT)
    assert stored == ["First", "Second", "Third", "Fourth"]
    (reply,) = await core.said(receipt.conversation_id, Author.BOT)
    assert reply.endswith("About: First")


async def test_who_waits_for_staff_is_not_told_to_slow_down(core: Core) -> None:
    conversation_id = await core.waiting()
    before = await core.said(conversation_id, Author.SYSTEM)
    await core.write("Hello?", limited=True)
    assert await core.said(conversation_id, Author.SYSTEM) == before


async def test_a_message_that_the_channel_answers_itself_gets_no_reply(
    core: Core,
) -> None:
    receipt = await core.write("STOP", answered_elsewhere=True)
    await core.work()
    assert core.sent() == []
    assert await core.said(receipt.conversation_id, Author.CONTACT) == ["STOP"]
