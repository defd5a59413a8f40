"""The second step, and the proof before what cannot be undone, over HTTP."""

import re
from hashlib import sha256

import httpx
import pyotp
import pytest

from bot.config import Settings
from tests.console.conftest import Write, browser_of
from tests.support.contacts import contact_of
from tests.support.house import House
from tests.support.staff import PASSWORD, Desk, token_in

PAGE = "/console/second-step"


@pytest.fixture
def settings(settings: Settings, request: pytest.FixtureRequest) -> Settings:
    needed = getattr(request, "param", "nobody")
    return settings.model_copy(update={"second_step": needed})


async def send(desk: Desk, path: str, **fields: str) -> httpx.Response:
    return await desk.post(path, scripted=False, **fields)


async def set_up(house: House, desk: Desk) -> tuple[pyotp.TOTP, list[str]]:
    """Scan the secret, give a code; the authenticator and the codes on paper."""
    await send(desk, f"{PAGE}/start")
    page = await desk.see(PAGE)
    found = re.search(r"<code>([A-Z2-7]{32})</code>", page)
    assert found
    assert "data:image/svg+xml" in page
    phone = pyotp.TOTP(found.group(1))
    refused = await send(desk, f"{PAGE}/confirm", code="no code")
    assert (refused.status_code, "not the code" in refused.text) == (409, True)
    shown = await send(desk, f"{PAGE}/confirm", code=phone.at(house.clock()))
    codes = re.findall(r"<code>([a-z2-9-]{19})</code>", shown.text)
    assert len(codes) == 8
    house.clock.advance(30)
    return phone, codes


async def give(desk: Desk, code: str) -> httpx.Response:
    page = await desk.client.get("/console/sign-in/code")
    data = {"csrf": token_in(page.text), "code": code}
    return await desk.client.post("/console/sign-in/code", data=data)


async def test_the_code_is_asked_for_after_the_password(
    staffed: House, ben: Desk, nobody: Desk
) -> None:
    phone, codes = await set_up(staffed, ben)
    assert "8 codes on paper" in await ben.see(PAGE)
    asked = await nobody.sign_in("Ben", after="?next=/console/replies")
    assert asked.headers["location"].startswith("/console/sign-in/code?next=")
    assert "staff_session" not in nobody.client.cookies
    assert (await give(nobody, "no code")).status_code == 401
    assert (await nobody.client.get("/console")).status_code == 303
    assert (await give(nobody, phone.at(staffed.clock()))).status_code == 303
    assert (await nobody.client.get("/console")).status_code == 200
    await nobody.post("/console/sign-out")
    await nobody.sign_in("Ben")
    assert (await give(nobody, codes[0])).status_code == 303
    assert "7 codes on paper" in await ben.see(PAGE)
    assert codes[1] not in (await send(ben, f"{PAGE}/codes")).text
    await send(ben, f"{PAGE}/remove")
    await nobody.post("/console/sign-out")
    assert (await nobody.sign_in("Ben")).headers["location"] == "/console"


async def test_without_a_password_there_is_no_page_for_a_code(nobody: Desk) -> None:
    answer = await nobody.client.get("/console/sign-in/code")
    assert (answer.status_code, answer.headers["location"]) == (303, "/console/sign-in")
    forged = await nobody.client.post("/console/sign-in/code", data={"code": "1"})
    assert forged.status_code == 403


async def test_a_form_without_the_cookie_of_its_page_does_nothing(
    staffed: House,
) -> None:
    of_nothing = sha256(b"sign-in ").hexdigest()
    async with browser_of(staffed) as other:
        ours = token_in((await other.get("/console/sign-in")).text)
    for cookies in ({}, {"staff_form": ""}):
        async with browser_of(staffed) as client:
            client.cookies.update(cookies)
            for secret in (ours, of_nothing):
                data = {"name": "Ana", "password": PASSWORD, "csrf": secret}
                answer = await client.post("/console/sign-in", data=data)
                assert answer.status_code == 403
                assert "staff_session" not in client.cookies
                client.cookies.clear()
                client.cookies.update(cookies)


@pytest.mark.parametrize("settings", ["admins"], indirect=True)
async def test_who_needs_a_second_step_sets_it_up_before_anything_else(
    staffed: House, ana: Desk, ben: Desk
) -> None:
    assert (await ben.client.get("/console")).status_code == 200
    sent = await ana.client.get("/console/contacts")
    assert (sent.status_code, sent.headers["location"]) == (303, PAGE)
    told = await ana.client.get("/console", headers={"X-Console": "1"})
    assert told.status_code == 403
    page = await ana.see(PAGE)
    assert "Your role needs a second step" in page
    data = {"csrf": token_in(page)}
    await ana.client.post(f"{PAGE}/start", data=data)
    found = re.search(r"<code>([A-Z2-7]{32})</code>", await ana.see(PAGE))
    assert found
    code = pyotp.TOTP(found.group(1)).at(staffed.clock())
    await ana.client.post(f"{PAGE}/confirm", data={**data, "code": code})
    assert (await ana.client.get("/console/contacts")).status_code == 200
    assert "Your role needs it" in await ana.see(PAGE)


async def test_exports_and_erasures_need_a_proof_of_these_ten_minutes(
    staffed: House, write: Write, ana: Desk
) -> None:
    conversation = await write("I am Zaphod")
    contact = await contact_of(staffed.parts.database, conversation)
    place = f"/console/contacts/{contact}"
    assert (await send(ana, f"{place}/export")).status_code == 200
    staffed.clock.advance(601)
    for path, back in (("/export", place), ("/erase", f"{place}/erase")):
        sent = await send(ana, f"{place}{path}", typed=contact)
        target = f"/console/confirm?next={back}"
        assert (sent.status_code, sent.headers["location"]) == (303, target)
    assert (await ana.client.get(f"{place}/erase")).status_code == 303
    ask = f"/console/confirm?next={place}"
    assert "Is it you, Ana?" in await ana.see(ask)
    for wrong in ("not the password", "123456"):
        refused = await send(ana, ask, given=wrong)
        assert refused.status_code == 401
        assert 'role="alert"' in refused.text
    assert (await send(ana, f"{place}/export")).status_code == 303
    done = await send(ana, ask, given=PASSWORD)
    assert (done.status_code, done.headers["location"]) == (303, place)
    assert (await send(ana, f"{place}/export")).status_code == 200
    assert (await send(ana, f"{place}/erase", typed=contact)).status_code == 303
    assert (await ana.client.get(place)).status_code == 404
    assert "proved who they are" in await ana.see("/console/office")


async def test_a_code_proves_it_too_and_guesses_are_slowed(
    staffed: House, ben: Desk
) -> None:
    phone, _ = await set_up(staffed, ben)
    staffed.clock.advance(601)
    assert (await send(ben, f"{PAGE}/remove")).status_code == 303
    assert "Make new codes" in await ben.see(PAGE), "it is still there"
    ask = f"/console/confirm?next={PAGE}"
    wrong = f"{int(phone.at(staffed.clock())) ^ 1:06d}"
    for _ in range(4):
        assert (await send(ben, ask, given=wrong)).status_code == 401
    assert (await send(ben, ask, given=phone.at(staffed.clock()))).status_code == 429
    staffed.clock.advance(30)
    assert (await send(ben, ask, given=phone.at(staffed.clock()))).status_code == 303
    await send(ben, f"{PAGE}/remove")
    assert "Set up an authenticator" in await ben.see(PAGE)
