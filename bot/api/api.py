"""Puts the API together: an application of its own, mounted under ``/api/v1``."""

import re

from fastapi import FastAPI
from starlette.routing import Mount

from bot.api.access import ApiAccess
from bot.api.acting import acting
from bot.api.asking import asking
from bot.api.problems import TOO_LARGE, add_problems, documented
from bot.api.reading import reading
from bot.api.reference import describe
from bot.conversations.ports import Assistant
from bot.conversations.service import Conversations

PREFIX = "/api/v1"
LONGEST_BODY = 256 * 1024
ABOUT = (
    "Send a token of yours as “Authorization: Bearer …”. Errors are problem details "
    "(RFC 9457). Lists come in pages: pass next_cursor as cursor. Too many requests "
    "are answered with 429 and Retry-After."
)


def build_api_v1(
    conversations: Conversations, assistant: Assistant, access: ApiAccess
) -> FastAPI:
    """Everything under ``/api/v1``, its description included."""
    api = FastAPI(
        title=f"{conversations.organisation.name}: API",
        version="1",
        description=ABOUT,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        telemetry={"logs": False},
        max_body_size=LONGEST_BODY,
        responses=documented(400, 401, 422, 429, 503) | TOO_LARGE,
    )
    add_problems(api)
    api.include_router(reading(conversations.events.database, access))
    api.include_router(acting(conversations, access))
    api.include_router(asking(assistant, access))
    describe(api, prefix=PREFIX)
    return api


def mount_of(api: FastAPI) -> Mount:
    """Its place in the server; also for paths with line breaks, which are refused."""
    mount = Mount(PREFIX, api)
    mount.path_regex = re.compile(mount.path_regex.pattern, re.DOTALL)
    return mount
