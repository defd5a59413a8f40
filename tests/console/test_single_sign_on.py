"""Staff sign in through a provider: only on its true word, and only who may."""

from collections.abc import AsyncIterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from pydantic import SecretStr
from sqlalchemy import select
from structlog.testing import capture_logs

from bot.config import Settings
from bot.staff import Role, StaffMember
from bot.staff.members import existing_account, set_email
from tests.support.clock import Clock
from tests.support.house import House
from tests.support.provider import CLIENT_ID, CLIENT_SECRET, Provider
from tests.support.servers import served
from tests.support.staff import PASSWORD, Desk, token_in

AWAY = "/console/sign-in/provider"
BACK = f"{AWAY}/back"


@pytest.fixture
async def provider(clock: Clock) -> AsyncIterator[Provider]:
    provider = Provider(clock)
    async with served(provider.app()) as address:
        provider.issuer = address
        yield provider


@pytest.fixture
def settings(settings: Settings, provider: Provider) -> Settings:
    return settings.model_copy(
        update={
            "oidc_issuer": provider.issuer,
            "oidc_client_id": CLIENT_ID,
            "oidc_client_secret": SecretStr(CLIENT_SECRET),
        }
    )


@pytest.fixture
async def known(staffed: House) -> StaffMember:
    """Ana's account has an address."""
    async with staffed.parts.database.write() as session:
        ana = await existing_account(session, "Ana")
        await set_email(session, ana, " Ana@Example.org")
    return ana


async def leave(desk: Desk, *, after: str = "") -> httpx.URL:
    """Go to the provider, which lets one in; where it sends the browser."""
    away = await desk.client.get(f"{AWAY}?next={after}")
    assert away.status_code == 303, away.text
    async with httpx.AsyncClient() as browser:
        sent = await browser.get(away.headers["location"])
    return httpx.URL(sent.headers["location"])


async def sign_in(desk: Desk, *, after: str = "") -> httpx.Response:
    back = await leave(desk, after=after)
    return await desk.client.get(str(back))


async def test_a_member_signs_in_through_the_provider(
    known: StaffMember, nobody: Desk
) -> None:
    page = await nobody.client.get("/console/sign-in?next=/console/replies")
    assert f'href="{AWAY}?next=/console/replies"' in page.text
    assert 'name="password"' in page.text
    answer = await sign_in(nobody, after="/console/replies")
    assert (answer.status_code, answer.headers["location"]) == (303, "/console/replies")
    cookies = answer.headers.get_list("set-cookie")
    assert any("staff_session=" in one and "HttpOnly" in one for one in cookies)
    assert "Emergency switch" in await nobody.see("/console/office")
    await nobody.post("/console/sign-out")
    assert (await nobody.client.get("/console")).status_code == 303


async def test_a_password_still_works(known: StaffMember, nobody: Desk) -> None:
    assert (await nobody.sign_in("Ana")).status_code == 303


@pytest.mark.parametrize(
    "claims",
    [
        {"nonce": "another"},
        {"aud": "another program"},
        {"iss": "https://evil.example"},
        {"exp": 1},
        {"exp": None},
        {"azp": "another program", "aud": [CLIENT_ID, "another program"]},
        {"nonce": None},
    ],
    ids=str,
)
async def test_a_token_that_is_not_meant_for_this_sign_in_lets_nobody_in(
    known: StaffMember, nobody: Desk, provider: Provider, claims: dict[str, Any]
) -> None:
    provider.claims |= claims
    with capture_logs() as logs:
        answer = await sign_in(nobody)
    assert answer.status_code == 401
    assert "did not work" in answer.text
    assert "staff_session" not in nobody.client.cookies
    assert "ana@" not in repr(logs)


@pytest.mark.parametrize("how", ["another key", "a shared secret"])
async def test_a_forged_token_lets_nobody_in(
    known: StaffMember, nobody: Desk, provider: Provider, how: str
) -> None:
    provider.forged = how == "another key"
    provider.algorithm = "HS256" if how == "a shared secret" else "RS256"
    assert (await sign_in(nobody)).status_code == 401
    assert "staff_session" not in nobody.client.cookies


@pytest.mark.parametrize("verified", [False, None, "true"])
async def test_an_address_that_is_not_verified_counts_for_nothing(
    known: StaffMember, nobody: Desk, provider: Provider, verified: object
) -> None:
    provider.claims["email_verified"] = verified
    answer = await sign_in(nobody)
    assert answer.status_code == 401
    assert "has not verified" in answer.text


async def test_who_has_no_account_is_not_let_in(
    staffed: House, known: StaffMember, nobody: Desk, provider: Provider
) -> None:
    provider.claims["email"] = "eve@example.org"
    answer = await sign_in(nobody)
    assert answer.status_code == 401
    assert "no account" in answer.text
    async with staffed.parts.database.write() as session:
        (await existing_account(session, "Ana")).revoked_at = staffed.clock()
    provider.claims["email"] = "ana@example.org"
    assert (await sign_in(nobody)).status_code == 401


async def test_a_code_of_another_browser_is_refused(
    known: StaffMember, nobody: Desk, ben: Desk
) -> None:
    back = await leave(nobody)
    assert (await ben.client.get(str(back))).status_code == 403
    state = parse_qs(urlsplit(str(back)).query)["state"][0]
    for query in ("", "?code=x", f"?state={state}", "?code=x&state=wrong"):
        assert (await nobody.client.get(BACK + query)).status_code == 403
    nobody.client.cookies.set("staff_oidc", "nonsense", path="/console/sign-in")
    assert (await nobody.client.get(f"{BACK}?code=x&state=x")).status_code == 403


