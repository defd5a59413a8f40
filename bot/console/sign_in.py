"""Signing in with a password or through the organisation's provider, and out."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Annotated
from urllib.parse import unquote

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import RedirectResponse

from bot.config import Settings
from bot.console.access import (
    FORM,
    HOME,
    LONGEST_BODY,
    SESSION,
    SIGN_IN,
    Access,
    Form,
    clean,
    same,
)
from bot.console.pages import Pages
from bot.errors import SignInError, TooManyGuessesError
from bot.network import address_of
from bot.staff import Role
from bot.staff.admission import NOBODY_NEW, AdmissionRule
from bot.staff.identity_provider import FAILED, IdentityProvider

STARTED = "staff_oidc"
PROVIDER = f"{SIGN_IN}/provider"
BACK = f"{PROVIDER}/back"
# What the provider, or nobody, gave as the reason why there is no code.
REFUSED = {
    "": "Signing in was broken off. Please try again.",
    "access_denied": "Your organisation did not let you in. Please try again.",
}
# How long somebody may take at the provider's page.
LONGEST_AWAY = 600


@dataclass(frozen=True, slots=True, kw_only=True)
class Ways:
    """How staff can sign in."""

    password: bool = True
    provider: IdentityProvider | None = None
    admission: AdmissionRule = NOBODY_NEW


def ways_of(settings: Settings, *, clock: Callable[[], datetime]) -> Ways:
    """The ways that the settings allow."""
    if not settings.oidc_issuer:
        return Ways()
    provider = IdentityProvider(
        issuer=settings.oidc_issuer,
        client_id=settings.oidc_client_id,
        client_secret=settings.oidc_client_secret.get_secret_value(),
        redirect_uri=settings.base_url + BACK,
        clock=clock,
        loopback_allowed=settings.development,
    )
    domains = tuple(domain.lower() for domain in settings.oidc_domains)
    return Ways(
        password=settings.password_sign_in,
        provider=provider,
        admission=AdmissionRule(domains=domains, role=Role(settings.oidc_role)),
    )


class SignInPage:
    """The page that asks who it is."""

    def __init__(self, access: Access, pages: Pages, ways: Ways) -> None:
        self._access = access
        self._pages = pages
        self._ways = ways

    def show(
        self,
        request: Request,
        *,
        problem: str = "",
        name: str = "",
        status: int = 200,
        target: str | None = None,
    ) -> Response:
        """The page, with what was wrong the last time and where to go afterwards."""
        target = _inside(target or request.query_params.get("next"))
        secret = self._access.new_form(request)
        response = self._pages.show(
            "sign_in.html",
            {
                "csrf": _derived(secret),
                "problem": problem,
                "name": name,
                "target": target,
                "password": self._ways.password,
                "provider": PROVIDER if self._ways.provider else "",
            },
            status=status,
        )
        self._access.keep_form(response, secret)
        return response


def sign_in_pages(access: Access, pages: Pages, ways: Ways) -> APIRouter:
    """Signing in and out."""
    router = APIRouter(include_in_schema=False, max_body_size=LONGEST_BODY)
    page = SignInPage(access, pages, ways)

    @router.get(SIGN_IN)
    async def ask(request: Request) -> Response:
        return page.show(request)

    @router.post(SIGN_IN)
    async def sign_in(request: Request) -> Response:
        data = await request.form()
        name, password = clean(data.get("name")), clean(data.get("password"))
        genuine = same(data.get("csrf"), _derived(request.cookies.get(FORM, "")))
        if not genuine or not ways.password:
            problem = "Please try once more." if ways.password else "Not this way."
            return page.show(request, problem=problem, name=name, status=403)
        try:
            token = await access.sessions.sign_in(name, password, **_where(request))
        except TooManyGuessesError as error:
            response = page.show(request, problem=str(error), name=name, status=429)
            response.headers["Retry-After"] = str(error.seconds)
            return response
        except SignInError as error:
            return page.show(request, problem=str(error), name=name, status=401)
        response = RedirectResponse(_inside(request.query_params.get("next")), 303)
        access.keep(response, token)
        return response

    @router.post("/console/sign-out")
    async def sign_out(form: Annotated[Form, Depends(access.form)]) -> Response:
        await access.sessions.sign_out(form.who)
        response = RedirectResponse(SIGN_IN, 303)
        response.delete_cookie(SESSION, path=HOME)
        return response

    if ways.provider is not None:
        router.include_router(_through_provider(access, page, ways.provider))
    return router


def _through_provider(
    access: Access, page: SignInPage, provider: IdentityProvider
) -> APIRouter:
    """Away to the provider, and back with its word."""
    router = APIRouter(include_in_schema=False)

    @router.get(PROVIDER)
    async def away(request: Request) -> Response:
        try:
            started = await provider.start(
                another=bool(request.query_params.get("another"))
            )
        except SignInError as error:
            return page.show(request, problem=str(error), status=503)
        response = RedirectResponse(started.url, 303)
        kept = {
            "state": started.state,
            "nonce": started.nonce,
            "verifier": started.verifier,
            "target": _inside(request.query_params.get("next")),
        }
        access.keep_started(response, STARTED, json.dumps(kept), seconds=LONGEST_AWAY)
        return response

    @router.get(BACK)
    async def back(request: Request, code: str = "", state: str = "") -> Response:
        started = _started(request)
        target = started.get("target")
        if not code or not state or not same(state, started.get("state", "")):
            problem = REFUSED.get(request.query_params.get("error", ""), FAILED)
            return page.show(request, problem=problem, status=403, target=target)
        try:
            who = await provider.finish(
                code, nonce=started["nonce"], verifier=started["verifier"]
            )
            token = await access.sessions.sign_in_as(who, **_where(request))
        except SignInError as error:
            return page.show(request, problem=str(error), status=401, target=target)
        response = RedirectResponse(_inside(target), 303)
        access.keep(response, token)
        response.delete_cookie(STARTED, path=SIGN_IN)
        return response

    return router


def _started(request: Request) -> Mapping[str, str]:
    """What this browser was given when it left; nothing if it never did."""
    try:
        kept = json.loads(unquote(request.cookies.get(STARTED, "")))
    except ValueError:
        return {}
    names = {"state", "nonce", "verifier", "target"}
    whole = isinstance(kept, dict) and kept.keys() == names
    return {name: str(kept[name]) for name in names} if whole else {}


def _where(request: Request) -> dict[str, str]:
    """The network and the browser that a session begins in."""
    return {
        "network": address_of(request.client),
        "browser": clean(request.headers.get("user-agent")),
    }


def _derived(secret: str) -> str:
    return sha256(f"sign-in {secret}".encode()).hexdigest()


def _inside(target: str | None) -> str:
    """Where to go after signing in: never out of the console."""
    inside = target and (target == HOME or target.startswith(f"{HOME}/"))
    return target if target and inside and target.isprintable() else HOME
