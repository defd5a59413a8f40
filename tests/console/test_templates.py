"""Outside WhatsApp's window staff send approved messages, and leave answers behind."""

import re

import httpx
import pytest

from tests.console.conftest import Write
from tests.console.test_conversations import waiting
from tests.support.core import hours
from tests.support.house import PHONE, House
from tests.support.staff import Desk

SAID = "Hello Ada, our answer is ready."


async def test_an_answer_is_left_and_leaves_when_the_contact_writes(
    staffed: House, write: Write, ana: Desk
) -> None:
    conversation = await waiting(staffed, write)
    place = f"/console/conversations/{conversation}"
    assert "Answer ready" not in await ana.see(place)
    staffed.clock.advance(hours(30))
    await ana.sign_in("Ana")
    page = await ana.see(place)
    assert "send an approved message" in page
    assert "{{1}}: their name" in page
    fields = {"template": "Answer ready", "blank 1": "Ada", "answer": "49 dollars."}
    for _ in range(2):
        sent = await ana.act(conversation, "template", client_id="c1", **fields)
        assert sent.status_code == 204
    await staffed.work()
    assert staffed.sent()[-1] == SAID
    assert staffed.sent().count(SAID) == 1
    page = await ana.see(place)
    assert "leaves when they write" in page
    assert "49 dollars." in page
    refused = await ana.act(conversation, "resolve")
    assert "drop it first" in refused.json()["detail"]
    await write("Yes please")
    await staffed.work()
    assert staffed.sent()[-1] == "49 dollars."
    page = await ana.see(place)
    assert "leaves when they write" not in page
    assert "49 dollars." in page


async def test_an_answer_that_waits_is_dropped(
    staffed: House, write: Write, ana: Desk
) -> None:
    conversation = await waiting(staffed, write)
    staffed.clock.advance(hours(30))
    await ana.sign_in("Ana")
    missing = await ana.act(conversation, "template", template="Answer ready")
    assert missing.json() == {"detail": "fill in their name"}
    fields = {"template": "Answer ready", "blank 1": "Ada", "answer": "x" * 4001}
    long = await ana.act(conversation, "template", **fields)
    assert long.json() == {"detail": "at most 4000 letters, please"}
    await ana.act(conversation, "template", **{**fields, "answer": "Oh"})
    page = await ana.see(f"/console/conversations/{conversation}")
    held = re.findall(r'name="held" value="(\w+)"', page)[0]
    assert (await ana.act(conversation, "drop", held=held)).status_code == 204
    page = await ana.see(f"/console/conversations/{conversation}")
    assert 'name="held"' not in page


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"Body": "Hello"}, 63016),
        ({"ContentSid": "HX" + "f" * 32}, 21655),
        ({"ContentVariables": "{"}, 21656),
        ({"ContentVariables": "[]"}, 21656),
        ({"ContentVariables": '{"1": "a\\nb"}'}, 21656),
        ({"ContentVariables": '{"1": "a     b"}'}, 21656),
        ({"ContentVariables": '{"1": ""}'}, 21656),
        ({}, 21656),
        ({"ContentVariables": '{"1": "Ada"}'}, None),
    ],
)
async def test_the_simulated_twilio_refuses_what_twilio_refuses(
    staffed: House, fields: dict[str, str], code: int | None
) -> None:
    known = "HX0123456789abcdef0123456789abcdef"
    form = {"To": PHONE, **fields}
    if "Body" not in fields:
        form.setdefault("ContentSid", known)
    simulator = staffed.simulator
    async with httpx.AsyncClient(transport=simulator.transport()) as client:
        answer = await client.post(
            f"http://twilio/2010-04-01/Accounts/{simulator.account_sid}/Messages.json",
            data=form,
            auth=(simulator.account_sid, simulator.token),
        )
    assert answer.json().get("code") == code
    if code is None:
        assert answer.json()["body"] == SAID
