"""Staff see where they are signed in and end it; admins look after accounts."""

import re

import httpx
import pytest
from sqlalchemy import select

from bot.staff import AuditEntry, Role, StaffMember
from bot.staff.members import add_account, set_email
from tests.support.house import House
from tests.support.staff import PASSWORD, Desk

NEW = "another horse battery"
PHONE_BROWSER = "Mozilla/5.0 (Linux; Android 14) Chrome/130.0 Mobile Safari/537.36"


async def elsewhere(house: House, desk: Desk, name: str) -> None:
    """Somebody signs in on a telephone, too."""
    desk.client.headers["User-Agent"] = PHONE_BROWSER
    assert (await desk.sign_in(name)).status_code == 303


async def test_one_sees_ones_own_browsers_and_ends_them(
    staffed: House, ana: Desk, nobody: Desk, ben: Desk
) -> None:
    await elsewhere(staffed, nobody, "Ana")
    page = await ana.see("/console/account")
    assert "Chrome on Android" in page
    assert page.count("this browser") == 1
    other = re.findall(r'name="browser" value="(\w+)"', page)
    assert len(other) == 1
    assert (await ben.post("/console/account/end", browser=other[0])).status_code == 204
    assert "Chrome on Android" in await ana.see("/console/account"), "it is not Ben's"
    assert (await ana.post("/console/account/end", browser=other[0])).status_code == 204
    assert (await nobody.client.get("/console")).status_code == 303
    assert "Chrome on Android" not in await ana.see("/console/account")
    assert (await ana.post("/console/account/nothing")).status_code == 404


async def test_signing_out_everywhere_else_leaves_this_browser(
    staffed: House, ana: Desk, nobody: Desk
) -> None:
    await elsewhere(staffed, nobody, "Ana")
    done = await ana.post("/console/account/end-others", scripted=False)
    assert (done.status_code, done.headers["location"]) == (303, "/console/account")
    assert (await nobody.client.get("/console")).status_code == 303
    assert (await ana.client.get("/console")).status_code == 200


async def test_admins_sign_others_out_and_revoke_and_staff_do_not(
    staffed: House, ana: Desk, ben: Desk
) -> None:
    assert "Accounts" not in await ben.see("/console/account")
    for name in ("sign-out", "revoke"):
        refused = await ben.post(f"/console/account/others/{name}", name="Ana")
        assert refused.status_code == 403
    assert "signed in 1 time," in await ana.see("/console/account")
    await ana.post("/console/account/others/sign-out", name="Ben")
    assert (await ben.client.get("/console")).status_code == 303
    assert "signed out" in await ana.see("/console/account")
    await ben.sign_in("Ben")
    assert (
        await ana.post("/console/account/others/revoke", name="Ben")
    ).status_code == 204
    assert (await ben.client.get("/console")).status_code == 303
    assert (await ben.sign_in("Ben")).status_code == 401
    assert "revoked 24 Nov" in await ana.see("/console/account")
    own = await ana.post("/console/account/others/revoke", name="Ana")
    assert own.json() == {"detail": "nobody can revoke their own account"}
    unknown = await ana.post("/console/account/others/revoke", name="Eve")
    assert unknown.status_code == 409
    assert (await ana.post("/console/account/others/nothing")).status_code == 404
    async with staffed.parts.database.read() as session:
        log = (await session.scalars(select(AuditEntry))).all()
    done = [(one.action, one.detail) for one in log][-4:]
    assert ("sessions_ended", "Ben") in done
    assert ("staff_revoked", "Ben") in done


async def change(
    desk: Desk, current: str = PASSWORD, new: str = NEW, again: str = NEW
) -> httpx.Response:
    return await desk.post("/console/password", current=current, new=new, again=again)