async def test_a_code_works_once(known: StaffMember, nobody: Desk) -> None:
    back = await leave(nobody)
    cookie = nobody.client.cookies["staff_oidc"]
    assert (await nobody.client.get(str(back))).status_code == 303
    nobody.client.cookies.clear()
    nobody.client.cookies.set("staff_oidc", cookie, path="/console/sign-in")
    assert (await nobody.client.get(str(back))).status_code == 401


@pytest.mark.parametrize(
    "about",
    [
        {"issuer": "https://another.example"},
        {"authorization_endpoint": "http://evil.example/authorise"},
        {"token_endpoint": "http://evil.example/token"},
        {"jwks_uri": "http://evil.example/keys"},
    ],
    ids=str,
)
async def test_a_provider_that_describes_itself_wrongly_is_not_asked(
    known: StaffMember, nobody: Desk, provider: Provider, about: dict[str, str]
) -> None:
    provider.about = about
    answer = await nobody.client.get(AWAY)
    assert answer.status_code == 503
    assert "did not work" in answer.text


class TestDomains:
    """Everybody of a domain gets an account; passwords are turned off."""

    @pytest.fixture
    def settings(self, settings: Settings) -> Settings:
        more = {"oidc_domains": ["Example.org"], "password_sign_in": False}
        return settings.model_copy(update=more)

    async def test_a_colleague_gets_an_account_at_the_first_sign_in(
        self, staffed: House, nobody: Desk, provider: Provider
    ) -> None:
        provider.claims |= {"email": "Ben.2@example.org", "name": "Ben"}
        for _ in range(2):
            assert (await sign_in(nobody)).status_code == 303
        async with staffed.parts.database.read() as session:
            found = (
                await session.scalars(
                    select(StaffMember).where(StaffMember.email.is_not(None))
                )
            ).all()
        assert [(one.name, one.role) for one in found] == [("Ben 2", Role.STAFF)]
        assert (await nobody.client.get("/console/office")).status_code == 403

    async def test_another_domain_gets_none(
        self, staffed: House, nobody: Desk, provider: Provider
    ) -> None:
        for email in ("eve@example.org.evil.example", "eve@sub.example.org"):
            provider.claims["email"] = email
            assert (await sign_in(nobody)).status_code == 401

    async def test_what_is_no_address_gets_none(
        self, staffed: House, nobody: Desk, provider: Provider
    ) -> None:
        for email in (
            *("eve@evil@example.org", "@example.org", "eve", "eve\0@example.org"),
            *("eve @example.org", "eve\u202e@example.org", f"{'e' * 250}@example.org"),
        ):
            provider.claims["email"] = email
            answer = await sign_in(nobody)
            assert answer.status_code == 401, email
            assert "address that is none" in answer.text

    async def test_no_password_can_be_changed(
        self, staffed: House, nobody: Desk, provider: Provider
    ) -> None:
        provider.claims["email"] = "ben.2@example.org"
        await sign_in(nobody)
        assert "Your password" not in await nobody.see("/console/account")
        refused = await nobody.post(
            "/console/password", current=PASSWORD, new="x" * 10, again="x" * 10
        )
        assert refused.json() == {"detail": "nobody signs in with a password here"}

    async def test_no_password_is_asked_for_or_taken(
        self, staffed: House, nobody: Desk
    ) -> None:
        page = await nobody.client.get("/console/sign-in")
        assert 'name="password"' not in page.text
        refused = await nobody.client.post(
            "/console/sign-in", data={"name": "Ana", "password": "x", "csrf": "x"}
        )
        assert refused.status_code == 403


async def test_who_has_no_password_is_offered_none_to_change(
    staffed: House, known: StaffMember, nobody: Desk
) -> None:
    await sign_in(nobody)
    assert "Your password" in await nobody.see("/console/account")
    async with staffed.parts.database.write() as session:
        (await existing_account(session, known.name)).password_hash = None
    assert "Your password" not in await nobody.see("/console/account")
    refused = await nobody.post(
        "/console/password", current=PASSWORD, new="x" * 10, again="x" * 10
    )
    assert refused.json() == {
        "detail": "that is not your current password; nothing was changed"
    }


async def test_being_signed_in_at_the_provider_is_no_proof_and_signing_in_anew_is(
    staffed: House, nobody: Desk, provider: Provider, known: StaffMember
) -> None:
    come = await leave(nobody)
    await nobody.client.get(str(come))
    asked = await nobody.client.get("/console/confirm?next=/console/replies")
    again = f"{AWAY}?next=/console/replies&amp;again=1"
    assert again in asked.text
    start = {"csrf": token_in(asked.text)}
    for fresh in (False, True):
        sent = await nobody.client.post("/console/second-step/start", data=start)
        place = sent.headers["location"]
        assert place.startswith("/console/confirm") is not fresh
        if not fresh:
            away = await nobody.client.get(again.replace("&amp;", "&"))
            query = parse_qs(urlsplit(away.headers["location"]).query)
            assert (query["prompt"], query["max_age"]) == (["login"], ["0"])
            async with httpx.AsyncClient() as browser:
                back = await browser.get(away.headers["location"])
            await nobody.client.get(back.headers["location"])
            page = await nobody.client.get("/console/replies")
            start = {"csrf": token_in(page.text)}
