"""Setting up an authenticator, and proving again who one is."""

from collections.abc import Sequence
from typing import Annotated

import pyotp
import segno
from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import RedirectResponse
from sqlalchemy.ext.asyncio import AsyncSession

from bot.console.access import (
    CONFIRM,
    LONGEST_BODY,
    SECOND_STEP,
    Access,
    Form,
    inside,
)
from bot.console.inbox import Frame
from bot.console.pages import Pages
from bot.console.sign_in import PROVIDER, Ways
from bot.errors import SignInError, TooManyGuessesError
from bot.staff.audit import write_down
from bot.staff.own_password import has_password
from bot.staff.proving_again import prove_again
from bot.staff.second_step import (
    codes_left,
    confirm_secret,
    drop_second_step,
    has_second_step,
    new_recovery_codes,
    new_secret,
    secret_of,
)
from bot.staff.sessions import Sessions, SignedIn

NO_CODE = "That is not the code that it shows now; try the next one."


def second_step_pages(access: Access, pages: Pages, *, frame: Frame) -> APIRouter:
    """``/console/second-step``: one's own authenticator."""
    router = APIRouter(
        prefix=SECOND_STEP, include_in_schema=False, max_body_size=LONGEST_BODY
    )
    steps = OwnStep(access.sessions)

    async def show(who: SignedIn, **more: object) -> Response:
        values = {**await frame.values(who), **await steps.state(who), **more}
        status = 409 if values["problem"] else 200
        return pages.show("second_step.html", values, status=status)

    @router.get("")
    async def page(who: Annotated[SignedIn, Depends(access.signed_in)]) -> Response:
        return await show(who)

    @router.post("/start")
    async def start(form: Annotated[Form, Depends(access.form)]) -> Response:
        access.require_fresh(form.who, back=SECOND_STEP)
        await steps.start(form.who)
        return RedirectResponse(SECOND_STEP, 303)

    @router.post("/confirm")
    async def confirm(form: Annotated[Form, Depends(access.form)]) -> Response:
        codes = await steps.confirm(form.who, form.text("code"))
        if codes is None:
            return await show(form.who, problem=NO_CODE)
        return await show(form.who, codes=codes)

    @router.post("/codes")
    async def codes(form: Annotated[Form, Depends(access.form)]) -> Response:
        access.require_fresh(form.who, back=SECOND_STEP)
        return await show(form.who, codes=await steps.new_codes(form.who))

    @router.post("/remove")
    async def remove(form: Annotated[Form, Depends(access.form)]) -> Response:
        access.require_fresh(form.who, back=SECOND_STEP)
        await steps.remove(form.who)
        return RedirectResponse(SECOND_STEP, 303)

    return router


class OwnStep:
    """What somebody does with their own authenticator."""

    def __init__(self, sessions: Sessions) -> None:
        self._sessions = sessions

    async def state(self, who: SignedIn) -> dict[str, object]:
        """What the page shows; of a secret only while it is being set up, and fresh."""
        sessions, now = self._sessions, self._sessions.clock()
        async with sessions.database.read() as session:
            ready = await has_second_step(session, who.member_id)
            secret = await secret_of(
                session, who.member_id, seal=sessions.seal, now=now
            )
            left = await codes_left(session, who.member_id)
        shown = secret if now < who.fresh_until else None
        return {
            "ready": ready,
            "secret": shown,
            "picture": _picture(shown, who.name) if shown else "",
            "left": left,
            "required": who.role in sessions.rules.second_step,
            "codes": (),
            "problem": "",
        }

    async def start(self, who: SignedIn) -> None:
        """A new secret, to be scanned."""
        sessions = self._sessions
        async with sessions.database.write() as session:
            await new_secret(
                session, who.member_id, seal=sessions.seal, now=sessions.clock()
            )

    async def confirm(self, who: SignedIn, code: str) -> Sequence[str] | None:
        """From now on a code is asked for; None if this was none."""
        sessions, now = self._sessions, self._sessions.clock()
        async with sessions.database.write() as session:
            codes = await confirm_secret(
                session, who.member_id, code, seal=sessions.seal, now=now
            )
            if codes is not None:
                self._log(session, "second_step_added", who)
        return codes

    async def new_codes(self, who: SignedIn) -> Sequence[str]:
        """Other codes for paper; none without an authenticator."""
        sessions = self._sessions
        async with sessions.database.write() as session:
            if not await has_second_step(session, who.member_id):
                return ()
            self._log(session, "recovery_codes_made", who)
            return await new_recovery_codes(session, who.member_id, seal=sessions.seal)

    async def remove(self, who: SignedIn) -> None:
        """The password is enough again, where the role allows it."""
        sessions = self._sessions
        async with sessions.database.write() as session:
            await drop_second_step(session, who.member_id)
            self._log(session, "second_step_dropped", who)

    def _log(self, session: AsyncSession, action: str, who: SignedIn) -> None:
        now = self._sessions.clock()
        write_down(session, action, now=now, member_id=who.member_id)


def confirm_pages(
    access: Access, pages: Pages, ways: Ways, *, frame: Frame
) -> APIRouter:
    """``/console/confirm``: before exports, erasures and a new authenticator."""
    router = APIRouter(include_in_schema=False, max_body_size=LONGEST_BODY)

    async def show(
        who: SignedIn, target: str, *, problem: str = "", status: int = 200
    ) -> Response:
        async with access.sessions.database.read() as session:
            own = ways.password and await has_password(session, who)
            code = await has_second_step(session, who.member_id)
        values = {
            "target": target,
            "problem": problem,
            "password": own,
            "code": code,
            "provider": PROVIDER if ways.provider else "",
        }
        return pages.show(
            "confirm.html", {**await frame.values(who), **values}, status=status
        )

    @router.get(CONFIRM)
    async def ask(
        request: Request, who: Annotated[SignedIn, Depends(access.signed_in)]
    ) -> Response:
        return await show(who, inside(request.query_params.get("next")))

    @router.post(CONFIRM)
    async def confirm(
        request: Request, form: Annotated[Form, Depends(access.form)]
    ) -> Response:
        target = inside(request.query_params.get("next"))
        try:
            await prove_again(access.sessions, form.who, form.text("given"))
        except TooManyGuessesError as error:
            return await show(form.who, target, problem=str(error), status=429)
        except SignInError as error:
            return await show(form.who, target, problem=str(error), status=401)
        return RedirectResponse(target, 303)

    return router


def _picture(secret: str, name: str) -> str:
    """What a telephone scans, as an address of a picture."""
    issuer = "Enquiry assistant"
    address = pyotp.TOTP(secret).provisioning_uri(name=name, issuer_name=issuer)
    return segno.make(address, error="m").svg_data_uri(scale=4, border=4, light="#fff")
