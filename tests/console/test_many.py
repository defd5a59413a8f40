"""The list: filters, saved views, and what is done to many conversations at once."""

import re
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.conversations.contacts.contacts import Contacts
from bot.conversations.desk.reopening import reopen
from tests.console.conftest import Write
from tests.console.test_conversations import waiting
from tests.support.contacts import contact_of
from tests.support.house import House
from tests.support.staff import Desk, token_in

REPLIES = "/console/replies"
OTHER = "whatsapp:+4915112345678"
NUMBERS = ("+447700900123", "+4915112345678")


async def two(house: House, write: Write) -> list[str]:
    first = await waiting(house, write)
    second = await write("Me too", sender=OTHER)
    await house.work()
    return [first, second]


async def do(desk: Desk, deed: str, ids: list[str], **fields: str) -> dict[str, str]:
    page = await desk.client.get("/console/replies")
    answer = await desk.client.post(
        "/console/many",
        data={
            "csrf": token_in(page.text),
            "deed": deed,
            "conversation": ids,
            **fields,
        },
        headers={"X-Console": "1"},
    )
    assert answer.status_code == 200
    told: dict[str, str] = answer.json()
    return told


async def undo(desk: Desk, done: dict[str, str]) -> str:
    answer = await desk.post("/console/undo", deed=done["deed"], undo=done["undo"])
    assert answer.status_code == 200
    return str(answer.json()["told"])


@pytest.mark.parametrize("deed", ["resolve", "spam"])
async def test_many_are_resolved_at_once_and_undone(
    staffed: House, write: Write, ana: Desk, deed: str
) -> None:
    ids = await two(staffed, write)
    done = await do(ana, deed, ids)
    assert done["told"].startswith("2 conversations ")
    listed = "spam" if deed == "spam" else "resolved"
    other = "resolved" if deed == "spam" else "spam"
    assert (await ana.see(f"/console?view={listed}")).count('class="pick"') == 2
    assert 'class="pick"' not in await ana.see(f"/console?view={other}")
    assert await undo(ana, done) == "2 conversations as before."
    assert (await ana.see()).count('class="pick"') == 2
    assert 'class="pick"' not in await ana.see(f"/console?view={listed}")


async def test_what_a_colleague_holds_is_not_resolved_and_said_so(
    staffed: House, write: Write, ana: Desk, ben: Desk
) -> None:
    ids = await two(staffed, write)
    await ben.act(ids[0], "take")
    done = await do(ana, "resolve", [*ids, "nothing"])
    assert done["told"] == (
        "1 conversation resolved. 2 not: Ben has taken it; "
        "there is no conversation nothing."
    )
    await reopen(staffed.parts.conversations, ids[1], member="Ben")
    assert await undo(ana, done) == (
        "0 conversations as before. 1 not: somebody has changed it since."
    )


async def test_an_assignment_of_many_is_undone_to_who_had_each(
    staffed: House, write: Write, ana: Desk, ben: Desk
) -> None:
    waits, held = await two(staffed, write)
    await ana.act(held, "take")
    done = await do(ana, "assign", [waits, held], to="Ben")
    assert (await ben.see("/console?view=mine")).count('class="pick"') == 2
    assert await undo(ana, done) == "2 conversations as before."
    assert "With you" in await ana.see(f"/console/conversations/{held}")
    assert "Complaint" in await ana.see("/console?view=waiting")
    assert 'class="pick"' not in await ben.see("/console?view=mine")
    nobody = await do(ana, "assign", [waits], to="Eve")
    assert "there is no staff member Eve" in nobody["told"]


async def test_who_was_taken_from_the_bot_by_mistake_gets_its_answer(
    staffed: House, write: Write, ana: Desk
) -> None:
    conversation = await write("How long is it?")
    done = await do(ana, "assign", [conversation], to="Ana")
    await staffed.work()
    assert staffed.sent() == []
    await undo(ana, done)
    await staffed.work()
    assert len(staffed.sent()) == 1


