"""The sign-in page where an identity provider stands beside the password or alone."""

from collections.abc import AsyncIterator, Sequence
from datetime import UTC, datetime

import pytest
from playwright.async_api import ViewportSize, expect
from pydantic import SecretStr

from bot.config import Settings
from bot.database import Database
from bot.staff.members import existing_account, set_email
from tests.browser.office import DESKTOP, PHONE, Office
from tests.support.provider import CLIENT_ID, CLIENT_SECRET, Provider
from tests.support.servers import served
from tests.support.staff import PASSWORD

BUTTON = "Sign in with your organisation"


@pytest.fixture
async def provider() -> AsyncIterator[Provider]:
    provider = Provider(lambda: datetime.now(UTC))
    async with served(provider.app()) as address:
        provider.issuer = address
        yield provider


@pytest.fixture
def web_settings(web_settings: Settings, provider: Provider) -> Settings:
    return web_settings.model_copy(
        update={
            "oidc_issuer": provider.issuer,
            "oidc_client_id": CLIENT_ID,
            "oidc_client_secret": SecretStr(CLIENT_SECRET),
        }
    )


@pytest.fixture
async def known(web_settings: Settings, office: Office) -> None:
    """Ana's account has an address."""
    database = Database(web_settings.database_address)
    async with database.write() as session:
        ana = await existing_account(session, "Ana")
        await set_email(session, ana, "ana@example.org")
    await database.close()


SIZES = pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])
SCHEMES = pytest.mark.parametrize("scheme", ["light", "dark"])


@SIZES
@SCHEMES
@pytest.mark.usefixtures("server", "known")
async def test_a_member_comes_in_and_returns_to_where_they_wanted_to_go(
    office: Office, size: ViewportSize, scheme: str
) -> None:
    async with office.page(size, scheme) as ana:
        await ana.goto(f"{office.address}/console/replies")
        await office.check(ana)
        await ana.get_by_role("link", name=BUTTON).click()
        await expect(ana).to_have_url(f"{office.address}/console/replies")
        await office.ready(ana)


@SIZES
@pytest.mark.usefixtures("server", "known")
async def test_who_has_no_account_reads_so_and_may_choose_another(
    office: Office,
    provider: Provider,
    size: ViewportSize,
) -> None:
    provider.claims["email"] = "eve@example.org"
    async with office.page(size) as eve:
        await eve.goto(f"{office.address}/console/replies")
        await eve.get_by_role("link", name=BUTTON).click()
        await expect(eve.get_by_role("alert")).to_contain_text("eve@example.org")
        await office.check(eve)
        assert "prompt" not in provider.asked
        provider.claims["email"] = "ana@example.org"
        await eve.get_by_role("link", name=BUTTON).click()
        await expect(eve).to_have_url(f"{office.address}/console/replies")
        assert provider.asked["prompt"] == "select_account"


REFUSALS: Sequence[tuple[dict[str, str], str]] = [
    ({"error": "access_denied"}, "did not let you in"),
    ({"error": "server_error"}, "did not work"),
    ({"code": "x", "state": "of another browser"}, "broken off"),
]


@SIZES
@pytest.mark.usefixtures("server", "known")
async def test_why_nobody_was_let_in_is_told(
    office: Office, provider: Provider, size: ViewportSize
) -> None:
    async with office.page(size) as ana:
        await ana.goto(f"{office.address}/console/replies")
        for says, words in REFUSALS:
            provider.says = says
            await ana.get_by_role("link", name=BUTTON).click()
            await expect(ana.get_by_role("alert")).to_contain_text(words)
            await office.check(ana)
        await ana.get_by_label("Name").fill("Ana")
        await ana.get_by_label("Password").fill(PASSWORD)
        await ana.get_by_role("button", name="Sign in").click()
        await expect(ana).to_have_url(f"{office.address}/console/replies")


@pytest.mark.usefixtures("server")
async def test_a_provider_that_cannot_be_reached_is_told(
    office: Office, provider: Provider
) -> None:
    provider.about = {"issuer": "https://another.example"}
    async with office.page(PHONE) as ana:
        await ana.goto(f"{office.address}/console")
        await ana.get_by_role("link", name=BUTTON).click()
        await expect(ana.get_by_role("alert")).to_contain_text("did not work")
        await office.check(ana)


class TestProviderAlone:
    """Nobody signs in with a password."""

    @pytest.fixture
    def web_settings(self, web_settings: Settings) -> Settings:
        return web_settings.model_copy(update={"password_sign_in": False})

    @SIZES
    @pytest.mark.usefixtures("server")
    async def test_the_page_offers_only_the_provider(
        self, office: Office, size: ViewportSize
    ) -> None:
        async with office.page(size) as ana:
            await ana.goto(f"{office.address}/console")
            await expect(ana.get_by_role("link", name=BUTTON)).to_be_visible()
            await expect(ana.get_by_label("Password")).to_have_count(0)
            await office.check(ana)
