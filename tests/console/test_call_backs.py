"""The list of call-backs, and the call in its conversation."""

import httpx
import pytest

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
    conversation = await write("Call me on Monday at 10 <b>am</b>")
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
        assert "30 Nov 10:00" in page
        assert "at 10 &lt;b&gt;am&lt;/b&gt;" in page
        assert 'calls-count"> <span class="count">1</span>' in page


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


async def correct(
    desk: Desk, call: str, *, number: str = "", when: str = ""
) -> httpx.Response:
    path = f"/console/call-backs/{call}/correct"
    return await desk.post(path, number=number, when=when)


async def test_staff_correct_number_and_time(
    staffed: House, write: Write, ana: Desk
) -> None:
    await asked(staffed, write)
    call = the_call(page := await ana.see("/console/call-backs"))
    assert 'name="number" type="tel" maxlength="40" value="+44 7700 900123"' in page
    assert 'type="datetime-local" value="2026-11-30T10:00"' in page
    done = await correct(ana, call, number="0049 30 901820", when="2026-11-26T16:30")
    assert done.status_code == 204
    page = await ana.see("/console/call-backs")
    assert 'href="tel:+4930901820">+49 30 901820</a>' in page
    assert "26 Nov 16:30" in page
    assert "at 10 &lt;b&gt;am&lt;/b&gt;" in page, "what they wrote stays"
    assert "corrected the call-back in" in await ana.see("/console/office")
    assert (await correct(ana, call, number="", when="")).status_code == 204
    page = await ana.see("/console/call-backs")
    assert "No number yet" in page
    assert "any time" in page


@pytest.mark.parametrize(
    ("typed", "problem"),
    [
        (("call me maybe", ""), "that is not a telephone number"),
        (("020 7946 0958", ""), "with its country code"),
        (("+44 12", ""), "that is not a telephone number"),
        (("+44 20 7946 0958, +49 30 901820", ""), "write one"),
        (("+44 20 7946 0958", "tomorrow"), "that is not a day and a time"),
        (("+44 20 7946 0958", "2026-11-23T10:00"), "that time has passed"),
        (("+44 20 7946 0958", "9999-12-31T23:59"), "more than a year away"),
    ],
)
async def test_nonsense_is_refused_with_the_reason_and_changes_nothing(
    staffed: House, write: Write, ana: Desk, typed: tuple[str, str], problem: str
) -> None:
    await asked(staffed, write)
    call = the_call(before := await ana.see("/console/call-backs"))
    refused = await correct(ana, call, number=typed[0], when=typed[1])
    assert refused.status_code == 409
    assert problem in refused.json()["detail"]
    assert await ana.see("/console/call-backs") == before


async def test_what_is_overdue_can_keep_its_time(
    staffed: House, write: Write, ana: Desk
) -> None:
    await asked(staffed, write)
    staffed.clock.advance(7 * 86400)
    await ana.sign_in("Ana")
    call = the_call(page := await ana.see("/console/call-backs"))
    assert '<span class="chip urgent">Due</span>' in page
    kept = {"number": "+49 30 901820", "when": "2026-11-30T10:00"}
    assert (await correct(ana, call, **kept)).status_code == 204
    page = await ana.see("/console/call-backs")
    assert '<span class="chip urgent">Due</span>' in page
    assert "+49 30 901820" in page


async def test_a_correction_needs_an_open_call_and_our_own_form(
    staffed: House, write: Write, ana: Desk
) -> None:
    await asked(staffed, write)
    call = the_call(await ana.see("/console/call-backs"))
    forged = await ana.client.post(f"/console/call-backs/{call}/correct", data={})
    assert forged.status_code == 403
    assert (await correct(ana, "nosuch")).status_code == 404
    await ana.post(f"/console/call-backs/{call}/done")
    closed = await correct(ana, call, number="+49 30 901820")
    assert closed.json() == {"detail": "this call-back is closed already"}
