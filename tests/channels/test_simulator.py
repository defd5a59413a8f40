"""The simulated Twilio behaves as the real one does where it matters."""

import httpx
import pytest

from bot.channels.simulated_api import ACCOUNT_SID, SENDER
from bot.channels.simulator import Simulator
from tests.support.clock import Clock
from tests.support.house import PHONE, House
from tests.support.twilio import message

API = f"https://api.twilio.com/2010-04-01/Accounts/{ACCOUNT_SID}/Messages.json"


def _twilio(house: House) -> httpx.AsyncClient:
    return httpx.AsyncClient(
        transport=house.simulator.transport(),
        auth=(ACCOUNT_SID, house.simulator.token),
    )


async def _send(
    house: House, *, to: str = PHONE, body: str = "Hello"
) -> httpx.Response:
    async with _twilio(house) as twilio:
        return await twilio.post(API, data={"To": to, "From": SENDER, "Body": body})


async def test_a_message_is_created_and_listed(house: House) -> None:
    await message(house, "Hi")
    created = await _send(house, body="Six weeks.")
    assert created.status_code == 201
    assert created.json()["status"] == "queued"
    async with _twilio(house) as twilio:
        listed = (await twilio.get(API, params={"To": PHONE})).json()["messages"]
        others = (await twilio.get(API, params={"To": "whatsapp:+1"})).json()
    assert [entry["sid"] for entry in listed] == [created.json()["sid"]]
    assert listed[0]["body"] == "Six weeks."
    assert others["messages"] == []


@pytest.mark.parametrize(
    ("to", "body", "status", "code"),
    [
        ("+447700900123", "Hello", 400, 21211),
        (PHONE, "x" * 1601, 400, 21617),
        ("whatsapp:+1", "Hello", 400, 63016),
    ],
)
async def test_what_twilio_refuses_is_refused(
    house: House, to: str, body: str, status: int, code: int
) -> None:
    await message(house, "Hi")
    refused = await _send(house, to=to, body=body)
    assert (refused.status_code, refused.json()["code"]) == (status, code)


async def test_a_day_after_the_contact_wrote_the_window_closes(
    house: House, clock: Clock
) -> None:
    await message(house, "Hi")
    clock.advance(24 * 3600)
    assert (await _send(house)).status_code == 201
    clock.advance(1)
    refused = await _send(house)
    assert (refused.status_code, refused.json()["code"]) == (400, 63016)


@pytest.mark.parametrize("method", ["GET", "POST"])
async def test_a_wrong_token_is_refused(house: House, method: str) -> None:
    async with _twilio(house) as twilio:
        refused = await twilio.request(method, API, auth=(ACCOUNT_SID, "wrong"))
    assert refused.status_code == 401


async def test_a_planned_fault_happens_once(house: House) -> None:
    await message(house, "Hi")
    house.simulator.faults.codes = [20429]
    refused = await _send(house)
    assert (refused.status_code, refused.headers["Retry-After"]) == (429, "1")
    assert (await _send(house)).status_code == 201


async def test_without_an_application_nobody_can_be_told(clock: Clock) -> None:
    simulator = Simulator(base_url="http://127.0.0.1:8000", clock=clock)
    with pytest.raises(RuntimeError, match="connect the simulator"):
        await simulator.type("Hi", sender=PHONE)


async def test_the_phone_writes_and_shows_what_came_back(house: House) -> None:
    typed = await house.client.post(
        "/simulator/messages", json={"from": PHONE, "text": "How long?"}
    )
    assert (typed.status_code, typed.json()) == (201, {"webhook_status": 200})
    await house.work()
    shown = await house.client.get("/simulator/messages", params={"number": PHONE})
    directions = [(entry["direction"], entry["status"]) for entry in shown.json()]
    assert directions == [("inbound", "received"), ("outbound-api", "read")]
    assert "About: How long?" in shown.json()[1]["body"]


async def test_a_phone_shows_nobody_else_s_messages(house: House) -> None:
    await message(house, "Mine")
    shown = await house.client.get(
        "/simulator/messages", params={"number": "whatsapp:+1"}
    )
    assert shown.json() == []


@pytest.mark.parametrize("body", [b'{"text": "\\ud800"}', b'{"text": "a\\u0000"}'])
async def test_the_phone_can_type_anything(house: House, body: bytes) -> None:
    headers = {"Content-Type": "application/json"}
    typed = await house.client.post(
        "/simulator/messages", content=body, headers=headers
    )
    assert typed.json() == {"webhook_status": 200}


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/simulator", "text/html"),
        ("/simulator/simulator.css", "text/css"),
        ("/simulator/simulator.js", "text/javascript"),
    ],
)
async def test_the_phone_s_page_is_there(house: House, path: str, kind: str) -> None:
    page = await house.client.get(path)
    assert page.status_code == 200
    assert page.headers["Content-Type"].startswith(kind)


async def test_no_other_file_is_served(house: House) -> None:
    for path in ("/simulator/simulator.html", "/simulator/simulator.py"):
        assert (await house.client.get(path)).status_code == 422
