"""Who may see the console: the session's cookie, and a token in every form."""

import hmac
import secrets
from dataclasses import dataclass
from hashlib import sha256
from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Depends, HTTPException, Request, Response
from fastapi.responses import RedirectResponse
from starlette.datastructures import FormData

from bot.console.pages import Pages
from bot.errors import SignInError, TooManyGuessesError
from bot.staff.sessions import LONGEST, Sessions, SignedIn

SESSION = "staff_session"
FORM = "staff_form"
HOME = "/console"
SIGN_IN = "/console/sign-in"
LONGEST_BODY = 128 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """What somebody signed in has sent with a form of ours."""

    who: SignedIn
    data: FormData

    def text(self, name: str) -> str:
        """A field's text with plain line ends; empty if it was not sent."""
        value = self.data.get(name)
        return _clean(value)

    def all(self, name: str) -> list[str]:
        """Every value of a field that may be sent several times."""
        return [_clean(value) for value in self.data.getlist(name)]


class Access:
    """The dependencies that let staff in."""

    def __init__(self, sessions: Sessions, *, secure: bool) -> None:
        self.sessions = sessions
        self._secure = secure

    async def signed_in(self, request: Request) -> SignedIn:
        """Who looks at a page; everybody else is sent to sign in."""
        who = await self._who(request)
        if who is not None:
            return who
        if request.headers.get("X-Console"):
            raise HTTPException(401, "sign in again")
        target = quote(str(request.url.path), safe="/")
        raise HTTPException(303, headers={"Location": f"{SIGN_IN}?next={target}"})

    async def admin(self, request: Request) -> SignedIn:
        """An admin; a staff member is refused."""
        who = await self.signed_in(request)
        if not who.admin:
            raise HTTPException(403, "only admins may see this")
        return who

    async def form(self, request: Request) -> Form:
        """A form that our own page has sent."""
        who = await self.signed_in(request)
        data = await request.form()
        if not _same(data.get("csrf"), who.csrf):
            raise HTTPException(403, "this form is out of date; load the page again")
        return Form(who=who, data=data)

    async def admin_form(self, request: Request) -> Form:
        """A form that only admins may send."""
        form = await self.form(request)
        if not form.who.admin:
            raise HTTPException(403, "only admins may do this")
        return form

    def keep(self, response: Response, token: str) -> None:
        """Give the browser its session."""
        response.set_cookie(
            SESSION,
            token,
            max_age=int(LONGEST.total_seconds()),
            path=HOME,
            httponly=True,
            secure=self._secure,
            samesite="lax",
        )
        response.delete_cookie(FORM, path=SIGN_IN)

    def new_form(self, request: Request) -> str:
        """The secret that a sign-in page and its cookie share."""
        return request.cookies.get(FORM) or secrets.token_urlsafe(16)

    def keep_form(self, response: Response, secret: str) -> None:
        """Remember the secret in the browser."""
        response.set_cookie(
            FORM,
            secret,
            path=SIGN_IN,
            httponly=True,
            secure=self._secure,
            samesite="strict",
        )

    async def _who(self, request: Request) -> SignedIn | None:
        token = request.cookies.get(SESSION)
        return await self.sessions.signed_in(token) if token else None


def sign_in_pages(access: Access, pages: Pages) -> APIRouter:
    """Signing in and out."""
    router = APIRouter(include_in_schema=False, max_body_size=LONGEST_BODY)

    def page(
        request: Request, *, problem: str = "", name: str = "", status: int = 200
    ) -> Response:
        secret = access.new_form(request)
        response = pages.show(
            "sign_in.html",
            {
                "csrf": _derived(secret),
                "problem": problem,
                "name": name,
                "target": _inside(request.query_params.get("next")),
            },
            status=status,
        )
        access.keep_form(response, secret)
        return response

    @router.get(SIGN_IN)
    async def ask(request: Request) -> Response:
        return page(request)

    @router.post(SIGN_IN)
    async def sign_in(request: Request) -> Response:
        data = await request.form()
        name, password = _clean(data.get("name")), _clean(data.get("password"))
        if not _same(data.get("csrf"), _derived(request.cookies.get(FORM, ""))):
            return page(request, problem="Please try once more.", name=name, status=403)
        network = request.client.host if request.client else "unknown"
        try:
            token = await access.sessions.sign_in(
                name,
                password,
                network=network,
                browser=_clean(request.headers.get("user-agent")),
            )
        except TooManyGuessesError as error:
            response = page(request, problem=str(error), name=name, status=429)
            response.headers["Retry-After"] = str(error.seconds)
            return response
        except SignInError as error:
            return page(request, problem=str(error), name=name, status=401)
        response = RedirectResponse(_inside(request.query_params.get("next")), 303)
        access.keep(response, token)
        return response

    @router.post("/console/sign-out")
    async def sign_out(form: Annotated[Form, Depends(access.form)]) -> Response:
        await access.sessions.sign_out(form.who)
        response = RedirectResponse(SIGN_IN, 303)
        response.delete_cookie(SESSION, path=HOME)
        return response

    return router


def _derived(secret: str) -> str:
    return sha256(f"sign-in {secret}".encode()).hexdigest()


def _same(given: object, expected: str) -> bool:
    return isinstance(given, str) and hmac.compare_digest(
        given.encode(), expected.encode()
    )


def _clean(value: object) -> str:
    """A field's text as every database can store it, with plain line ends."""
    text = value if isinstance(value, str) else ""
    return text.replace("\r\n", "\n").replace("\0", "\ufffd")


def _inside(target: str | None) -> str:
    """Where to go after signing in: never out of the console."""
    inside = target and (target == HOME or target.startswith(f"{HOME}/"))
    return target if target and inside and target.isprintable() else HOME
