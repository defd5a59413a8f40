"""The page where admins connect other programs."""

import re

import pytest
from starlette.responses import Response

from bot.config import Settings
from bot.integrations.webhook_models import WebhookState
from tests.console.conftest import Write
from tests.support.house import House
from tests.support.receiver import Receiver
from tests.support.servers import served
from tests.support.staff import Desk

PAGE = "/console/integrations"


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return settings.model_copy(update={"webhooks_to_loopback": True})


async def add(desk: Desk, url: str, *kinds: str) -> str:
    """Add an endpoint; the page that answers."""
    data = {"url": url, "kind": list(kinds or ("message_created",))}
    page = await desk.client.get(PAGE)
    csrf = re.search(r'name="csrf" value="(\w+)"', page.text)
    assert csrf
    answer = await desk.client.post(PAGE, data={**data, "csrf": csrf.group(1)})
    assert answer.headers["cache-control"] == "no-store"
    return answer.text


async def test_an_admin_adds_an_endpoint_and_sees_its_secret_once(
    staffed: House, write: Write, ana: Desk
) -> None:
    receiver = Receiver()
    async with served(receiver) as address:
        page = await add(ana, f"{address}/hook")
        secret = re.search(r"<code>(whsec_\S+)</code>", page)
        assert secret
        assert "whsec_" not in await ana.see(PAGE)
        await write("Hello")
        await staffed.parts.connections.sender.drain()
    (one,) = receiver.received
    assert one.signed_with(secret.group(1))
    page = await ana.see(PAGE)
    assert f"{address}/hook" in page
    assert "1 arrived" in page
    assert "<td>204 </td>" in page
    assert "added the webhook to 127.0.0.1" in await ana.see("/console/office")


async def test_a_failed_one_is_seen_and_sent_again(
    staffed: House, write: Write, ana: Desk
) -> None:
    receiver = Receiver(answers=[Response(status_code=410)])
    webhooks = staffed.parts.connections.webhooks
    async with served(receiver) as address:
        await add(ana, address)
        await write("Hello")
        await staffed.parts.connections.sender.drain()
        assert "<td>410 refused</td>" in await ana.see(PAGE)
        (line,) = await webhooks.log()
        assert line.state is WebhookState.FAILED
        sent = await ana.post(f"{PAGE}/{line.id}/replay", scripted=False)
        assert (sent.status_code, sent.headers["location"]) == (303, PAGE)
        await staffed.parts.connections.sender.drain()
        event = str(line.event_id)
        again = await ana.post(f"{PAGE}/{line.endpoint_id}/replay-from", event=event)
        assert again.status_code == 204
        await staffed.parts.connections.sender.drain()
    assert len({one.id for one in receiver.received}) == 1
    assert len(receiver.received) == 3
    await ana.post(f"{PAGE}/{line.endpoint_id}/remove")
    assert await webhooks.endpoints() == []


@pytest.mark.parametrize(
    ("url", "problem"),
    [
        ("http://10.0.0.1/", "internal address 10.0.0.1"),
        ("nonsense", "begins with https://"),
    ],
)
async def test_an_address_that_cannot_be_told_is_refused_with_a_reason(
    ana: Desk, url: str, problem: str
) -> None:
    assert problem in await add(ana, url)


async def test_what_makes_no_sense_is_refused(ana: Desk) -> None:
    for path, event in (
        ("nothing/remove", ""),
        ("msg_nothing/replay", ""),
        ("nothing/replay-from", "1"),
        ("nothing/replay-from", "x"),
        ("nothing/dance", ""),
    ):
        answer = await ana.post(f"{PAGE}/{path}", event=event)
        assert answer.status_code == 409, path


async def test_only_admins_come_here(ana: Desk, ben: Desk) -> None:
    assert PAGE in await ana.see("/console/office")
    assert (await ben.client.get(PAGE)).status_code == 403
    assert (await ben.post(PAGE, url="https://example.org")).status_code == 403
    assert (await ben.post(f"{PAGE}/x/remove")).status_code == 403


async def test_an_admin_makes_a_token_sees_it_once_and_revokes_it(
    staffed: House, ana: Desk
) -> None:
    page = await ana.client.get(PAGE)
    csrf = re.search(r'name="csrf" value="(\w+)"', page.text)
    assert csrf
    made = await ana.client.post(
        PAGE,
        data={"what": "token", "name": "CRM", "write": "1", "csrf": csrf.group(1)},
    )
    token = re.search(r"<code>(bot_\S+)</code>", made.text)
    assert token
    shown = {"Authorization": f"Bearer {token.group(1)}"}
    read = await staffed.client.get("/api/v1/conversations", headers=shown)
    assert read.status_code == 200
    page_after = await ana.see(PAGE)
    assert token.group(1) not in page_after
    assert "reads and writes, last used 24 Nov" in page_after
    handle = "_".join(token.group(1).split("_")[:2])
    assert (await ana.post(f"{PAGE}/{handle}/revoke")).status_code == 204
    read = await staffed.client.get("/api/v1/conversations", headers=shown)
    assert read.status_code == 401
    assert "revoked the token CRM" in await ana.see("/console/office")
