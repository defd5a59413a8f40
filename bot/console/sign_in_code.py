"""The page that asks for a code after the password."""

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from bot.console.access import (
    CODE_STARTED,
    LONGEST_BODY,
    SIGN_IN,
    SIGN_IN_CODE,
    Access,
    clean,
    inside,
    unquoted,
    where,
)
from bot.console.pages import Pages
from bot.errors import SignInError, TooManyGuessesError


def code_pages(access: Access, pages: Pages) -> APIRouter:
    """``/console/sign-in/code``, for whoever gave their password a moment ago."""
    router = APIRouter(include_in_schema=False, max_body_size=LONGEST_BODY)

    def show(request: Request, *, problem: str = "", status: int = 200) -> Response:
        secret = access.new_form(request)
        values = {
            "csrf": access.form_token(secret),
            "problem": problem,
            "target": inside(request.query_params.get("next")),
        }
        response = pages.show("sign_in_code.html", values, status=status)
        access.keep_form(response, secret)
        return response

    @router.get(SIGN_IN_CODE)
    async def ask(request: Request) -> Response:
        if CODE_STARTED not in request.cookies:
            return RedirectResponse(SIGN_IN, 303)
        return show(request)

    @router.post(SIGN_IN_CODE)
    async def sign_in(request: Request) -> Response:
        data = await request.form()
        if not access.form_is_ours(request, data.get("csrf")):
            return show(request, problem="Please try once more.", status=403)
        started = unquoted(request.cookies.get(CODE_STARTED, ""))
        try:
            token = await access.sessions.second_step(
                started, clean(data.get("code")), **where(request)
            )
        except TooManyGuessesError as error:
            response = show(request, problem=str(error), status=429)
            response.headers["Retry-After"] = str(error.seconds)
            return response
        except SignInError as error:
            return show(request, problem=str(error), status=401)
        response = RedirectResponse(inside(request.query_params.get("next")), 303)
        await access.keep(response, token)
        response.delete_cookie(CODE_STARTED, path=SIGN_IN)
        return response

    return router
