"""Signing in through an OpenID Connect provider: the code flow with PKCE.

authlib asks the provider; joserfc, which comes with it, checks what it signed.
"""

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import httpx

from bot.errors import SettingsError, SignInError
from bot.logs import get_logger
from bot.staff.email_addresses import email_address

if TYPE_CHECKING:
    from authlib.integrations.httpx_client import AsyncOAuth2Client

ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "ES256", "ES384", "EdDSA")
LEEWAY_SECONDS = 60
LAST_SECOND = 2**35
TIMEOUT_SECONDS = 10.0
WELL_KNOWN = "/.well-known/openid-configuration"
FAILED = "Signing in with your organisation did not work. Please try again."

log = get_logger()


@dataclass(frozen=True, slots=True, kw_only=True)
class Started:
    """A sign-in under way: where to send the browser, and what it has to bring back."""

    url: str
    state: str
    nonce: str
    verifier: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """Who the provider says it is; the address is one that it has verified.

    ``proven_at`` is when they last proved it there, which not every provider tells.
    """

    email: str
    name: str
    proven_at: datetime | None = None


class IdentityProvider:
    """One provider, found by its issuer.

    Raises:
        SettingsError: authlib is not installed.
    """

    def __init__(
        self,
        *,
        issuer: str,
        client_id: str,
        client_secret: str,
        redirect_uri: str,
        clock: Callable[[], datetime],
        loopback_allowed: bool = False,
    ) -> None:
        _require_authlib()
        self._issuer = issuer
        self._client_id = client_id
        self._client_secret = client_secret
        self._redirect_uri = redirect_uri
        self._clock = clock
        self._loopback_allowed = loopback_allowed

    async def start(self, *, another: bool = False, again: bool = False) -> Started:
        """Begin a sign-in; ``another`` lets one choose another of one's accounts.

        ``again`` has the provider ask for a proof, also of who is signed in there.

        Raises:
            SignInError: the provider cannot be asked.
        """
        state, nonce = secrets.token_urlsafe(24), secrets.token_urlsafe(24)
        verifier = secrets.token_urlsafe(48)
        try:
            about = await self._about()
        except (httpx.HTTPError, ValueError, KeyError) as error:
            raise _failed(error) from error
        more = {"prompt": "select_account"} if another else {}
        if again:
            more = {"prompt": "login", "max_age": "0"}
        async with self._client() as client:
            url, _ = client.create_authorization_url(
                about["authorization_endpoint"],
                state=state,
                nonce=nonce,
                code_verifier=verifier,
                **more,
            )
        return Started(url=url, state=state, nonce=nonce, verifier=verifier)

    async def finish(self, code: str, *, nonce: str, verifier: str) -> Identity:
        """Who signed in, given the code that the browser brought back.

        Raises:
            SignInError: the provider does not vouch for anybody.
        """
        from authlib.common.errors import AuthlibBaseError  # noqa: PLC0415  optional
        from joserfc.errors import JoseError  # noqa: PLC0415  optional

        try:
            about = await self._about()
            async with self._client() as client:
                token = await client.fetch_token(
                    about["token_endpoint"],
                    grant_type="authorization_code",
                    code=code,
                    code_verifier=verifier,
                )
            claims = self._verified(
                token["id_token"], await self._get(about["jwks_uri"]), nonce=nonce
            )
        except (
            *(httpx.HTTPError, ValueError, KeyError, TypeError),
            *(AuthlibBaseError, JoseError),
        ) as error:
            raise _failed(error) from error
        return _identity(claims)

    def _client(self) -> "AsyncOAuth2Client":
        from authlib.integrations.httpx_client import (  # noqa: PLC0415  optional
            AsyncOAuth2Client,
        )

        return AsyncOAuth2Client(
            client_id=self._client_id,
            client_secret=self._client_secret,
            redirect_uri=self._redirect_uri,
            scope="openid email profile",
            code_challenge_method="S256",
            timeout=TIMEOUT_SECONDS,
            trust_env=False,
            follow_redirects=False,
        )

    async def _about(self) -> Mapping[str, Any]:
        """What the provider says of itself; every address in it is https."""
        found = await self._get(self._issuer.rstrip("/") + WELL_KNOWN)
        if found["issuer"] != self._issuer:
            raise ValueError("the provider names another issuer")
        for name in ("authorization_endpoint", "token_endpoint", "jwks_uri"):
            self._require_safe(found[name])
        return found

    async def _get(self, url: str) -> dict[str, Any]:
        self._require_safe(url)
        async with httpx.AsyncClient(
            timeout=TIMEOUT_SECONDS, trust_env=False
        ) as client:
            answer = await client.get(url)
            answer.raise_for_status()
            whole: dict[str, Any] = answer.json()
            return whole

    def _require_safe(self, url: str) -> None:
        parts = urlsplit(url)
        local = self._loopback_allowed and parts.hostname == "127.0.0.1"
        if parts.scheme != "https" and not local:
            raise ValueError("the provider has an address without https")

    def _verified(
        self, id_token: str, keys: dict[str, Any], *, nonce: str
    ) -> Mapping[str, Any]:
        from joserfc import jwt  # noqa: PLC0415  optional
        from joserfc.jwk import KeySet  # noqa: PLC0415  optional

        token = jwt.decode(
            id_token,
            KeySet.import_key_set(keys),  # type: ignore[arg-type]
            algorithms=list(ALGORITHMS),
        )
        jwt.JWTClaimsRegistry(
            now=int(self._clock().timestamp()),
            leeway=LEEWAY_SECONDS,
            iss={"essential": True, "value": self._issuer},
            aud={"essential": True, "value": self._client_id},
            exp={"essential": True},
            iat={"essential": True},
            nonce={"essential": True, "value": nonce},
        ).validate(token.claims)
        if token.claims.get("azp", self._client_id) != self._client_id:
            raise ValueError("the token was made for another program")
        return token.claims


def _require_authlib() -> None:
    try:
        import authlib  # noqa: F401, PLC0415  optional
    except ImportError as error:
        raise SettingsError(
            "OIDC_ISSUER needs authlib: pip install 'enquiry-assistant[oidc]'"
        ) from error


def _failed(error: Exception) -> SignInError:
    log.warning("oidc_failed", reason=type(error).__name__)
    return SignInError(FAILED)


def _identity(claims: Mapping[str, Any]) -> Identity:
    given, name = claims.get("email"), claims.get("name")
    if not isinstance(given, str) or claims.get("email_verified") is not True:
        raise SignInError("Your organisation has not verified your e-mail address.")
    email = email_address(given)
    if email is None:
        raise SignInError("Your organisation gives you an e-mail address that is none.")
    return Identity(
        email=email,
        name=name if isinstance(name, str) else email.partition("@")[0],
        proven_at=_moment(claims.get("auth_time")),
    )


def _moment(seconds: object) -> datetime | None:
    if isinstance(seconds, int) and 0 < seconds < LAST_SECOND:
        return datetime.fromtimestamp(seconds, UTC)
    return None
