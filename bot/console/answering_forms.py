"""What a form that somebody sent is answered with."""

from collections.abc import Awaitable

from fastapi import Request, Response
from fastapi.responses import JSONResponse, RedirectResponse

from bot.console.pages import Pages
from bot.errors import BotError, NotFoundError, TooManyGuessesError


async def answered(
    request: Request, action: Awaitable[None], *, pages: Pages, back: str
) -> Response:
    """Do something; the script is told in JSON, a plain form with a page."""
    scripted = bool(request.headers.get("X-Console"))
    try:
        await action
    except BotError as error:
        status = _status(error)
        if scripted:
            return JSONResponse({"detail": str(error)}, status)
        return pages.show(
            "refused.html", {"problem": str(error), "back": back}, status=status
        )
    return Response(status_code=204) if scripted else RedirectResponse(back, 303)


def _status(error: BotError) -> int:
    if isinstance(error, NotFoundError):
        return 404
    return 429 if isinstance(error, TooManyGuessesError) else 409
