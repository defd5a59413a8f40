"""What a form that somebody sent is answered with."""

from collections.abc import Awaitable, Mapping

from fastapi import Request, Response
from fastapi.responses import JSONResponse, RedirectResponse

from bot.console.pages import Pages
from bot.errors import BotError, NotFoundError, TooManyGuessesError, TooOftenError


async def answered(
    request: Request, action: Awaitable[None], *, pages: Pages, back: str
) -> Response:
    """Do something; the script is told in JSON, a plain form with a page."""
    scripted = bool(request.headers.get("X-Console"))
    try:
        await action
    except BotError as error:
        status = status_of(error)
        if scripted:
            return JSONResponse({"detail": str(error)}, status)
        return pages.show(
            "refused.html", {"problem": str(error), "back": back}, status=status
        )
    return Response(status_code=204) if scripted else RedirectResponse(back, 303)


async def in_json(result: Awaitable[Mapping[str, object]]) -> JSONResponse:
    """What the script asked for, or why it does not get it."""
    try:
        return JSONResponse(await result)
    except BotError as error:
        return JSONResponse({"detail": str(error)}, status_of(error))


def status_of(error: BotError) -> int:
    """Not there, too often, or not so."""
    if isinstance(error, NotFoundError):
        return 404
    often = isinstance(error, TooManyGuessesError | TooOftenError)
    return 429 if often else 409