async def test_one_changes_ones_own_password_and_other_browsers_are_signed_out(
    staffed: House, ben: Desk, nobody: Desk
) -> None:
    await elsewhere(staffed, nobody, "Ben")
    assert "Your password" in await ben.see("/console/account")
    assert (await change(ben)).status_code == 204
    assert (await ben.client.get("/console")).status_code == 200
    assert (await nobody.client.get("/console")).status_code == 303
    assert (await nobody.sign_in("Ben")).status_code == 401
    assert (await nobody.sign_in("Ben", NEW)).status_code == 303
    async with staffed.parts.database.read() as session:
        log = (await session.scalars(select(AuditEntry))).all()
        ben_id = await session.scalar(
            select(StaffMember.id).where(StaffMember.name == "Ben")
        )
    changed = [one for one in log if one.action == "password_changed"]
    assert [(one.member_id, one.detail) for one in changed] == [(ben_id, None)]


@pytest.mark.parametrize(
    ("fields", "problem"),
    [
        ({"current": "wrong horse"}, "that is not your current password"),
        ({"again": NEW + "!"}, "the two new passwords are not the same"),
        ({"new": "short", "again": "short"}, "a password has 10 to 200 characters"),
    ],
)
async def test_a_password_that_cannot_be_is_refused_with_the_reason(
    ben: Desk, nobody: Desk, fields: dict[str, str], problem: str
) -> None:
    refused = await change(ben, **fields)
    assert refused.status_code == 409
    assert problem in refused.json()["detail"]
    assert (await nobody.sign_in("Ben")).status_code == 303


async def test_guesses_at_ones_own_password_are_slowed_and_keep_nobody_out(
    staffed: House, ben: Desk, nobody: Desk
) -> None:
    for _ in range(4):
        assert (await change(ben, current="a guess or two")).status_code == 409
    slowed = await change(ben)
    assert slowed.status_code == 429
    assert "try again in 1 second" in slowed.json()["detail"]
    assert (await nobody.sign_in("Ben")).status_code == 303, "it is another browser"
    staffed.clock.advance(2)
    assert (await change(ben)).status_code == 204


async def test_the_form_of_another_page_changes_no_password(ben: Desk) -> None:
    forged = await ben.client.post(
        "/console/password",
        data={"current": PASSWORD, "new": NEW, "again": NEW, "csrf": "0" * 64},
    )
    assert forged.status_code == 403


async def test_admins_invite_people_who_sign_in_with_what_is_shown_once(
    staffed: House, ana: Desk, ben: Desk, nobody: Desk
) -> None:
    path, eve = "/console/account/invite", {"name": "Eve", "role": "staff"}
    assert (await ben.send(path, eve)).status_code == 403
    page = await ana.send(path, eve, scripted=False)
    found = re.search(r'id="first-password">([^<]+)<', page.text)
    assert found
    assert (await nobody.sign_in("Eve", found.group(1))).status_code == 303
    assert "Office" not in await nobody.see()
    twice = await ana.send(path, eve)
    assert "Eve has an account already" in twice.text
    for wrong in ({"name": "", "role": "staff"}, {"name": "Max", "role": "owner"}):
        assert (await ana.send(path, wrong)).status_code == 409
    assert "account added" in await ana.see("/console/office")
    assert found.group(1) not in await ana.see("/console/account")
    await ana.post("/console/account/others/revoke", name="Eve")
    assert (await nobody.client.get("/console")).status_code == 303


async def test_who_signs_in_through_a_provider_is_shown_as_such_and_revoked(
    staffed: House, ana: Desk
) -> None:
    database, now = staffed.parts.database, staffed.clock()
    async with database.write() as session:
        member = await add_account(
            session, "Eve", role=Role.STAFF, password_hash=None, now=now
        )
        await session.flush()
        await set_email(session, member, "eve@example.org")
    page = await ana.see("/console/account")
    assert "cannot sign in" not in page
    assert "Revoke the account of Eve?" in page
    await ana.post("/console/account/others/revoke", name="Eve")
    page = await ana.see("/console/account")
    assert "Revoke the account of Eve?" not in page
