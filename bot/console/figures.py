"""The page of figures, with a table behind each plot and each table as CSV."""

import csv
import io
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from pathlib import PurePosixPath
from typing import Annotated
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Depends, HTTPException, Query, Response

from bot.console import figure_words, plots, words
from bot.console.access import Access
from bot.console.inbox import Frame
from bot.console.pages import Pages
from bot.conversations.desk.figures import Figures, Period
from bot.conversations.desk.gaps import gap_list
from bot.conversations.desk.kept_figures import KeptFigures
from bot.conversations.service import Conversations
from bot.conversations.spending.budget import Budget
from bot.staff.sessions import SignedIn

FIGURES = "/console/figures"
USUAL_DAYS, MOST_DAYS, MOST_DRAWN, GAPS_SHOWN = 28, 366, 12, 10
FORMULA = ("=", "+", "-", "@", "\t", "\r")


class FiguresDesk:
    """Counts for the page, and for its tables."""

    def __init__(self, conversations: Conversations) -> None:
        self._conversations = conversations
        self.database = conversations.events.database
        self._zone = ZoneInfo(conversations.organisation.time_zone)
        self._kept = KeptFigures(self.database, clock=conversations.clock)

    def period(self, first: date | None, last: date | None) -> Period:
        """The days asked for, a year of them at most; else the last four weeks."""
        today = self._conversations.clock().astimezone(self._zone).date()
        last = min(last or today, today)
        usual = last - timedelta(days=min(USUAL_DAYS, last.toordinal()) - 1)
        first = first or usual
        if first > last:
            first = usual
        first = max(first, last - timedelta(days=min(MOST_DAYS, last.toordinal()) - 1))
        return Period(first=first, last=last, zone=self._zone)

    async def counted(self, period: Period) -> Figures:
        """The figures of a period, at most a minute old."""
        return await self._kept.of(period)


def tables_of(found: Figures) -> dict[str, Sequence[tuple[str, int]]]:
    """Every table by its name, its rows with the words that people read."""
    named = {
        name: [(_shown(name, value), count) for value, count in counts.items()]
        for name, counts in found.tables.items()
    }
    outcomes = [
        (said, found.outcomes.get(k.value, 0)) for k, said in words.OUTCOMES.items()
    ]
    resolved = [
        (figure_words.RESOLVED[k], found.resolved.get(k, 0))
        for k in figure_words.RESOLVED
    ]
    rated = [("Helped", found.helped), ("Did not help", found.did_not_help)]
    calls = [(words.CALLS[k].capitalize(), count) for k, count in found.calls.items()]
    return {
        **named,
        "outcome": outcomes,
        "resolution": resolved,
        "satisfaction": rated,
        "calls": calls,
    }


def figures_pages(
    conversations: Conversations,
    budget: Budget,
    access: Access,
    pages: Pages,
    *,
    frame: Frame,
) -> APIRouter:
    """``/console/figures``, for everybody; what models cost is told to admins."""
    router = APIRouter(include_in_schema=False)
    desk = FiguresDesk(conversations)

    def period(
        first: Annotated[date | None, Query()] = None,
        last: Annotated[date | None, Query()] = None,
    ) -> Period:
        return desk.period(first, last)

    Asked = Annotated[Period, Depends(period)]  # noqa: N806  a type

    @router.get(FIGURES)
    async def page(
        asked: Asked, who: Annotated[SignedIn, Depends(access.signed_in)]
    ) -> Response:
        found = await desk.counted(asked)
        values = {
            "period": asked,
            "found": found,
            "tables": tables_of(found),
            "plots": _plots(tables_of(found)),
            "gaps": await gap_list(desk.database, limit=GAPS_SHOWN),
            "cost": budget.prices.cost(found.tokens),
        }
        return pages.show("figures.html", {**await frame.values(who), **values})

    @router.get(FIGURES + "/{name}")
    async def table(
        name: str, asked: Asked, who: Annotated[SignedIn, Depends(access.signed_in)]
    ) -> Response:
        _ = who
        if name not in figure_words.FIGURES:
            raise HTTPException(404)
        rows = tables_of(await desk.counted(asked))[name]
        file = f"{name}-{asked.first}-{asked.last}.csv"
        return Response(
            csv_of(figure_words.FIGURES[name], rows),
            media_type="text/csv; charset=utf-8",
            headers={
                "Content-Disposition": f'attachment; filename="{file}"',
                "Cache-Control": "no-store",
                "X-Content-Type-Options": "nosniff",
            },
        )

    return router


def csv_of(title: str, rows: Sequence[tuple[str, int]]) -> str:
    """A table for spreadsheets, none of whose cells begins a formula."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow([title, "Count"])
    for name, count in rows:
        writer.writerow([f"'{name}" if name.startswith(FORMULA) else name, count])
    return text.getvalue()


def _plots(tables: Mapping[str, Sequence[tuple[str, int]]]) -> dict[str, str]:
    return {
        name: plots.columns(figure_words.FIGURES[name], rows)
        if name == "day"
        else plots.rows(figure_words.FIGURES[name], fitting(rows))
        for name, rows in tables.items()
    }


def fitting(rows: Sequence[tuple[str, int]]) -> Sequence[tuple[str, int]]:
    """As many as fit a plot, and the others together."""
    if len(rows) <= MOST_DRAWN:
        return rows
    rest = rows[MOST_DRAWN - 1 :]
    others = (f"{len(rest)} others", sum(count for _, count in rest))
    return [*rows[: MOST_DRAWN - 1], others]


def _shown(name: str, value: str) -> str:
    if value == "unknown":
        return "not known"
    if name == "channel":
        return words.channel(value)
    if name == "topic":
        return PurePosixPath(value).name.removesuffix(".md")
    return words.language(value) if name == "language" else value
