"""A contact is exported whole, and forgotten without a trace."""

import asyncio
import json
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from bot.conversations.contacts.contact_file import contact_file
from bot.conversations.contacts.contacts import Contacts
from bot.conversations.contacts.erasing import STAYS, Erasing
from bot.conversations.contacts.exporting import export_contact
from bot.conversations.contacts.merging import merge_contacts
from bot.conversations.contacts.traces import traces_of
from bot.conversations.desk import queries
from bot.conversations.desk.desk import Desk
from bot.conversations.desk.read_marks import mark_read
from bot.conversations.models import (
    Address,
    Contact,
    Conversation,
    DeliveryState,
    Message,
    Note,
    Status,
)
from bot.conversations.outbox.deliveries import claim_delivery
from bot.database import Base
from bot.errors import ConversationError, NotFoundError
from bot.staff import AuditEntry, staff_member
from tests.support.assistants import HeldAssistant, ScriptedAssistant, answer
from tests.support.contacts import contact_of, label_id
from tests.support.core import PHONE, Core
from tests.support.dump import dump, files

OTHER = "whatsapp:+4915112345678"
# Whatever holds one of these is a trace.
WORDS = (
    "Quixote", "447700900123", "windmill", "Rocinante", "Dulcinea", "Sancho",
    "profile-name", "SM00000000",
)  # fmt: skip


@pytest.fixture
async def ana(core: Core) -> int:
    async with core.database.write() as session:
        member = await staff_member(session, "Ana", now=core.clock())
        await session.flush()
        return member.id


async def known(core: Core, ana: int) -> str:
    """Somebody of whom everything is known that can be; the id of the conversation."""
    understood = {"destination": "Dulcinea"}
    core.worker = core.new_worker(
        ScriptedAssistant(
            lambda _: replace(answer("A windmill?"), understood=understood)
        )
    )
    first = await core.write(
        "I fight windmills",
        raw={"ProfileName": ["profile-name"], "From": [PHONE]},
        external_user_id="Rocinante",
    )
    await core.work()
    await core.conversations.resolve(first.conversation_id)
    second = await core.write("windmills again", external_user_id="Rocinante")
    await core.work()
    conversation = second.conversation_id
    await core.conversations.reply_as_staff(conversation, "Sancho!", member="Ana")
    await core.work()
    await Desk(core.conversations).note(conversation, "Quixote is odd", member="Ana")
    contacts = Contacts(core.conversations)
    contact = await contact_of(core.database, conversation)
    await contacts.rename(contact, "Quixote", member_id=ana)
    await contacts.record_consent(contact, "Sancho calls", "windmill", member_id=ana)
    await contacts.add_label("Knight", member_id=ana)
    label = await label_id(core.database, "Knight")
    await contacts.label_contact(contact, [label], member_id=ana)
    await contacts.label_conversation(conversation, [label], member_id=ana)
    await mark_read(core.database, conversation, member_id=ana, now=core.clock())
    return conversation


async def test_after_an_erasure_no_word_of_theirs_is_anywhere(
    core: Core, ana: int
) -> None:
    for number in range(60):
        # Pages fill up and are split, with words of both on them.
        await core.write(f"Other words {number} " * 30, sender=OTHER)
        await core.write(f"The windmill of Sancho {number} " * 20)
    await core.work()
    conversation = await known(core, ana)
    contact = await contact_of(core.database, conversation)
    for word in WORDS[:-1]:
        assert word in await dump(core.database), word
    await Erasing(core.conversations).erase(contact, member_id=ana)
    whole, stored = await dump(core.database), files(core.database)
    for word in WORDS[:-1]:
        assert word not in whole, word
        assert word.encode() not in stored, word
    assert "Other words 7" in whole
    assert (await core.conversation(conversation)).status is Status.RESOLVED
    with pytest.raises(NotFoundError):
        await contact_file(core.database, contact)
    with pytest.raises(NotFoundError):
        await Erasing(core.conversations).erase(contact, member_id=ana)


async def test_of_a_hundred_canaries_none_is_found_in_the_bytes_after_an_erasure(
    core: Core,
) -> None:
    """Ids of theirs, between those of others, so that pages of indexes are split."""
    people = [f"whatsapp:+44770090{number:04d}" for number in range(20)]
    for _ in range(5):
        for sender in people:
            await core.write("A canary", sender=sender)
            await core.write("A sparrow", sender=sender.replace("+44", "+49"))
    theirs = [one for one in await core.messages() if one.text == "A canary"]
    canaries = [one.public_id for one in theirs]
    assert len(canaries) == 100
    addresses = await core.rows(
        select(Address).where(Address.id.in_({one.address_id for one in theirs}))
    )
    contacts = await core.rows(
        select(Contact).where(Contact.id.in_([one.contact_id for one in addresses]))
    )
    written = files(core.database)
    if core.database.sqlite:
        assert all(canary.encode() in written for canary in canaries)
    for contact in contacts:
        await Erasing(core.conversations).erase(contact.public_id)
    whole, written = await dump(core.database), files(core.database)
    wanted = [*canaries, *(sender.removeprefix("whatsapp:") for sender in people)]
    assert [one for one in wanted if one in whole or one.encode() in written] == []
    assert "A sparrow" in whole


async def test_what_staff_did_stays_in_the_log_and_what_is_counted_stays_countable(
    core: Core, ana: int
) -> None:
    conversation = await known(core, ana)
    contact = await contact_of(core.database, conversation)

    async def counted() -> list[int]:
        async with core.database.read() as session:
            return [
                (await session.scalars(select(func.count()).select_from(model))).one()
                for model in (Contact, Conversation, Message)
            ]

    before, log = await counted(), await core.rows(select(AuditEntry))
    await Erasing(core.conversations).erase(contact, member_id=ana)
    assert await counted() == before
    assert await core.rows(select(Note)) == []
    after = await core.rows(select(AuditEntry).order_by(AuditEntry.id))
    assert [one.action for one in after] == [
        *(one.action for one in log),
        "contact_erased",
    ]
    assert (after[-1].subject, after[-1].member_id) == (contact, ana)
    assert await queries.unanswered(core.database) == []


