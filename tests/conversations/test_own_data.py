"""Who asks to be forgotten is asked once, and is; who asks what is kept hears it."""

from dataclasses import replace

import pytest
from sqlalchemy import select

from bot.conversations.contacts.asked_erasures import AskedErasures
from bot.conversations.contacts.merging import merge_contacts
from bot.conversations.models import Contact, Reason, Status
from bot.conversations.ports import Answer, Author, Outcome, OwnData
from bot.phrases import languages, phrase
from bot.staff import AuditEntry, staff_member
from tests.support.assistants import ScriptedAssistant, answer
from tests.support.contacts import contact_of
from tests.support.core import PHONE, Core

OTHER = "whatsapp:+447700900456"
WISHES = {"forget me": OwnData.ERASE, "what do you know": OwnData.COPY}


def wish(text: str) -> Answer:
    """What the assistant makes of a message."""
    found = answer(f"About: {text}")
    reason = WISHES.get(text)
    if reason is None:
        return found
    provenance = replace(found.provenance, reason=reason.value)
    outcome = Outcome.CLARIFY if reason is OwnData.ERASE else Outcome.ANSWER
    return replace(found, provenance=provenance, outcome=outcome)


@pytest.fixture
def asked(core: Core) -> Core:
    """The core with an assistant that hears such wishes."""
    core.assistant = ScriptedAssistant(wish)
    core.worker = core.new_worker(core.assistant)
    return core


async def member_id(core: Core) -> int:
    async with core.database.write() as session:
        member = await staff_member(session, "Ana", now=core.clock())
        await session.flush()
        return member.id


async def erase_due(core: Core, *, after: float = 31.0) -> None:
    core.clock.advance(after)
    await AskedErasures(core.conversations).enforce()


async def erased(core: Core) -> list[bool]:
    contacts = await core.rows(select(Contact).order_by(Contact.id))
    return [one.erased_at is not None for one in contacts]


async def audit(core: Core) -> list[str]:
    entries = await core.rows(select(AuditEntry).order_by(AuditEntry.id))
    return [entry.action for entry in entries]


async def test_the_word_that_a_contact_is_told_erases_everything(asked: Core) -> None:
    for number, language in enumerate(languages()):
        word, phone = (
            phrase("own_data_word", language),
            f"whatsapp:+4477009{number:05d}",
        )
        assert word in phrase("own_data_erase", language)
        await asked.answered("forget me", sender=phone)
        await asked.write(word, sender=phone)
        await asked.work()
        assert asked.sent(phone)[-1] == phrase("own_data_erased", "en")
        assert (await erased(asked))[-1] is False
        await erase_due(asked)
        assert (await erased(asked))[-1] is True
    assert {message.text for message in await asked.messages()} == {""}
    assert set(await audit(asked)) == {"erasure_confirmed", "contact_erased"}


async def test_nothing_is_erased_without_the_word(asked: Core) -> None:
    for reply in ("yes", "1", "no", "delete it later", "How long?"):
        await asked.answered("forget me")
        await asked.answered(reply)
        await erase_due(asked)
        assert await erased(asked) == [False]
        assert asked.sent()[-1].startswith(f"About: {reply}")


async def test_the_word_alone_erases_nothing(asked: Core) -> None:
    await asked.answered("DELETE")
    await asked.answered("forget me")
    await asked.answered("How long?")
    await asked.answered("DELETE")
    await erase_due(asked)
    assert await erased(asked) == [False]


async def test_the_word_counts_for_a_day(asked: Core) -> None:
    await asked.answered("forget me")
    asked.clock.advance(25 * 3600)
    await asked.answered("DELETE")
    await erase_due(asked)
    assert await erased(asked) == [False]


async def test_the_last_word_leaves_before_everything_goes(asked: Core) -> None:
    await asked.answered("forget me")
    await asked.write("DELETE")
    await erase_due(asked, after=60)
    assert await erased(asked) == [False]
    await asked.work()
    await erase_due(asked)
    assert await erased(asked) == [True]


async def test_a_last_word_that_cannot_leave_keeps_nothing(asked: Core) -> None:
    await asked.answered("forget me")
    await asked.write("DELETE")
    await erase_due(asked, after=16 * 60)
    assert await erased(asked) == [True]


async def test_only_who_asked_is_erased_and_begins_anew(asked: Core) -> None:
    await asked.answered("How long?", sender=OTHER)
    await asked.answered("forget me")
    await asked.answered("DELETE")
    await asked.answered("DELETE", sender=OTHER)
    await erase_due(asked)
    assert await erased(asked) == [False, True]
    await asked.answered("Hello again")
    assert await erased(asked) == [False, True, False]


async def test_who_asks_what_is_kept_hears_it(asked: Core) -> None:
    await asked.answered("How long?")
    await asked.answered("what do you know")
    said = asked.sent()[-1]
    assert "Messages: 3, since 20" in said
    assert "+447700900123" in said
    assert "About: what do you know" in said


