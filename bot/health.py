"""``/health``: whether the process runs, and whether everything it needs does."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Protocol

from fastapi import APIRouter, Response
from sqlalchemy.exc import SQLAlchemyError

from bot.errors import IndexUnavailableError

Check = Callable[[], Awaitable[object]]


class Checked(Protocol):
    """Whatever can be asked how it is."""

    async def unready(self) -> dict[str, str]:
        """What is not working, by name; empty when everything is."""
        ...

    def warnings(self) -> dict[str, str]:
        """What works, and not as it should, by name."""
        ...


async def failing(checks: Mapping[str, Check]) -> dict[str, str]:
    """The checks that fail, and why."""
    problems = {}
    for name, check in checks.items():
        try:
            await check()
        except (SQLAlchemyError, OSError, IndexUnavailableError) as error:
            known = isinstance(error, IndexUnavailableError)
            problems[name] = str(error) if known else _kind(error)
    return problems


def _kind(error: Exception) -> str:
    """What sort of error it is: what it says may name a host or an account."""
    cause = getattr(error, "orig", None)
    return getattr(cause, "sqlite_errorname", None) or type(error).__name__


def health_pages(checked: Checked) -> APIRouter:
    """For whoever watches the server; tells nothing of contacts."""
    router = APIRouter(prefix="/health")

    @router.get("/live")
    async def live() -> Mapping[str, str]:
        return {"status": "ok"}

    @router.get("/ready")
    async def ready(response: Response) -> Mapping[str, object]:
        problems = await checked.unready()
        response.status_code = 503 if problems else 200
        return {
            "status": "not ready" if problems else "ok",
            "problems": problems,
            "warnings": checked.warnings(),
        }

    return router
