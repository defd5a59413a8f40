"""The page for admins that says what language models have taken."""

from typing import Annotated

from fastapi import APIRouter, Depends, Response

from bot.console.access import Access
from bot.console.inbox import Frame
from bot.console.pages import Pages
from bot.conversations.spending.budget import Budget
from bot.conversations.spending.report import spend
from bot.staff.sessions import SignedIn


def spend_page(
    budget: Budget, access: Access, pages: Pages, *, frame: Frame
) -> APIRouter:
    """``/console/spend``, for admins."""
    router = APIRouter(include_in_schema=False)

    @router.get("/console/spend")
    async def page(who: Annotated[SignedIn, Depends(access.admin)]) -> Response:
        values = {
            "spend": await spend(budget),
            "caps": budget.caps,
            "cost": budget.prices.cost,
        }
        return pages.show("spend.html", {**await frame.values(who), **values})

    return router
