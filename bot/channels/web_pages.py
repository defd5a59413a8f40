"""The web chat's own page, and the script that puts the chat into other pages."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, Header, Request
from fastapi.responses import HTMLResponse, Response
from jinja2 import Environment, PackageLoader, select_autoescape

from bot.channels.chat_words import chat_words, direction, offered, preferred
from bot.channels.web_requests import LONGEST_TEXT
from bot.organisation import Organisation
from bot.phrases import phrase
from bot.static_files import StaticFile

STATIC = Path(__file__).parent / "static"
PAGES = Environment(
    loader=PackageLoader("bot.channels"), autoescape=select_autoescape()
)

# What the script has none of its own of.
NO_LIMIT = "{/* most characters of a message */}"
NO_WORDS = "{/* in every language offered */}"
SCRIPT_HEADERS = {
    "Cache-Control": "public, max-age=300",
    "Cross-Origin-Resource-Policy": "cross-origin",
}


def build_pages(*, organisation: Organisation, allowed_origins: list[str]) -> APIRouter:
    """The chat's own page, and the script that puts it into other pages."""
    router = APIRouter(include_in_schema=False)
    headers = _page_headers(allowed_origins)
    languages = offered(organisation)
    script = StaticFile(
        _script({language: chat_words(language) for language in languages}).encode(),
        media_type="text/javascript",
        headers=SCRIPT_HEADERS,
    )

    @router.get("/", response_class=HTMLResponse)
    async def page(
        accept_language: Annotated[str, Header()] = "",
    ) -> HTMLResponse:
        language = preferred(accept_language, languages)
        words = PAGES.get_template("chat.html").render(
            organisation=organisation.name,
            title=phrase("chat_page", language, organisation=organisation.name),
            needs_script=phrase("chat_needs_script", language),
            language=language,
            direction=direction(language),
        )
        return HTMLResponse(words, headers=headers)

    @router.get("/widget.js")
    async def widget(request: Request) -> Response:
        return script.answer(request)

    return router


def _page_headers(allowed_origins: list[str]) -> Mapping[str, str]:
    ancestors = " ".join(("'self'", *allowed_origins))
    return {
        "Content-Security-Policy": "default-src 'none'; script-src 'self'; "
        "style-src 'self'; connect-src 'self'; img-src 'self' data:; "
        f"base-uri 'none'; form-action 'none'; frame-ancestors {ancestors}",
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "no-referrer",
        "Vary": "Accept-Language",
    }


def _script(words: Mapping[str, Mapping[str, str]]) -> str:
    """The widget in one file, with its words."""
    source = (STATIC / "widget.js").read_text("utf-8")
    source = source.replace(NO_LIMIT, str(LONGEST_TEXT))
    return source.replace(NO_WORDS, json.dumps(words, ensure_ascii=False))
