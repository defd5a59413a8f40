"""Answers to requests that cannot be served: what is wrong, never what was sent."""

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from sqlalchemy.exc import SQLAlchemyError

from bot.logs import get_logger

RETRY_SECONDS = 5

log = get_logger()


def add_refusals(app: FastAPI) -> None:
    """422 for a request that makes no sense, 503 while the database is away."""

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
