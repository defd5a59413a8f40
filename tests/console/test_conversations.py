"""What staff can do with a conversation, and what others then see."""

from sqlalchemy import func, select

from bot.conversations.models import Delivery, Message, Note
from bot.conversations.ports import Author, Outcome
from bot.staff import AuditEntry
from tests.console.conftest import Write
from tests.support.assistants import answer
from tests.support.house import House
from tests.support.records import messages
from tests.support.staff import Desk


async def waiting(house: House, write: Write, text: str = "A person!") -> str:
    house.assistant.reply = lambda _: answer(
        "Passed on.", outcome=Outcome.HANDOFF, reason="complaint"
    )
    conversation = await write(text)
    await house.work()
    return conversation


async def test_the_longest_wait_comes_first_with_its_reason_and_language(
    staffed: House, write: Write, ana: Desk
) -> None:
    await waiting(staffed, write)
    await write("Me too", sender="whatsapp:+4915112345678")
    await staffed.work()
    page = await ana.see()
    assert 0 < page.index("+447700900123") < page.index("+4915112345678")
    assert 'class="chip urgent">Complaint<' in page
    assert "English" in page
    assert 'Waiting <span class="count">2</span>' in page


async def test_a_conversation_is_taken_answered_handed_back_and_resolved(
    staffed: House, write: Write, ana: Desk, ben: Desk
) -> None:
    conversation = await waiting(staffed, write)
    assert (await ana.act(conversation, "take")).status_code == 204
    refused = await ben.act(conversation, "take")
    assert (refused.status_code, refused.json()) == (
        409,
        {"detail": "Ana has taken it"},
    )
    for _ in range(2):
        sent = await ana.act(conversation, "reply", reply="It is Ana.", client_id="c1")
        assert sent.status_code == 204
    await staffed.work()
    assert staffed.sent()[1:] == ["It is Ana."]
    page = await ben.see(f"/console/conversations/{conversation}")
    assert "Ana holds this conversation." in page
    assert "It is Ana." in page
    assert '<span class="state read">read</span>' in page
    refused = await ben.act(conversation, "resolve")
    assert refused.status_code == 409
    assert (await ana.act(conversation, "hand-back")).status_code == 204
    assert (await ben.act(conversation, "resolve")).status_code == 204
    page = await ana.see(f"/console/conversations/{conversation}")
    assert "a new conversation opens" in page
    office = await ana.see("/console/office")
    for words in ("took", "replied in", "handed back", "resolved", "signed in"):
        assert words in office


async def test_a_note_can_reach_neither_the_contact_nor_the_bot(
    staffed: House, write: Write, ana: Desk
) -> None:
    conversation = await waiting(staffed, write)
    said = await ana.act(conversation, "note", note="Sounds like a scam.")
    assert said.status_code == 204
    await ana.act(conversation, "hand-back")
    staffed.assistant.reply = lambda question: answer(f"About: {question}")
    await write("And now?")
    await staffed.work()
    async with staffed.parts.database.read() as session:
        assert (await session.scalars(select(Note.text))).all() == [
            "Sounds like a scam."
        ]
        stored = [
            *(await session.scalars(select(Message.text))),
            *(await session.scalars(select(Delivery.text))),
        ]
    heard = repr(staffed.assistant.asked) + repr(staffed.sent()) + repr(stored)
    assert "scam" not in heard
    assert "Note by Ana" in await ana.see(f"/console/conversations/{conversation}")


async def test_a_note_needs_words_and_a_place_and_is_in_the_log(
    staffed: House, write: Write, ana: Desk
) -> None:
    conversation = await waiting(staffed, write)
    empty = await ana.act(conversation, "note", note=" ")
    assert empty.json() == {"detail": "a note needs words"}
    elsewhere = await ana.act(conversation, "reply", note="To whom?")
    assert elsewhere.json() == {"detail": "a reply needs words"}
    long = await ana.act(conversation, "note", note="x" * 4001)
    assert long.status_code == 409
    gone = await ana.act("nothing", "take")
    assert gone.status_code == 404
    assert (await ana.act(conversation, "dance")).status_code == 404
    missing = await ana.client.get("/console/conversations/nothing")
    assert missing.status_code == 404


