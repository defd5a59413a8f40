"""The console's pages: templates, the headers that fence them in, and their files."""

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from urllib.parse import urlencode, urlsplit
from zoneinfo import ZoneInfo

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import HTMLResponse, Response
from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape
from markupsafe import Markup, escape

from bot.clock import Clock
from bot.console import figure_words, words
from bot.console.browsers import browser
from bot.console.delivery_errors import why
from bot.conversations.desk.call_corrections import AS_TYPED
from bot.conversations.desk.choosing import Choice
from bot.conversations.spoken.details import number_shown
from bot.conversations.spoken.time_zones import zone_shown
from bot.masking import masked
from bot.static_files import StaticFile

BOLD = re.compile(r"\*\*([^*\n]+)\*\*")
STATIC = Path(__file__).parent / "static"
FILES = {
    "console.css": "text/css",
    "console.js": "text/javascript",
    "inbox.js": "text/javascript",
}
HEADERS = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; "
    "style-src 'self'; connect-src 'self'; img-src 'self' data:; base-uri 'none'; "
    "form-action 'self'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cache-Control": "no-store",
}


class Pages:
    """Renders templates; times are shown in the organisation's zone."""

    def __init__(self, *, organisation: str, time_zone: str, clock: Clock) -> None:
        self._clock = clock
        self._zone = ZoneInfo(time_zone)
        self._templates = Environment(
            loader=PackageLoader("bot.console"),
            autoescape=select_autoescape(),
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._templates.globals.update(
            words=words,
            figure_words=figure_words,
            organisation=organisation,
            our_zone=zone_shown(time_zone),
            asking=_asking,
        )
        self._templates.filters.update(
            local=self._local,
            typed=self._typed,
            iso=_iso,
            web_link=web_link,
            bold=_bold,
            number=number_shown,
            reason=words.reason,
            language=words.language,
            channel=words.channel,
            browser=browser,
            why=why,
            pair=lambda value: (value, value),
            mask=masked,
        )

    def show(
        self, template: str, values: Mapping[str, object], *, status: int = 200
    ) -> HTMLResponse:
        """A page, fenced in by its headers."""
        text = self._templates.get_template(template).render(values)
        return HTMLResponse(text, status, headers=HEADERS)

    def _local(self, moment: datetime) -> str:
        local = moment.astimezone(self._zone)
        this_year = self._clock().astimezone(self._zone).year
        form = "%d %b %H:%M" if local.year == this_year else "%d %b %Y %H:%M"
        return local.strftime(form)

    def _typed(self, moment: datetime) -> str:
        return f"{moment.astimezone(self._zone):{AS_TYPED}}"


def static_files() -> APIRouter:
    """The style sheet and the script."""
    router = APIRouter(prefix="/console/static", include_in_schema=False)

    files = {
        name: StaticFile.at(
            STATIC / name, media_type=kind, headers={"Cache-Control": "no-cache"}
        )
        for name, kind in FILES.items()
    }

    @router.get("/{name}")
    async def static(name: str, request: Request) -> Response:
        if name not in files:
            raise HTTPException(404)
        return files[name].answer(request)

    return router


def web_link(citation: Mapping[str, object]) -> str:
    """A citation's address, if it is one that a page may link to."""
    url = citation.get("url")
    return (
        url
        if isinstance(url, str) and urlsplit(url).scheme in {"http", "https"}
        else ""
    )


def _asking(choice: Choice, **changes: object) -> str:
    """The query of an address that asks for these rows of the inbox, with changes."""
    asked = replace(choice, **changes)  # type: ignore[arg-type]  # templates are not checked
    filters = {name: str(value) for name, value in asked.filters.items()}
    given = {"view": asked.view.value, "q": asked.search, **filters}
    if asked.page > 1:
        given["page"] = str(asked.page)
    return urlencode({key: value for key, value in given.items() if value})


def _iso(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds")


def _bold(text: str) -> Markup:
    """The bot's words, with what it wrote in bold shown so."""
    return Markup(BOLD.sub(r"<strong>\1</strong>", str(escape(text))))  # noqa: S704  escaped