async def test_an_assignment_is_not_undone_when_the_colleague_has_answered(
    staffed: House, write: Write, ana: Desk, ben: Desk
) -> None:
    conversation = await write("How long is it?")
    done = await do(ana, "assign", [conversation], to="Ben")
    await ben.act(conversation, "reply", reply="Six weeks.", client_id="c1")
    assert await undo(ana, done) == (
        "0 conversations as before. 1 not: somebody has changed it since."
    )
    await staffed.work()
    assert len(staffed.sent()) == 1


async def test_many_are_read_and_unread_again(
    staffed: House, write: Write, ana: Desk
) -> None:
    ids = await two(staffed, write)
    assert (await ana.see()).count("Unread: ") == 2
    done = await do(ana, "read", ids)
    assert "Unread: " not in await ana.see()
    await undo(ana, done)
    assert (await ana.see()).count("Unread: ") == 2


async def test_without_the_script_a_page_tells_what_was_done_and_undoes_it(
    staffed: House, write: Write, ana: Desk
) -> None:
    ids = await two(staffed, write)
    back = "view=all&channel=whatsapp"
    page = await ana.post(
        "/console/many", scripted=False, deed="resolve", conversation=ids[0], asked=back
    )
    assert "1 conversation resolved." in page.text
    link = 'href="/console?view=all&amp;channel=whatsapp"'
    assert link in page.text
    found = re.search(r'name="undo" value="([^"]+)"', page.text)
    assert found
    undone = await ana.post(
        "/console/undo",
        scripted=False,
        deed="resolve",
        undo=found.group(1).replace("&#34;", '"'),
        asked=back,
    )
    assert "1 conversation as before." in undone.text
    assert link in undone.text
    none = await do(ana, "resolve", [])
    assert none["told"] == "choose conversations first."
    for path, fields in (
        ("/console/many", {"deed": "dance"}),
        ("/console/undo", {"deed": "resolve", "undo": "[[1]]"}),
        ("/console/views", {"name": "x", "asked": "view=nowhere"}),
    ):
        answer = await ana.send(path, fields)
        assert answer.status_code in {404, 422}, path


FILTERS = {
    "channel=web": (False, False),
    "channel=whatsapp": (True, True),
    "country=Canada": (False, True),
    "reason=complaint": (True, True),
    "reason=fraud": (False, False),
    "language=en": (True, True),
    "language=de": (False, False),
    "assigned=nobody": (True, False),
    "assigned=Ben": (False, True),
    "waited=4": (True, False),
    "crowd=true": (False, False),
    "q=too": (False, True),
    "q=too&waited=4": (False, False),
}


async def test_a_filter_leaves_what_it_names(
    staffed: House, write: Write, ana: Desk, ben: Desk
) -> None:
    await waiting(staffed, write)
    await staffed.work(after=5 * 3600)
    second = await write("Me too", sender=OTHER)
    await staffed.work()
    await ben.act(second, "take")
    contact = await contact_of(staffed.parts.database, second)
    await Contacts(staffed.parts.conversations).correct_facts(
        contact, {"destination": "Canada"}, member_id=1
    )
    found = {}
    for asked in FILTERS:
        page = await ana.see(f"/console?view=all&{asked}")
        rows = page[page.index('<ul class="rows"') : page.index("</ul>")]
        found[asked] = tuple(number in rows for number in NUMBERS)
    assert found == FILTERS


