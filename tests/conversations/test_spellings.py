"""A number that is written in two ways is one person's."""

import pytest
from sqlalchemy import select

from bot.conversations.models import Address, Contact
from bot.conversations.spoken.spellings import spellings
from tests.support.core import Core

PAIRS = [
    ("whatsapp:+5511987654321", "whatsapp:+551187654321"),
    ("whatsapp:+5215512345678", "whatsapp:+525512345678"),
    ("whatsapp:+5491123456789", "whatsapp:+541123456789"),
]


@pytest.mark.parametrize(("one", "other"), PAIRS)
def test_both_spellings_lead_to_each_other(one: str, other: str) -> None:
    assert spellings(one) == (one, other)
    assert spellings(other) == (other, one)


@pytest.mark.parametrize(
    "sender",
    [
        "whatsapp:+447700900123",
        "whatsapp:+551132654321",
        "whatsapp:BR.1A2B3C",
        "visitor-551187654321",
        "whatsapp:+1415555",
    ],
)
def test_other_addresses_have_one_spelling(sender: str) -> None:
    assert spellings(sender) == (sender,)


@pytest.mark.parametrize(("one", "other"), PAIRS)
async def test_two_spellings_are_one_contact_who_is_answered_as_they_wrote(
    core: Core, one: str, other: str
) -> None:
    first = await core.answered("How long?", sender=one)
    second = await core.answered("How much?", sender=other)
    assert first == second
    assert len(await core.rows(select(Contact))) == 1
    assert len(core.sent(one)) == len(core.sent(other)) == 1


async def test_of_two_addresses_from_before_the_one_written_now_is_meant(
    core: Core,
) -> None:
    one, other = PAIRS[0]
    await core.answered("How long?", sender=one)
    async with core.database.write() as session:
        contact = Contact(created_at=core.clock())
        session.add(contact)
        await session.flush()
        session.add(
            Address(
                contact_id=contact.id,
                channel="whatsapp",
                key=other,
                sender=other,
                created_at=core.clock(),
            )
        )
    await core.answered("How much?", sender=other)
    await core.answered("And then?", sender=one)
    assert len(core.sent(one)) == 2
    assert len(core.sent(other)) == 1
