"""Opening hours and holidays, with what a contact will read; admins keep them."""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Annotated
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Depends, Response
from fastapi.responses import RedirectResponse

from bot.console.access import LONGEST_BODY, Access, Form
from bot.console.inbox import Frame
from bot.console.pages import Pages
from bot.conversations.opening_hours import WEEK, opens_at, when_to_expect_an_answer
from bot.conversations.service import Conversations
from bot.errors import BotError, SettingsError
from bot.organisation import Organisation, Weekday
from bot.organisation_file import OrganisationFile
from bot.staff.audit import write_down
from bot.staff.sessions import SignedIn

HOURS = "/console/hours"
NOON = time(12)
MOST_HOLIDAYS = 200
HOLIDAYS_SHOWN = 3


def hours_pages(
    conversations: Conversations,
    access: Access,
    pages: Pages,
    *,
    frame: Frame,
    file: OrganisationFile,
) -> APIRouter:
    """``/console/hours``."""
    router = APIRouter(
        prefix=HOURS, include_in_schema=False, max_body_size=LONGEST_BODY
    )
    organisation = conversations.organisation

    async def shown(
        who: SignedIn, values: Mapping[str, object], *, status: int = 200
    ) -> Response:
        fresh = {
            "problem": "",
            "mark": "",
            "week": WEEK,
            "zone": organisation.time_zone,
        }
        around = await frame.values(who)
        return pages.show("hours.html", {**around, **fresh, **values}, status=status)

    @router.get("")
    async def page(who: Annotated[SignedIn, Depends(access.admin)]) -> Response:
        values = {
            **_typed_as(organisation),
            "mark": await asyncio.to_thread(file.mark),
            "preview": preview(organisation, conversations.clock()),
        }
        return await shown(who, values)

    @router.post("")
    async def change(form: Annotated[Form, Depends(access.admin_form)]) -> Response:
        mark = form.text("mark")
        typed = {
            "spans": {day: form.text(day) for day in WEEK},
            "holidays": form.text("holidays"),
            "mark": mark,
        }
        try:
            hours, holidays = _hours(form), _holidays(form.text("holidays"))
            new = file.checked(hours, holidays)
            if form.text("deed") == "save":
                await asyncio.to_thread(file.keep, hours, holidays, mark=mark)
                await log(form)
                return RedirectResponse(HOURS, 303)
        except BotError as error:
            now = preview(organisation, conversations.clock())
            values = {**typed, "problem": str(error), "preview": now}
            return await shown(form.who, values, status=409)
        will = preview(new, conversations.clock())
        return await shown(form.who, {**typed, "preview": will})

    async def log(form: Form) -> None:
        async with conversations.events.database.write() as session:
            write_down(
                session,
                "hours_changed",
                now=conversations.clock(),
                member_id=form.who.member_id,
            )

    return router


def preview(
    organisation: Organisation, now: datetime
) -> Sequence[tuple[datetime, str]]:
    """What a contact who waits is told now, when it is open next, and on holidays."""
    moments, opens = [now], opens_at(organisation, now)
    if opens is not None:
        moments.append(opens + timedelta(minutes=1))
    zone = ZoneInfo(organisation.time_zone)
    coming = [day for day in organisation.holidays if day > now.astimezone(zone).date()]
    moments += [datetime.combine(day, NOON, zone) for day in coming[:HOLIDAYS_SHOWN]]
    return [
        (
            moment,
            when_to_expect_an_answer(
                organisation,
                moment,
                language=organisation.languages[0],
                somebody_online=False,
            ),
        )
        for moment in moments
    ]


def _typed_as(organisation: Organisation) -> dict[str, object]:
    hours = organisation.opening_hours
    days = [day.isoformat() for day in organisation.holidays]
    return {
        "spans": {day: ", ".join(hours.get(day, [])) for day in WEEK},
        "holidays": "\n".join(days),
    }


def _hours(form: Form) -> dict[Weekday, list[str]]:
    spans = {day: form.text(day).replace(" ", "").split(",") for day in WEEK}
    return {day: [span for span in found if span] for day, found in spans.items()}


def _holidays(text: str) -> list[date]:
    days = []
    for line in text.split():
        try:
            days.append(date.fromisoformat(line))
        except ValueError as error:
            raise SettingsError(
                f"Holidays: “{line[:40]}” is no day; write 2026-12-25"
            ) from error
    if len(days) > MOST_HOLIDAYS:
        raise SettingsError(f"Holidays: at most {MOST_HOLIDAYS} days")
    return days