async def test_without_the_script_a_form_leads_back_or_says_why_not(
    staffed: House, write: Write, ana: Desk, ben: Desk
) -> None:
    conversation = await waiting(staffed, write)
    path = f"/console/conversations/{conversation}"
    done = await ana.post(f"{path}/take", scripted=False)
    assert (done.status_code, done.headers["location"]) == (303, path)
    refused = await ben.post(f"{path}/take", scripted=False)
    assert refused.status_code == 409
    assert "Ana has taken it" in refused.text


async def test_a_conversation_is_assigned_to_somebody_who_can_sign_in(
    staffed: House, write: Write, ana: Desk, ben: Desk
) -> None:
    conversation = await waiting(staffed, write)
    assert (await ana.act(conversation, "assign", to="Ben")).status_code == 204
    assert "With you" in await ben.see(f"/console/conversations/{conversation}")
    assert (await ana.act(conversation, "assign", to="Ana")).status_code == 204
    assert "With Ana" in await ben.see(f"/console/conversations/{conversation}")
    unknown = await ana.act(conversation, "assign", to="Eve")
    assert "there is no staff member Eve" in unknown.json()["detail"]
    await staffed.parts.conversations.take(
        await write("Hi", sender="whatsapp:+4915112345678"), member="Terminal"
    )
    terminal = await ana.act(conversation, "assign", to="Terminal")
    assert terminal.json() == {"detail": "Terminal cannot sign in"}
    await ana.act(conversation, "resolve")
    late = await ana.act(conversation, "assign", to="Ben")
    assert "it is resolved" in late.json()["detail"]


async def test_a_snoozed_conversation_goes_last_until_the_contact_writes(
    staffed: House, write: Write, ana: Desk
) -> None:
    first = await waiting(staffed, write)
    second = await write("Me too", sender="whatsapp:+4915112345678")
    await staffed.work()
    assert (await ana.act(first, "snooze", hours="4")).status_code == 204
    page = await ana.see()
    assert page.index(f'data-key="{second}"') < page.index(f'data-key="{first}"')
    assert "Snoozed to 24 Nov 13:00" in page
    assert 'Waiting <span class="count">1</span>' in page
    await write("Still there?")
    assert "Snoozed" not in await ana.see()
    await ana.act(first, "snooze", hours="1")
    await ana.act(first, "snooze", hours="")
    assert "Snoozed" not in await ana.see()
    bots = await write("Hello", sender="whatsapp:+4915112345679")
    refused = await ana.act(bots, "snooze", hours="1")
    assert "staff do not hold it" in refused.json()["detail"]


async def test_unread_is_what_the_contact_wrote_since_one_looked(
    staffed: House, write: Write, ana: Desk, ben: Desk
) -> None:
    conversation = await waiting(staffed, write)
    assert "Unread" in await ana.see()
    assert (await ana.act(conversation, "read")).status_code == 204
    assert (await ana.act(conversation, "read")).status_code == 204
    assert "Unread" not in await ana.see()
    assert "Unread" in await ben.see()
    await write("One more thing")
    assert "Unread" in await ana.see()
    assert (await ana.act("nothing", "read")).status_code == 204


async def test_the_whatsapp_window_is_shown_and_refused_when_closed(
    staffed: House, write: Write, ana: Desk
) -> None:
    conversation = await waiting(staffed, write)
    path = f"/console/conversations/{conversation}"
    assert "WhatsApp carries your reply for another" in await ana.see(path)
    staffed.clock.advance(8 * 3600)
    assert (await ana.act(conversation, "take")).status_code == 204
    staffed.clock.advance(11 * 3600)
    await ana.see()
    staffed.clock.advance(6 * 3600)
    page = await ana.see(path)
    assert "WhatsApp's window is closed." in page
    assert 'data-reply="closed"' in page
    assert 'href="tel:+447700900123"' in page
    late = await ana.act(conversation, "reply", reply="Sorry!")
    assert "more than 24 hours ago" in late.json()["detail"]