async def test_who_writes_again_after_an_erasure_is_somebody_new(
    core: Core, ana: int
) -> None:
    conversation = await known(core, ana)
    contact = await contact_of(core.database, conversation)
    await Erasing(core.conversations).erase(contact, member_id=ana)
    receipt = await core.write("Hello", external_user_id="Rocinante")
    assert receipt.conversation_id != conversation
    assert await contact_of(core.database, receipt.conversation_id) != contact


async def test_a_reply_being_thought_of_is_not_stored_after_an_erasure(
    core: Core, ana: int
) -> None:
    held = HeldAssistant()
    worker = core.new_worker(held)
    receipt = await core.write("A windmill?")
    core.clock.advance(10)
    contact = await contact_of(core.database, receipt.conversation_id)
    async with asyncio.TaskGroup() as group:
        group.create_task(worker.reply_once())
        await held.thinking.wait()
        await Erasing(core.conversations).erase(contact, member_id=ana)
        held.released.set()
    assert "windmill" not in await dump(core.database)


async def test_nobody_is_erased_while_a_message_to_them_is_being_sent(
    core: Core, ana: int
) -> None:
    conversation = await known(core, ana)
    await core.conversations.reply_as_staff(conversation, "One more", member="Ana")
    contact = await contact_of(core.database, conversation)
    async with core.conversations.transaction() as transaction:
        claim = await claim_delivery(transaction)
    assert claim
    with pytest.raises(ConversationError, match="being sent at this moment"):
        await Erasing(core.conversations).erase(contact, member_id=ana)
    async with core.conversations.transaction() as transaction:
        await core.conversations.delivery_results.postponed(
            transaction, claim, pause=timedelta(minutes=1), code="20429"
        )
    await Erasing(core.conversations).erase(contact, member_id=ana)
    await core.work(after=120)
    assert (await core.delivery_states())[-1] is DeliveryState.CANCELLED
    assert "One more" not in core.sent()


async def test_whoever_was_merged_into_them_is_exported_and_erased_with_them(
    core: Core, ana: int
) -> None:
    conversation = await known(core, ana)
    contact = await contact_of(core.database, conversation)
    other = await contact_of(core.database, await core.waiting(sender=OTHER))
    await merge_contacts(
        core.conversations, other, contact, take={"name"}, member_id=ana
    )
    found = await export_contact(core.conversations, contact, member_id=ana)
    assert "447700900123" in json.dumps(found)
    assert found["contact"]["name"] == "Quixote"  # type: ignore[index]
    await Erasing(core.conversations).erase(contact, member_id=ana)
    whole, stored = await dump(core.database), files(core.database)
    for word in (*WORDS[:-1], OTHER):
        assert word not in whole, word
        assert word.encode() not in stored, word


async def test_an_export_holds_every_word_and_is_one_json_object(
    core: Core, ana: int
) -> None:
    conversation = await known(core, ana)
    await core.write("Not theirs", sender=OTHER)
    card = "4111 1111 1111 1111"
    await core.write(f"Take {card}", raw={"Body": [f"Take {card}"]})
    contact = await contact_of(core.database, conversation)
    found = await export_contact(core.conversations, contact, member_id=ana)
    text = json.dumps(found, ensure_ascii=False)
    for word in WORDS:
        assert word in text, word
    assert "Not theirs" not in text
    assert card not in text
    assert text.count("[number …1111]") == 2
    conversations = found["conversations"]
    assert isinstance(conversations, list)
    assert [len(one["messages"]) for one in conversations] == [2, 4]
    said = conversations[1]["messages"][2]
    assert (said["text"], said["staff_member"]) == ("Sancho!", "Ana")
    assert said["deliveries"][0]["state"] == "sent"
    assert conversations[1]["notes"][0]["staff_member"] == "Ana"
    assert conversations[1]["labels"] == ["Knight"]
    log = found["audit"]
    assert isinstance(log, list)
    assert [one["action"] for one in log][-2:] == [
        "conversation_labelled",
        "contact_exported",
    ]
    other = found["other"]
    assert isinstance(other, dict)
    assert "events" in other


async def test_who_was_silent_for_long_is_erased_unless_staff_hold_them(
    core: Core, ana: int
) -> None:
    conversation = await known(core, ana)
    old = await core.answered("Bye", sender=OTHER)
    core.clock.advance(timedelta(days=29).total_seconds())
    fresh = await core.answered("Hi", sender="whatsapp:+33612345678")
    core.clock.advance(timedelta(days=2).total_seconds())
    erasing = Erasing(core.conversations)
    assert await erasing.erase_silent(timedelta(days=30)) == 1
    assert (await core.conversation(old)).status is Status.RESOLVED
    assert (await core.conversation(fresh)).status is Status.BOT
    assert "Quixote" in await dump(core.database)
    await core.conversations.resolve(conversation)
    assert await erasing.erase_silent(timedelta(days=30)) == 1
    assert "Quixote" not in await dump(core.database)
    assert await erasing.erase_silent(timedelta(days=30)) == 0


def test_every_table_that_stays_is_one_that_is_known() -> None:
    tables = {table.name for table in traces_of([1])}
    assert set(STAYS) <= tables
    assert {"notes", "consents", "webhook_deliveries"} <= tables - set(STAYS)
    for name, kept in STAYS.items():
        assert kept <= set(Base.metadata.tables[name].columns.keys())
