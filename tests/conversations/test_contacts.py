"""Contacts have names, labels and consents, and are found by them."""

import asyncio

import pytest
from sqlalchemy import select

from bot.conversations.contacts.contact_file import all_labels, contact_file
from bot.conversations.contacts.contact_list import contact_list
from bot.conversations.contacts.contacts import Contacts
from bot.conversations.desk.choosing import Choice, View
from bot.conversations.desk.inbox import PAGE, inbox
from bot.conversations.models import EventKind, Label
from bot.errors import ConversationError, NotFoundError
from bot.staff import AuditEntry, staff_member
from tests.support.contacts import contact_of, label_id
from tests.support.core import PHONE, Core

OTHER = "whatsapp:+4915112345678"


@pytest.fixture
def contacts(core: Core) -> Contacts:
    return Contacts(core.conversations)


@pytest.fixture
async def ana(core: Core) -> int:
    """The id of somebody on the staff."""
    async with core.database.write() as session:
        member = await staff_member(session, "Ana", now=core.clock())
        await session.flush()
        return member.id


async def found(core: Core, member_id: int, **wanted: object) -> list[str]:
    """Who is in a list of the inbox."""
    page = await inbox(
        core.database,
        Choice(view=View.ALL, **wanted),  # type: ignore[arg-type]
        member_id=member_id,
        now=core.clock(),
    )
    return [row.contact for row in page.rows]


async def test_a_name_is_shown_everywhere_and_can_be_taken_away(
    core: Core, contacts: Contacts, ana: int
) -> None:
    conversation = await core.waiting()
    contact = await contact_of(core.database, conversation)
    assert await found(core, ana) == ["+447700900123"]
    await contacts.rename(contact, "  Ada \n Lovelace ", member_id=ana)
    assert await found(core, ana) == ["Ada Lovelace"]
    assert (await contact_file(core.database, contact)).title == "Ada Lovelace"
    assert (await core.event_log())[-1].kind is EventKind.CONVERSATION_UPDATED
    await contacts.rename(contact, " ", member_id=ana)
    assert (await contact_file(core.database, contact)).title == "+447700900123"
    with pytest.raises(ConversationError, match="at most 100"):
        await contacts.rename(contact, "x" * 101, member_id=ana)
    with pytest.raises(NotFoundError, match="no contact nobody"):
        await contacts.rename("nobody", "Ada", member_id=ana)


async def test_all_conversations_of_all_addresses_are_listed_newest_first(
    core: Core,
) -> None:
    first = await core.waiting(reason="complaint")
    await core.conversations.resolve(first)
    second = await core.answered("Me again")
    contact = await contact_of(core.database, second)
    file = await contact_file(core.database, contact)
    assert [one.id for one in file.conversations] == [second, first]
    assert file.conversations[1].reason == "complaint"
    assert file.conversations[1].messages == 3
    assert [one.shown for one in file.addresses] == ["+447700900123"]
    assert file.languages == ["en"]


async def test_labels_are_put_on_contacts_and_conversations_and_filter_the_inbox(
    core: Core, contacts: Contacts, ana: int
) -> None:
    one, other = await core.waiting(), await core.waiting(sender=OTHER)
    for name in ("Nursing", "Zoology"):
        await contacts.add_label(name, member_id=ana)
    with pytest.raises(ConversationError, match="a label Zoology already"):
        await contacts.add_label(" Zoology ", member_id=ana)
    nursing = await label_id(core.database, "Nursing")
    visa = await label_id(core.database, "Zoology")
    contact = await contact_of(core.database, one)
    await contacts.label_contact(contact, [nursing, "unknown"], member_id=ana)
    await contacts.label_conversation(other, [visa, nursing], member_id=ana)
    await contacts.label_conversation(other, [visa], member_id=ana)
    assert await found(core, ana, label=nursing) == ["+447700900123"]
    assert await found(core, ana, label=visa) == ["+4915112345678"]
    assert await found(core, ana, search="nurs") == ["+447700900123"]
    assert await found(core, ana, search="zoology", label=nursing) == []
    listed = await contact_list(core.database, search="nurs")
    assert [row.labels for row in listed.rows] == [["Nursing"]]
    await contacts.delete_label(visa, member_id=ana)
    await contacts.delete_label(visa, member_id=ana)
    assert [label.name for label in await all_labels(core.database)] == ["Nursing"]
    assert await found(core, ana, label=visa) == []