async def test_search_finds_what_contacts_wrote_and_their_numbers(
    staffed: House, write: Write, ana: Desk
) -> None:
    conversation = await waiting(staffed, write, "My 100% scholarship_form")
    for words in ("SCHOLARSHIP_", "100%", "7009001"):
        page = await ana.see(f"/console?q={words.replace('%', '%25')}")
        assert conversation in page, words
    for words in ("Passed on", "100_", "nonsense"):
        page = await ana.see(f"/console?view=all&q={words}")
        assert "Nothing was found." in page, words


async def test_every_list_holds_what_it_says(
    staffed: House, write: Write, ana: Desk
) -> None:
    bots = await write("How long?", sender="whatsapp:+4915112345678")
    await staffed.work()
    mine = await waiting(staffed, write)
    await ana.act(mine, "take")
    lists = {
        "waiting": set(),
        "mine": {mine},
        "all": {mine, bots},
        "bot": {bots},
        "resolved": set(),
    }
    for view, expected in lists.items():
        page = await ana.see(f"/console?view={view}")
        assert {one for one in (mine, bots) if f'data-key="{one}"' in page} == expected
    await ana.act(mine, "resolve")
    assert mine in await ana.see("/console?view=resolved")
    assert (await ana.client.get("/console?view=odd")).status_code == 422


async def test_the_thread_shows_sources_confidence_and_the_summary(
    staffed: House, write: Write, ana: Desk
) -> None:
    staffed.assistant.reply = lambda _: answer("**Six** <b>weeks</b>.")
    first = await write("How <i>long</i>?", media_count=2)
    await staffed.work()
    page = await ana.see(f"/console/conversations/{first}")
    assert "<strong>Six</strong> &lt;b&gt;weeks&lt;/b&gt;." in page
    assert "How &lt;i&gt;long&lt;/i&gt;?" in page
    assert "Answered, confidence 90 % (sections)" in page
    assert '<a href="https://e.org/c" rel="noopener noreferrer"' in page
    assert "Summary: 1 question" in page
    assert "Answered: Courses" in page
    assert "[2 attachments]" in page
    await ana.act(first, "resolve")
    second = await write("Again")
    assert f"/console/conversations/{first}" in await ana.see(
        f"/console/conversations/{second}"
    )


async def test_staff_see_what_the_contact_thought_of_an_answer(
    staffed: House, write: Write, ana: Desk
) -> None:
    conversation = await write("How long?")
    await staffed.work()
    await write("That's wrong")
    await staffed.work()
    page = await ana.see(f"/console/conversations/{conversation}")
    assert "The contact: this did not help" in page
    assert "Bot answers" in page


async def test_who_steps_in_is_a_reason_in_plain_words(
    staffed: House, write: Write, ana: Desk
) -> None:
    conversation = await write("How long?")
    await ana.act(conversation, "take")
    page = await ana.see(f"/console/conversations/{conversation}")
    assert '<span class="chip">Staff stepped in</span>' in page


