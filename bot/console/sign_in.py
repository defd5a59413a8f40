"""Signing in with a password or through the organisation's provider, and out."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Annotated
from urllib.parse import quote, unquote

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import RedirectResponse

from bot.config import Settings
from bot.console.access import (
    CODE_STARTED,
    HOME,
    KNOWN,
    LONGEST_BODY,
    SESSION,
    SIGN_IN,
    SIGN_IN_CODE,
    Access,
    Form,
    clean,
    inside,
    same,
    where,
)
from bot.console.pages import Pages
from bot.console.sign_in_code import code_pages
from bot.errors import SecondStepError, SignInError, TooManyGuessesError
from bot.staff import Role
from bot.staff.admission import AdmissionRule
from bot.staff.identity_provider import FAILED, IdentityProvider
from bot.staff.sessions import SignInRules

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
NO_RULES = SignInRules()
NEEDS_SECOND_STEP = {
    "nobody": frozenset[Role](),
    "admins": frozenset({Role.ADMIN}),
    "everybody": frozenset(Role),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Ways:
    """How staff can sign in."""

    password: bool = True
    provider: IdentityProvider | None = None
    rules: SignInRules = NO_RULES


def ways_of(settings: Settings, *, clock: Callable[[], datetime]) -> Ways:
    """The ways that the settings allow."""
    needed = NEEDS_SECOND_STEP[settings.second_step]
    if not settings.oidc_issuer:
        return Ways(rules=SignInRules(second_step=needed))
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
        rules=SignInRules(
            admission=AdmissionRule(domains=domains, role=Role(settings.oidc_role)),
            second_step=needed,
        ),
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
        target = inside(target or request.query_params.get("next"))
        secret = self._access.new_form(request)
        response = self._pages.show(
            "sign_in.html",
            {
                "csrf": self._access.form_token(secret),
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
        genuine = access.form_is_ours(request, data.get("csrf"))
        if not genuine or not ways.password:
            problem = "Please try once more." if ways.password else "Not this way."
            return page.show(request, problem=problem, name=name, status=403)
        return await _with_password(access, page, request, name, password)

    @router.post("/console/sign-out")
    async def sign_out(form: Annotated[Form, Depends(access.form)]) -> Response:
        await access.sessions.sign_out(form.who)
        response = RedirectResponse(SIGN_IN, 303)
        response.delete_cookie(SESSION, path=HOME)
        return response

    if ways.password:
        router.include_router(code_pages(access, pages))
    if ways.provider is not None:
        router.include_router(_through_provider(access, page, ways.provider))
    return router


async def _with_password(
    access: Access, page: SignInPage, request: Request, name: str, password: str
) -> Response:
    """A session for who knows the password; who has a second step is asked for it."""
    target = inside(request.query_params.get("next"))
    try:
        token = await access.sessions.sign_in(
            name, password, known=request.cookies.get(KNOWN, ""), **where(request)
        )
    except SecondStepError as error:
        response: Response = RedirectResponse(
            f"{SIGN_IN_CODE}?next={quote(target)}", 303
        )
        started = error.started
        access.keep_started(response, CODE_STARTED, started, seconds=LONGEST_AWAY)
        return response
    except TooManyGuessesError as error:
        response = page.show(request, problem=str(error), name=name, status=429)
        response.headers["Retry-After"] = str(error.seconds)
        return response
    except SignInError as error:
        return page.show(request, problem=str(error), name=name, status=401)
    response = RedirectResponse(target, 303)
    await access.keep(response, token)
    return response


def _through_provider(
    access: Access, page: SignInPage, provider: IdentityProvider
) -> APIRouter:
    """Away to the provider, and back with its word."""
    router = APIRouter(include_in_schema=False)

    @router.get(PROVIDER)
    async def away(request: Request) -> Response:
        again = bool(request.query_params.get("again"))
        try:
            started = await provider.start(
                another=bool(request.query_params.get("another")), again=again
            )
        except SignInError as error:
            return page.show(request, problem=str(error), status=503)
        response = RedirectResponse(started.url, 303)
        kept = {
            "state": started.state,
            "nonce": started.nonce,
            "verifier": started.verifier,
            "target": inside(request.query_params.get("next")),
            "again": "yes" if again else "",
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
            if started["again"] and who.proven_at is None:
                # It was told to ask for a proof, and does not tell when it did.
                who = replace(who, proven_at=access.sessions.clock())
            token = await access.sessions.sign_in_as(who, **where(request))
        except SignInError as error:
            return page.show(request, problem=str(error), status=401, target=target)
        response = RedirectResponse(inside(target), 303)
        await access.keep(response, token)
        response.delete_cookie(STARTED, path=SIGN_IN)
        return response

    return router


def _started(request: Request) -> Mapping[str, str]:
    """What this browser was given when it left; nothing if it never did."""
    try:
        kept = json.loads(unquote(request.cookies.get(STARTED, "")))
    except ValueError:
        return {}
    names = {"state", "nonce", "verifier", "target", "again"}
    whole = isinstance(kept, dict) and kept.keys() == names
    return {name: str(kept[name]) for name in names} if whole else {}
