"""Refusals as RFC 9457 asks for: what is wrong, never what was sent."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field
from sqlalchemy.exc import SQLAlchemyError
from starlette.exceptions import HTTPException

from bot.errors import (
    BotError,
    ConversationError,
    IndexUnavailableError,
    NotFoundError,
)
from bot.logs import get_logger

MEDIA_TYPE = "application/problem+json"
RETRY_SECONDS = "5"
Responses = dict[int | str, dict[str, Any]]

log = get_logger()


class WrongField(BaseModel):
    """A part of the request that makes no sense."""

    where: str = Field(examples=["body.text"])
    what: str


class Problem(BaseModel):
    """What went wrong."""

    type: str = "about:blank"
    title: str
    status: int
    detail: str
    errors: list[WrongField] | None = None


def documented(*statuses: int) -> Responses:
    """The refusals of an operation, for its description."""
    schema = {"$ref": "#/components/schemas/Problem"}
    return {
        status: {
            "description": HTTPStatus(status).phrase,
            "content": {MEDIA_TYPE: {"schema": schema}},
        }
        for status in statuses
    }


TOO_LARGE: Responses = {
    413: {
        "description": "the body is too large; refused before it is read",
        "content": {"text/plain": {"schema": {"type": "string"}}},
    }
}


def problem(
    status: int,
    detail: str,
    *,
    headers: Mapping[str, str] | None = None,
    errors: list[WrongField] | None = None,
) -> JSONResponse:
    """A refusal as it is sent."""
    whole = Problem(
        title=HTTPStatus(status).phrase, status=status, detail=detail, errors=errors
    )
    return JSONResponse(
        whole.model_dump(exclude_none=True), status, headers, media_type=MEDIA_TYPE
    )


def add_problems(api: FastAPI) -> None:
    """Every error of the API is a problem with a status that fits."""

    @api.exception_handler(HTTPException)
    async def refused(request: Request, error: HTTPException) -> JSONResponse:
        del request
        return problem(error.status_code, error.detail, headers=error.headers)

    @api.exception_handler(RequestValidationError)
    async def invalid(request: Request, error: RequestValidationError) -> JSONResponse:
        del request
        errors = [
            WrongField(where=".".join(map(str, one["loc"])), what=one["msg"])
            for one in error.errors()
        ]
        return problem(422, "the request makes no sense; see errors", errors=errors)

    @api.exception_handler(BotError)
    async def not_done(request: Request, error: BotError) -> JSONResponse:
        if isinstance(error, NotFoundError):
            return problem(404, str(error))
        if isinstance(error, ConversationError):
            return problem(409, str(error))
        known = isinstance(error, IndexUnavailableError)
        log.error("api_failed", path=request.url.path, exc_info=error)
        detail = str(error) if known else "it cannot be answered now"
        return problem(503, detail, headers={"Retry-After": RETRY_SECONDS})

    @api.exception_handler(SQLAlchemyError)
    async def away(request: Request, error: SQLAlchemyError) -> JSONResponse:
        log.error("database_failed", path=request.url.path, exc_info=error)
        detail = "nothing was stored; try again"
        return problem(503, detail, headers={"Retry-After": RETRY_SECONDS})

    @api.exception_handler(Exception)
    async def broken(request: Request, error: Exception) -> JSONResponse:
        log.error("api_failed", path=request.url.path, exc_info=error)
        return problem(500, "this is our mistake; it has been logged")
