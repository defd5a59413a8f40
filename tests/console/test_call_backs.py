"""The list of call-backs, and the call in its conversation."""

from bot.conversations.models import Reason
from bot.conversations.ports import Outcome
from tests.console.conftest import Write
from tests.support.assistants import answer
from tests.support.house import House
from tests.support.staff import Desk


async def asked(staffed: House, write: Write) -> str:
    staffed.assistant.reply = lambda _: answer(
        "We call you.", outcome=Outcome.HANDOFF, reason=Reason.ASKED_FOR_CALL
    )
    conversation = await write("Call me tomorrow at 10 <b>am</b>")
    await staffed.work()
    return conversation


def the_call(page: str) -> str:
    return page.partition('action="/console/call-backs/')[2].partition("/")[0]


async def test_a_call_is_listed_and_shown_in_its_conversation(
    staffed: House, write: Write, ana: Desk
) -> None:
    assert "Nobody waits for a call." in await ana.see("/console/call-backs")
    conversation = await asked(staffed, write)
    for page in (
        await ana.see("/console/call-backs"),
        await ana.see(f"/console/conversations/{conversation}"),
    ):
        assert '<a class="number" href="tel:+447700900123">+44 7700 900123</a>' in page
        assert "25 Nov 10:00" in page
        assert "at 10 &lt;b&gt;am&lt;/b&gt;" in page
        assert 'Calls <span class="count">1</span>' in page


async def test_a_call_is_tried_again_and_then_closed(
    staffed: House, write: Write, ana: Desk
) -> None:
    conversation = await asked(staffed, write)
    call = the_call(await ana.see("/console/call-backs"))
    tried = await ana.post(f"/console/call-backs/{call}/not-reached")
    assert tried.status_code == 204
    assert "1 attempt, last" in await ana.see("/console/call-backs")
    done = await ana.post(f"/console/call-backs/{call}/done", scripted=False)
    assert done.headers["Location"] == "/console/call-backs"
    page = await ana.see("/console/call-backs")
    assert "Nobody waits for a call." in page
    assert '<span class="chip calm">reached</span>' in page
    assert "Wants to be called" not in await ana.see(
        f"/console/conversations/{conversation}"
    )
    assert "called, reached:" in await ana.see("/console/office")
    again = await ana.post(f"/console/call-backs/{call}/give-up")
    assert again.status_code == 409


async def test_only_staff_and_only_what_there_is(
    staffed: House, write: Write, ana: Desk, nobody: Desk
) -> None:
    await asked(staffed, write)
    call = the_call(await ana.see("/console/call-backs"))
    assert (await nobody.client.get("/console/call-backs")).status_code == 303
    refused = await nobody.client.post(f"/console/call-backs/{call}/done")
    assert refused.status_code == 303
    forged = await ana.client.post(f"/console/call-backs/{call}/done", data={})
    assert forged.status_code == 403
    assert (await ana.post(f"/console/call-backs/{call}/odd")).status_code == 404
    assert (await ana.post("/console/call-backs/nosuch/done")).status_code == 404
