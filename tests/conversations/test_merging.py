"""Two contacts become one, with a look before, in one transaction."""

import asyncio

import pytest
from sqlalchemy import select

from bot.conversations.contacts.contact_file import contact_file
from bot.conversations.contacts.contacts import Contacts
from bot.conversations.contacts.merging import merge_contacts, preview_merge
from bot.conversations.desk.choosing import Choice, View
from bot.conversations.desk.desk import Desk
from bot.conversations.desk.inbox import inbox
from bot.conversations.models import Contact
from bot.errors import BotError, ConversationError, NotFoundError
from bot.staff import AuditEntry, staff_member
from tests.support.contacts import contact_of, label_id
from tests.support.core import Core

FIRST = "whatsapp:+447700900123"
SECOND = "whatsapp:+4915112345678"


@pytest.fixture
async def ana(core: Core) -> int:
    async with core.database.write() as session:
        member = await staff_member(session, "Ana", now=core.clock())
        await session.flush()
        return member.id


async def two(core: Core, ana: int) -> tuple[str, str]:
    """Ada, who is going to Germany, and Byron, whose budget is known."""
    contacts = Contacts(core.conversations)
    for name in ("Nursing", "Law"):
        await contacts.add_label(name, member_id=ana)
    found = []
    for sender, name, facts, labels in (
        (FIRST, "Ada", {"destination": "Germany"}, ["Nursing", "Law"]),
        (SECOND, "Byron", {"destination": "Canada", "budget": "USD 400"}, ["Law"]),
    ):
        conversation = await core.waiting(sender=sender)
        contact = await contact_of(core.database, conversation)
        await contacts.rename(contact, name, member_id=ana)
        await contacts.correct_facts(contact, facts, member_id=ana)
        chosen = [await label_id(core.database, label) for label in labels]
        await contacts.label_contact(contact, chosen, member_id=ana)
        await contacts.record_consent(contact, "be called", name, member_id=ana)
        await Desk(core.conversations).note(conversation, f"On {name}", member="Ana")
        found.append(contact)
    return found[0], found[1]


async def test_a_look_before_shows_what_differs_and_what_comes_of_it(
    core: Core, ana: int
) -> None:
    ada, byron = await two(core, ana)
    look = await preview_merge(core.database, ada, byron)
    assert [(one.field, one.kept, one.other) for one in look.differences] == [
        ("name", "Ada", "Byron"),
        ("destination", "Germany", "Canada"),
    ]
    assert look.facts == {"destination": "Germany", "budget": "USD 400"}
    assert look.labels == ["Law", "Nursing"]
    assert [one.title for one in (look.kept, look.other)] == ["Ada", "Byron"]
    with pytest.raises(ConversationError, match="with itself"):
        await preview_merge(core.database, ada, ada)


async def test_everything_follows_and_either_name_and_number_find_the_one(
    core: Core, ana: int
) -> None:
    ada, byron = await two(core, ana)
    await merge_contacts(
        core.conversations, ada, byron, take={"destination"}, member_id=ana
    )
    file = await contact_file(core.database, byron)
    assert (file.id, file.title) == (ada, "Ada")
    assert file.facts == {"destination": "Canada", "budget": "USD 400"}
    assert list(file.labels) == ["Law", "Nursing"]
    assert [one.how for one in file.consents] == ["Byron", "Ada"]
    assert len(file.conversations) == len(file.addresses) == 2
    for words in ("Ada", "Byron", "447700900123", "4915112345678", "On Byron"):
        choice = Choice(view=View.ALL, search=words)
        page = await inbox(core.database, choice, member_id=ana, now=core.clock())
        assert {row.contact for row in page.rows} == {"Ada"}, words
    log = (await core.rows(select(AuditEntry).order_by(AuditEntry.id)))[-1]
    assert (log.action, log.subject, log.detail, log.member_id) == (
        "contacts_merged",
        ada,
        byron,
        ana,
    )
    receipt = await core.write("Me again", sender=SECOND)
    assert await contact_of(core.database, receipt.conversation_id) == ada


async def test_the_others_name_can_win_and_the_first_ones_is_still_found(
    core: Core, ana: int
) -> None:
    ada, byron = await two(core, ana)
    await merge_contacts(core.conversations, ada, byron, take={"name"}, member_id=ana)
    assert (await contact_file(core.database, ada)).name == "Byron"
    page = await inbox(
        core.database, Choice(search="ada"), member_id=ana, now=core.clock()
    )
    assert [row.contact for row in page.rows] == ["Byron", "Byron"]


async def test_a_merged_contact_leads_on_also_after_another_merge(
    core: Core, ana: int
) -> None:
    ada, byron = await two(core, ana)
    third = await contact_of(
        core.database, await core.waiting(sender="whatsapp:+33612345678")
    )
    await merge_contacts(core.conversations, byron, ada, take=(), member_id=ana)
    await merge_contacts(core.conversations, third, byron, take=(), member_id=ana)
    assert (await contact_file(core.database, ada)).id == third
    await Contacts(core.conversations).rename(ada, "Augusta", member_id=ana)
    assert (await contact_file(core.database, third)).name == "Augusta"
    with pytest.raises(NotFoundError, match="not any more"):
        await merge_contacts(core.conversations, third, ada, take=(), member_id=ana)
    with pytest.raises(ConversationError, match="with itself"):
        await merge_contacts(core.conversations, ada, ada, take=(), member_id=ana)


async def test_of_merges_that_race_one_wins_and_nothing_is_lost(
    core: Core, ana: int
) -> None:
    ada, byron = await two(core, ana)
    pairs = [(ada, byron), (byron, ada)] * 4
    ends = await asyncio.gather(
        *(
            merge_contacts(core.conversations, one, other, take=(), member_id=ana)
            for one, other in pairs
        ),
        *(core.write(f"Hello {number}", sender=SECOND) for number in range(4)),
        return_exceptions=True,
    )
    refused = [one for one in ends if isinstance(one, BaseException)]
    assert len(refused) == len(pairs) - 1
    assert all(isinstance(one, BotError) for one in refused)
    left = await core.rows(select(Contact).where(Contact.merged_into_id.is_(None)))
    assert len(left) == 1
    file = await contact_file(core.database, left[0].public_id)
    assert len(file.addresses) == len(file.consents) == 2
    assert sum(one.messages for one in file.conversations) == 2 * 3 + 4
