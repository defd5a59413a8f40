"""A small OpenID Connect provider on loopback that really signs, and can lie."""

import base64
import hashlib
import hmac
import json
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from joserfc import jwt
from joserfc.jwk import RSAKey
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

CLIENT_ID, CLIENT_SECRET = "console", "a secret of the provider's"


@dataclass
class Provider:
    """Lets everybody in as ``claims`` say; the fields are what tests change."""

    clock: Callable[[], datetime]
    issuer: str = ""
    claims: dict[str, Any] = field(
        default_factory=lambda: {
            "sub": "1",
            "email": "ana@example.org",
            "email_verified": True,
            "name": "Ana",
        }
    )
    about: dict[str, Any] = field(default_factory=dict)
    forged: bool = False
    algorithm: str = "RS256"
    key: RSAKey = field(
        default_factory=lambda: RSAKey.generate_key(2048, {"kid": "k1", "use": "sig"})
    )
    asked: dict[str, str] = field(default_factory=dict)
    says: dict[str, str] = field(default_factory=dict)
    codes: dict[str, dict[str, str]] = field(default_factory=dict)

    def app(self) -> Starlette:
        return Starlette(
            routes=[
                Route("/.well-known/openid-configuration", self._about),
                Route("/authorise", self._authorise),
                Route("/token", self._token, methods=["POST"]),
                Route("/keys", self._keys),
            ]
        )

    async def _about(self, _: Request) -> Response:
        return JSONResponse(
            {
                "issuer": self.issuer,
                "authorization_endpoint": f"{self.issuer}/authorise",
                "token_endpoint": f"{self.issuer}/token",
                "jwks_uri": f"{self.issuer}/keys",
                **self.about,
            }
        )

    async def _authorise(self, request: Request) -> Response:
        asked = dict(request.query_params)
        assert asked["response_type"] == "code"
        assert asked["client_id"] == CLIENT_ID
        assert asked["code_challenge_method"] == "S256"
        assert "openid" in asked["scope"].split()
        self.asked = asked
        code = secrets.token_urlsafe(8)
        self.codes[code] = asked
        back = urlencode(self.says or {"code": code, "state": asked["state"]})
        return RedirectResponse(f"{asked['redirect_uri']}?{back}", 303)

    async def _token(self, request: Request) -> Response:
        form = await request.form()
        asked = self.codes.pop(str(form["code"]), None)
        basic = base64.b64encode(f"{CLIENT_ID}:{CLIENT_SECRET}".encode()).decode()
        if request.headers.get("authorization") != f"Basic {basic}":
            return JSONResponse({"error": "invalid_client"}, 401)
        verifier = str(form.get("code_verifier")).encode()
        challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier).digest())
        if (
            asked is None
            or challenge.decode().rstrip("=") != asked["code_challenge"]
            or form["redirect_uri"] != asked["redirect_uri"]
        ):
            return JSONResponse({"error": "invalid_grant"}, 400)
        return JSONResponse(
            {
                "access_token": "opaque",
                "token_type": "Bearer",
                "expires_in": 60,
                "id_token": self._signed(asked["nonce"]),
            }
        )

    def _signed(self, nonce: str) -> str:
        now = int(self.clock().timestamp())
        claims = {
            "iss": self.issuer,
            "aud": CLIENT_ID,
            "iat": now,
            "exp": now + 60,
            "nonce": nonce,
            **self.claims,
        }
        claims = {name: value for name, value in claims.items() if value is not None}
        header = {"alg": self.algorithm, "kid": "k1"}
        if self.algorithm == "HS256":
            return self._signed_with_public_key(header, claims)
        forger = RSAKey.generate_key(2048, {"kid": "k1"}) if self.forged else None
        return jwt.encode(header, claims, forger or self.key)

    def _signed_with_public_key(
        self, header: dict[str, Any], claims: dict[str, Any]
    ) -> str:
        """A classic forgery: the public key taken for a shared secret."""
        content = b".".join(_part(json.dumps(one).encode()) for one in (header, claims))
        public = self.key.as_pem(private=False)
        signature = hmac.new(public, content, hashlib.sha256).digest()
        return b".".join((content, _part(signature))).decode()

    async def _keys(self, _: Request) -> Response:
        return JSONResponse({"keys": [self.key.as_dict(private=False)]})


def _part(content: bytes) -> bytes:
    return base64.urlsafe_b64encode(content).rstrip(b"=")
