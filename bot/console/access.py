"""Who may see the console: the session's cookie, and a token in every form."""

import hmac
import secrets
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256
from urllib.parse import quote, unquote

from fastapi import HTTPException, Request, Response
from starlette.datastructures import FormData

from bot.network import address_of
from bot.staff.session_rows import LONGEST
from bot.staff.sessions import Sessions, SignedIn

SESSION = "staff_session"
FORM = "staff_form"
HOME = "/console"
SIGN_IN = "/console/sign-in"
SIGN_IN_CODE = f"{SIGN_IN}/code"
CODE_STARTED = "staff_code"
CONFIRM = "/console/confirm"
SECOND_STEP = "/console/second-step"
# Where whoever owes a second step may go.
WITHOUT_SECOND_STEP = (SECOND_STEP, CONFIRM, "/console/sign-out")
KNOWN = "staff_known"
KNOWN_FOR = timedelta(days=365)
LONGEST_BODY = 128 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """What somebody signed in has sent with a form of ours."""

    who: SignedIn
    data: FormData

    def text(self, name: str) -> str:
        """A field's text with plain line ends; empty if it was not sent."""
        value = self.data.get(name)
        return clean(value)

    def all(self, name: str) -> list[str]:
        """Every value of a field that may be sent several times."""
        return [clean(value) for value in self.data.getlist(name)]


class Access:
    """The dependencies that let staff in."""

    def __init__(self, sessions: Sessions, *, secure: bool) -> None:
        self.sessions = sessions
        self._secure = secure

    async def signed_in(self, request: Request) -> SignedIn:
        """Who looks at a page; everybody else is sent to sign in."""
        who = await self._who(request)
        if who is not None:
            _require_second_step(who, request)
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
        if not same(data.get("csrf"), who.csrf):
            await data.close()
            raise HTTPException(403, "this form is out of date; load the page again")
        return Form(who=who, data=data)

    async def admin_form(self, request: Request) -> Form:
        """A form that only admins may send."""
        form = await self.form(request)
        if not form.who.admin:
            await form.data.close()
            raise HTTPException(403, "only admins may do this")
        return form

    def require_fresh(self, who: SignedIn, *, back: str) -> None:
        """Whoever has not proved for a while who they are is sent to do so."""
        if self.sessions.clock() >= who.fresh_until:
            place = f"{CONFIRM}?next={quote(back, safe='/')}"
            raise HTTPException(303, headers={"Location": place})

    async def keep(self, response: Response, token: str) -> None:
        """Give the browser its session, and something to be known by."""
        who = await self.sessions.signed_in(token)
        if who is not None:
            response.set_cookie(
                KNOWN,
                self.sessions.known_token(who),
                max_age=int(KNOWN_FOR.total_seconds()),
                path=SIGN_IN,
                httponly=True,
                secure=self._secure,
                samesite="strict",
            )
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

    def form_token(self, secret: str) -> str:
        """What a sign-in form brings back, by which its cookie is recognised."""
        return sha256(f"sign-in {secret}".encode()).hexdigest()

    def form_is_ours(self, request: Request, given: object) -> bool:
        """Whether a form came from our page; without its cookie it did not."""
        secret = request.cookies.get(FORM)
        return bool(secret) and same(given, self.form_token(secret or ""))

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

    def keep_started(
        self, response: Response, name: str, value: str, *, seconds: int
    ) -> None:
        """Remember in the browser what it has to bring back from elsewhere."""
        response.set_cookie(
            name,
            quote(value),
            max_age=seconds,
            path=SIGN_IN,
            httponly=True,
            secure=self._secure,
            samesite="lax",
        )

    async def _who(self, request: Request) -> SignedIn | None:
        token = request.cookies.get(SESSION)
        return await self.sessions.signed_in(token) if token else None


def _require_second_step(who: SignedIn, request: Request) -> None:
    if not who.owes_second_step or request.url.path.startswith(WITHOUT_SECOND_STEP):
        return
    if request.headers.get("X-Console"):
        raise HTTPException(403, "your role needs a second step; load the page again")
    raise HTTPException(303, headers={"Location": SECOND_STEP})


def where(request: Request) -> dict[str, str]:
    """The network and the browser that a session begins in."""
    return {
        "network": address_of(request.client),
        "browser": clean(request.headers.get("user-agent")),
    }


def inside(target: str | None) -> str:
    """Where to go afterwards: never out of the console."""
    own = target and (target == HOME or target.startswith(f"{HOME}/"))
    return target if target and own and target.isprintable() else HOME


def unquoted(value: str) -> str:
    """What ``keep_started`` put into a cookie."""
    return unquote(value)


def same(given: object, expected: str) -> bool:
    """Whether a secret is the expected one, told in the same time either way."""
    return isinstance(given, str) and hmac.compare_digest(
        given.encode(), expected.encode()
    )


def clean(value: object) -> str:
    """A field's text as every database can store it, with plain line ends."""
    text = value if isinstance(value, str) else ""
    return text.replace("\r\n", "\n").replace("\0", "\ufffd")
