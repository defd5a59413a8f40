"""Answers to requests that cannot be served: what is wrong, never what was sent."""

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from sqlalchemy.exc import SQLAlchemyError
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Receive, Scope, Send

from bot.logs import get_logger

RETRY_SECONDS = 5

log = get_logger()


def add_refusals(app: FastAPI) -> None:
    """422 for a request that makes no sense, 503 while the database is away.

    One that breaks off is no failure of ours.
    """
    app.add_middleware(PlainAddresses)

    @app.exception_handler(RequestValidationError)
    async def invalid(request: Request, error: RequestValidationError) -> JSONResponse:
        del request
        problems = [
            {key: problem[key] for key in ("type", "loc", "msg")}
            for problem in error.errors()
        ]
        return JSONResponse({"detail": problems}, 422)

    @app.exception_handler(SQLAlchemyError)
    async def away(request: Request, error: SQLAlchemyError) -> JSONResponse:
        log.error("database_failed", path=request.url.path, exc_info=error)
        return JSONResponse(
            {"detail": "nothing was stored; try again"},
            503,
            {"Retry-After": str(RETRY_SECONDS)},
        )

    @app.exception_handler(ClientDisconnect)
    async def gone(request: Request, error: ClientDisconnect) -> Response:
        del request, error
        return Response(status_code=400)


class PlainAddresses:
    """Refuses addresses with a NUL, which no database takes and nobody means."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Refuse a request, or pass it on."""
        if scope["type"] == "http" and _has_nul(scope):
            refusal = JSONResponse({"detail": "this address is none"}, 400)
            await refusal(scope, receive, send)
        else:
            await self._app(scope, receive, send)


def _has_nul(scope: Scope) -> bool:
    query: bytes = scope["query_string"]
    return "\0" in scope["path"] or b"%00" in query or b"\0" in query