async def test_a_view_is_saved_for_oneself_or_by_admins_for_everybody(
    staffed: House, ana: Desk, ben: Desk
) -> None:
    asked = "view=all&channel=whatsapp&page=3"
    for desk, name, shared in ((ana, "Phones", "1"), (ben, "My own", "1")):
        saved = await desk.post("/console/views", name=name, asked=asked, shared=shared)
        assert saved.status_code == 204
    link = '<a href="/console?view=all&amp;channel=whatsapp" >{}</a>'
    mine, theirs = await ben.see(), await ana.see()
    assert link.format("Phones") in mine
    assert link.format("Phones") in theirs
    assert link.format("My own") in mine
    assert "My own" not in theirs
    found = re.search(r"/console/views/(\w+)/delete", theirs)
    assert found
    assert "/delete" in mine
    path = f"/console/views/{found.group(1)}/delete"
    assert (await ben.post(path)).status_code == 404
    assert (await ana.post(path)).status_code == 204
    assert "Phones" not in await ben.see()
    refused = await ana.post("/console/views", name=" ", asked=asked)
    assert refused.status_code == 409


async def test_a_colleague_who_is_named_in_a_note_finds_it_until_they_look(
    staffed: House, write: Write, ana: Desk, ben: Desk
) -> None:
    conversation = await waiting(staffed, write)
    await ana.act(conversation, "note", note="@Benedict? No: @ben, please look.")
    assert 'Mentions <span class="count">1</span>' in await ben.see()
    assert "+447700900123" in await ben.see("/console?view=mentioned")
    assert "Mentions <span" not in await ana.see()
    await ben.act(conversation, "read")
    assert "Mentions <span" not in await ben.see()


async def test_a_saved_reply_is_changed_where_nobody_else_has_changed_it(
    staffed: House, ana: Desk, ben: Desk
) -> None:
    await ana.post("/console/replies", title="Fees", text="It is free.")
    found = re.search(r"/console/replies/(\w+)/delete", await ana.see(REPLIES))
    assert found
    path = f"{REPLIES}/{found.group(1)}"
    changed = {"title": "Fee", "text": "It costs 5.", "was": "It is free."}
    assert (await ana.send(path, changed)).status_code == 204
    late = await ben.post(path, title="Fees", text="Nothing.", was="It is free.")
    assert "somebody has changed these words" in late.json()["detail"]
    page = await ben.see(REPLIES)
    assert "It costs 5." in page
    assert "It is free." not in page
    await ana.post(REPLIES, title="Visa", text="Ask the embassy.")
    twice = await ana.post(path, title="Visa", text="x", was="It costs 5.")
    assert "another saved reply has that title" in twice.json()["detail"]
    gone = await ana.post(f"{REPLIES}/gone", title="a", text="b", was="c")
    assert gone.status_code == 404


async def test_a_conversation_is_snoozed_until_a_time_of_the_office(
    staffed: House, write: Write, ana: Desk
) -> None:
    conversation = await waiting(staffed, write)
    moment = staffed.clock() + timedelta(days=2)
    until = f"{moment.astimezone(ZoneInfo('Europe/London')):%Y-%m-%dT%H:%M}"
    assert (await ana.act(conversation, "snooze", until=until)).status_code == 204
    page = await ana.see(f"/console/conversations/{conversation}")
    assert f"snoozed to {moment:%d %b}" in page
    past = await ana.act(conversation, "snooze", until="2020-01-01T10:00")
    assert past.json() == {"detail": "that time has passed; choose a later one"}
    none = await ana.act(conversation, "snooze", until="soon")
    assert none.json() == {"detail": "that is not a day and a time"}


async def test_beside_the_thread_stands_what_is_known_of_the_contact(
    staffed: House, write: Write, ana: Desk
) -> None:
    before = await waiting(staffed, write)
    await ana.act(before, "resolve")
    conversation = await write("Me again")
    contact = await contact_of(staffed.parts.database, conversation)
    path = f"/console/contacts/{contact}"
    await ana.post(f"{path}/facts", destination="Canada")
    await ana.post(f"{path}/consent", purpose="be called", how="said so on the phone")
    page = await ana.see(f"/console/conversations/{conversation}")
    panel = page[page.index('id="panel"') : page.index('class="thread"')]
    assert "<dd>Canada</dd>" in panel
    assert "be called, given" in panel
    assert f"/console/conversations/{before}" in panel
    assert f"/console/conversations/{conversation}" not in panel