@pytest.mark.parametrize("text", WISHES)
async def test_of_merged_contacts_a_person_decides(asked: Core, text: str) -> None:
    first = await asked.answered("How long?")
    other = await asked.answered("How long?", sender=OTHER)
    await merge_contacts(
        asked.conversations,
        await contact_of(asked.database, first),
        await contact_of(asked.database, other),
        take=(),
        member_id=await member_id(asked),
    )
    await asked.answered(text)
    row = await asked.conversation(first)
    assert row.status is Status.WAITING
    assert row.handoff_reason == Reason.ASKED_ABOUT_DATA
    assert "+447700900456" not in asked.sent()[-1]
    await asked.answered("DELETE")
    await erase_due(asked)
    assert not any(await erased(asked))


@pytest.mark.parametrize("text", WISHES)
async def test_who_waits_for_staff_is_answered_by_them(asked: Core, text: str) -> None:
    conversation_id = await asked.waiting(reason=Reason.ASKED_FOR_PERSON)
    await asked.answered(text)
    row = await asked.conversation(conversation_id)
    assert row.handoff_reason == Reason.ASKED_ABOUT_DATA
    assert asked.sent()[-1] == phrase("handoff_own_data", "en")
    await asked.answered("DELETE")
    await erase_due(asked)
    assert await erased(asked) == [False]


async def test_staff_who_hold_it_read_the_wish_themselves(asked: Core) -> None:
    conversation_id = await asked.waiting()
    await asked.conversations.take(conversation_id, member="Ana")
    await asked.answered("forget me")
    await asked.answered("DELETE")
    await erase_due(asked)
    assert await erased(asked) == [False]
    assert (await asked.said(conversation_id, Author.CONTACT))[-1] == "DELETE"


@pytest.mark.parametrize("kept", [PHONE, OTHER])
async def test_of_who_is_merged_after_the_word_nothing_goes_and_staff_see_the_wish(
    asked: Core, kept: str
) -> None:
    other = await asked.answered("How long?", sender=OTHER)
    asks = await asked.answered("forget me")
    await asked.answered("DELETE")
    contacts = [await contact_of(asked.database, one) for one in (asks, other)]
    await merge_contacts(
        asked.conversations,
        *(contacts if kept == PHONE else reversed(contacts)),
        take=(),
        member_id=await member_id(asked),
    )
    await erase_due(asked)
    await erase_due(asked, after=16 * 60)
    assert await erased(asked) == [False, False]
    assert "How long?" in await asked.said(other, Author.CONTACT)
    row = await asked.conversation(asks)
    assert (row.status, row.handoff_reason) == (
        Status.WAITING,
        Reason.ASKED_ABOUT_DATA,
    )
    assert (await audit(asked))[-1] == "erasure_left_to_staff"


async def test_what_is_written_after_the_last_word_is_read_by_a_person(
    asked: Core,
) -> None:
    conversation_id = await asked.answered("forget me")
    await asked.answered("DELETE")
    await asked.write("Wait, keep it")
    await erase_due(asked)
    assert (await asked.conversation(conversation_id)).status is Status.BOT
    await asked.work()
    await erase_due(asked)
    row = await asked.conversation(conversation_id)
    assert (row.status, row.handoff_reason) == (
        Status.WAITING,
        Reason.ASKED_ABOUT_DATA,
    )
    assert (await asked.said(conversation_id, Author.CONTACT))[-1] == "Wait, keep it"
    await erase_due(asked)
    assert await erased(asked) == [False]


@pytest.mark.parametrize("reason", [Reason.DISTRESS, Reason.OWN_CASE])
async def test_nothing_goes_from_under_staff_who_came_after_the_last_word(
    asked: Core, reason: Reason
) -> None:
    conversation_id = await asked.answered("forget me")
    await asked.answered("DELETE")
    await asked.conversations.hand_off(conversation_id, reason)
    await asked.conversations.take(conversation_id, member="Ana")
    said = asked.sent()
    await erase_due(asked)
    await asked.work()
    row = await asked.conversation(conversation_id)
    assert await erased(asked) == [False]
    assert row.status is Status.STAFF
    urgent = reason is Reason.DISTRESS
    assert row.handoff_reason == (reason if urgent else Reason.ASKED_ABOUT_DATA)
    told = phrase("handoff_own_data", "en") in asked.sent()[len(said) :]
    assert told is not urgent


async def test_the_database_is_written_anew_at_most_once_an_hour_for_all_who_asked(
    asked: Core, monkeypatch: pytest.MonkeyPatch
) -> None:
    counts = []
    rewrite = asked.database.rewrite

    async def counted() -> bool:
        counts.append(1)
        return await rewrite()

    monkeypatch.setattr(asked.database, "rewrite", counted)
    erasures = AskedErasures(asked.conversations)
    rounds: tuple[list[str], ...] = ([PHONE, OTHER], ["whatsapp:+447700900789"], [])
    for senders, wait, written in zip(rounds, (31, 31, 3600), (1, 1, 2), strict=True):
        for sender in senders:
            await asked.answered("forget me", sender=sender)
            await asked.answered("DELETE", sender=sender)
        asked.clock.advance(wait)
        await erasures.enforce()
        assert len(counts) == written
    assert await erased(asked) == [True] * 3
