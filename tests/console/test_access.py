"""Nobody gets in without a session, and no form works without its token."""

import pytest
from sqlalchemy import select

from bot.staff import StaffMember
from tests.support.house import House
from tests.support.staff import PASSWORD, Desk

PATHS = [
    "/console",
    "/console/account",
    "/console/contacts",
    "/console/replies",
    "/console/office",
    "/console/events",
]


@pytest.mark.parametrize("path", [*PATHS, "/console/conversations/abc"])
async def test_a_stranger_is_sent_to_sign_in(nobody: Desk, path: str) -> None:
    sent = await nobody.client.get(path)
    assert sent.status_code == 303
    assert sent.headers["location"] == f"/console/sign-in?next={path}"
    told = await nobody.client.get(path, headers={"X-Console": "1"})
    assert told.status_code == 401


@pytest.mark.parametrize(
    ("after", "place"),
    [
        ("", "/console"),
        ("?next=/console/replies", "/console/replies"),
        ("?next=https://evil.example/console", "/console"),
        ("?next=//evil.example", "/console"),
        ("?next=/consoles", "/console"),
    ],
)
async def test_signing_in_leads_on_but_never_out(
    nobody: Desk, after: str, place: str
) -> None:
    answer = await nobody.sign_in("Ana", after=after)
    assert (answer.status_code, answer.headers["location"]) == (303, place)
    cookies = " ".join(answer.headers.get_list("set-cookie"))
    assert "HttpOnly" in cookies
    assert "SameSite=lax" in cookies
    assert "Secure" not in cookies, "in development there is no https"
    assert "Waiting" in await nobody.see()


async def test_a_wrong_password_is_told_and_then_slowed(nobody: Desk) -> None:
    for _ in range(4):
        refused = await nobody.sign_in("Ana", "wrong password")
        assert refused.status_code == 401
        assert "do not belong together" in refused.text
    slowed = await nobody.sign_in("Ana", PASSWORD)
    assert slowed.status_code == 429
    assert slowed.headers["retry-after"] == "1"


async def test_a_sign_in_form_of_another_site_does_nothing(nobody: Desk) -> None:
    answer = await nobody.client.post(
        "/console/sign-in", data={"name": "Ana", "password": PASSWORD, "csrf": "no"}
    )
    assert answer.status_code == 403
    assert "staff_session" not in nobody.client.cookies


@pytest.mark.parametrize("path", ["conversations/abc/take", "replies", "emergency"])
async def test_a_form_without_its_token_does_nothing(ana: Desk, path: str) -> None:
    for data in ({}, {"csrf": "x" * 64}):
        answer = await ana.client.post(f"/console/{path}", data=data)
        assert answer.status_code == 403


async def test_signing_out_ends_the_session(ana: Desk) -> None:
    answer = await ana.post("/console/sign-out")
    assert answer.headers["location"] == "/console/sign-in"
    assert (await ana.client.get("/console")).status_code == 303


async def test_a_revoked_member_is_out_at_once(staffed: House, ben: Desk) -> None:
    async with staffed.parts.database.write() as session:
        member = (
            await session.scalars(select(StaffMember).where(StaffMember.name == "Ben"))
        ).one()
        member.revoked_at = staffed.clock()
    assert (await ben.client.get("/console")).status_code == 303


async def test_only_admins_see_the_office_and_throw_the_switch(
    ana: Desk, ben: Desk
) -> None:
    assert "Emergency switch" in await ana.see("/console/office")
    assert (await ben.client.get("/console/office")).status_code == 403
    assert "/console/office" not in await ben.see()
    refused = await ben.post("/console/emergency", on="1", text="We are closed.")
    assert refused.status_code == 403


async def test_every_page_is_fenced_in(ana: Desk) -> None:
    headers = (await ana.client.get("/console")).headers
    policy = headers["content-security-policy"]
    assert "default-src 'none'; script-src 'self'; style-src 'self'" in policy
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    assert headers["cache-control"] == "no-store"
    page = await ana.see()
    assert "<script>" not in page
    assert " style=" not in page
    assert " onclick" not in page


async def test_the_files_are_served_and_nothing_beside_them(ana: Desk) -> None:
    script = await ana.client.get("/console/static/console.js")
    assert script.headers["content-type"].startswith("text/javascript")
    assert (await ana.client.get("/console/static/pages.py")).status_code == 404