async def test_a_consent_is_kept_with_when_and_how_and_can_be_withdrawn(
    core: Core, contacts: Contacts, ana: int
) -> None:
    contact = await contact_of(core.database, await core.waiting())
    with pytest.raises(ConversationError, match="how they said so"):
        await contacts.record_consent(contact, "be called", "", member_id=ana)
    await contacts.record_consent(contact, "be called", "by telephone", member_id=ana)
    given = (await contact_file(core.database, contact)).consents[0]
    assert (given.purpose, given.how, given.by) == ("be called", "by telephone", "Ana")
    assert (given.given_at, given.withdrawn_at) == (core.clock(), None)
    core.clock.advance(60)
    for _ in range(2):
        await contacts.withdraw_consent(contact, given.id, member_id=ana)
    kept = (await contact_file(core.database, contact)).consents[0]
    assert (kept.given_at, kept.withdrawn_at) == (given.given_at, core.clock())
    with pytest.raises(NotFoundError, match="no such consent"):
        await contacts.withdraw_consent(contact, "unknown", member_id=ana)
    log = await core.rows(select(AuditEntry).order_by(AuditEntry.id))
    log = log[-2:]
    assert [entry.action for entry in log] == ["consent_given", "consent_withdrawn"]
    assert {entry.subject for entry in log} == {contact}
    assert {entry.detail for entry in log} == {None}


async def test_what_anybody_said_wrote_or_is_called_is_found(
    core: Core, contacts: Contacts, ana: int
) -> None:
    one = await core.waiting()
    await core.waiting(sender=OTHER)
    await core.conversations.reply_as_staff(one, "It costs 20 %.", member="Ana")
    contact = await contact_of(core.database, one)
    await contacts.rename(contact, "Ada Lovelace", member_id=ana)
    for words in ("20 %", "lovelace", "700900123"):
        assert await found(core, ana, search=words) == ["Ada Lovelace"], words
    for words in ("20_", "nobody said this"):
        assert await found(core, ana, search=words) == [], words
    assert len((await contact_list(core.database, search="+")).rows) == 2
    listed = await contact_list(core.database, search="lovelace")
    assert [row.title for row in listed.rows] == ["Ada Lovelace"]
    assert listed.rows[0].addresses == [("whatsapp", "+447700900123")]


async def test_a_long_list_comes_in_pages_without_a_gap_or_a_double(
    core: Core, ana: int
) -> None:
    for number in range(PAGE + 2):
        await core.write("Hi", sender=f"whatsapp:+4477009{number:05d}")
        core.clock.advance(1)
    seen = await found(core, ana) + await found(core, ana, page=2)
    assert len(seen) == len(set(seen)) == PAGE + 2
    assert seen[0].endswith(f"{PAGE + 1:05d}")
    assert await found(core, ana, page=3) == []
    first = await contact_list(core.database)
    assert (len(first.rows), first.more) == (PAGE, True)
    rest = await contact_list(core.database, page=2)
    assert (len(rest.rows), rest.more) == (2, False)


async def test_two_who_label_a_contact_at_once_leave_one_set_of_labels(
    core: Core, contacts: Contacts, ana: int
) -> None:
    contact = await contact_of(core.database, await core.waiting())
    for name in "ABCDEFGH":
        await contacts.add_label(name, member_id=ana)
    labels = [one.public_id for one in await core.rows(select(Label))]
    await asyncio.gather(
        *(contacts.label_contact(contact, labels, member_id=ana) for _ in range(8))
    )
    file = await contact_file(core.database, contact)
    assert list(file.labels) == list("ABCDEFGH")


async def test_the_first_address_is_reached_by_the_sender_it_wrote_from(
    core: Core,
) -> None:
    conversation = await core.waiting()
    contact = await contact_of(core.database, conversation)
    address = (await contact_file(core.database, contact)).addresses[0]
    assert (address.channel, address.shown) == (
        "whatsapp",
        PHONE.removeprefix("whatsapp:"),
    )
    assert address.last_inbound_at is not None