async def test_saved_replies_have_blanks_that_must_be_filled(
    staffed: House, write: Write, ana: Desk, ben: Desk
) -> None:
    conversation = await waiting(staffed, write)
    saved = await ana.post(
        "/console/replies", title=" Fees ", text="[[course]] costs\r\nmoney"
    )
    assert saved.status_code == 204
    await ana.post("/console/replies", title="Fees", text="[[course]] is free\0")
    page = await ben.see(f"/console/conversations/{conversation}")
    words = 'data-words="[[course]] is free\ufffd"><strong>Fees</strong>'
    assert words in page
    refused = await ben.act(conversation, "reply", reply="[[course]] is free")
    assert "fill in the blanks" in refused.json()["detail"]
    for title, text in (("", "x"), ("x", ""), ("x" * 81, "x")):
        wrong = await ana.post("/console/replies", title=title, text=text)
        assert wrong.status_code == 409
    listed = (await ana.client.get("/console/replies")).text
    reply = listed.partition('data-key="')[2].partition('"')[0]
    for _ in range(2):
        gone = await ana.post(f"/console/replies/{reply}/delete")
        assert gone.status_code == 204
    assert "Fees" not in await ana.see("/console/replies")


async def test_the_emergency_switch_gives_everybody_one_reply(
    staffed: House, write: Write, ana: Desk
) -> None:
    empty = await ana.post("/console/emergency", on="1", text=" ")
    assert empty.status_code == 409
    on = await ana.post("/console/emergency", on="1", text="Please call us.")
    assert on.status_code == 204
    await ana.post("/console/emergency", on="1", text="Please call us today.")
    await write("How long?")
    await staffed.work()
    assert staffed.sent() == ["Please call us today."]
    assert staffed.assistant.asked == []
    assert "The emergency reply is on" in await ana.see()
    assert "Please call us today." in await ana.see("/console/office")
    assert (await ana.post("/console/emergency")).status_code == 204
    await write("How long?")
    await staffed.work()
    assert "About: How long?" in staffed.sent()[-1]


async def test_the_switch_holds_for_an_answer_already_being_made(
    staffed: House, write: Write, ana: Desk
) -> None:
    await write("How long?")
    staffed.clock.advance(10)
    worker = staffed.parts.worker
    replies = worker._replies
    claim = await replies.claim(worker._turns)
    assert claim is not None
    await ana.post("/console/emergency", on="1", text="Please call us.")
    assert await replies.finish(claim, answer("Six weeks."))
    (said,) = await messages(staffed.parts.database, author=Author.BOT)
    assert said.text == "Please call us."


async def test_every_action_is_in_the_log_but_no_words(
    staffed: House, write: Write, ana: Desk
) -> None:
    conversation = await waiting(staffed, write)
    await ana.act(conversation, "note", note="secret words")
    await ana.act(conversation, "reply", reply="secret words")
    async with staffed.parts.database.read() as session:
        rows = (await session.scalars(select(AuditEntry))).all()
        status = await session.scalar(select(func.count()).select_from(Note))
    assert status == 1
    assert [row.action for row in rows][-2:] == ["note", "reply"]
    assert all(row.subject == conversation for row in rows[-2:])
    assert "secret" not in repr([(row.detail, row.subject) for row in rows])


async def test_staff_see_who_wants_no_messages_and_cannot_write_to_them(
    staffed: House, write: Write, ana: Desk
) -> None:
    await write("How long?")
    await staffed.work()
    conversation = await write("STOP")
    await staffed.work()
    page = await ana.see(f"/console/conversations/{conversation}")
    assert "They asked for no more messages" in page
    refused = await ana.act(conversation, "reply", reply="Please stay")
    assert refused.status_code == 409
    assert "write START" in refused.json()["detail"]


async def test_staff_read_what_is_quoted_and_why_a_reply_did_not_arrive(
    staffed: House, write: Write, ana: Desk
) -> None:
    conversation = await write("How long?")
    await staffed.work()
    sent = staffed.simulator.messages[-1]
    await staffed.simulator.type(
        "And this?", sender=sent.recipient, OriginalRepliedMessageSid=sent.sid
    )
    staffed.simulator.faults.codes = [63024]
    await staffed.work()
    page = await ana.see(f"/console/conversations/{conversation}")
    quoted = page.partition('<blockquote class="faint" dir="auto">')[2]
    assert quoted.startswith("Hello!")
    assert "not delivered (this number is not on WhatsApp" in page
