"""The web chat's own page, and the script that puts the chat into other pages."""

from pathlib import Path

from fastapi import APIRouter
from fastapi.responses import FileResponse, HTMLResponse
from jinja2 import Environment, PackageLoader, select_autoescape

STATIC = Path(__file__).parent / "static"
PAGES = Environment(
    loader=PackageLoader("bot.channels"), autoescape=select_autoescape()
)


def build_pages(*, organisation: str, allowed_origins: list[str]) -> APIRouter:
    """The chat's own page, and the script that puts it into other pages."""
    router = APIRouter(include_in_schema=False)
    ancestors = " ".join(("'self'", *allowed_origins))
    headers = {
        "Content-Security-Policy": "default-src 'none'; script-src 'self'; "
        "style-src 'self'; connect-src 'self'; img-src 'self' data:; "
        f"base-uri 'none'; form-action 'none'; frame-ancestors {ancestors}",
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "no-referrer",
    }

    @router.get("/", response_class=HTMLResponse)
    async def page() -> HTMLResponse:
        words = PAGES.get_template("chat.html").render(organisation=organisation)
        return HTMLResponse(words, headers=headers)

    @router.get("/widget.js")
    async def widget() -> FileResponse:
        return FileResponse(
            STATIC / "widget.js",
            media_type="text/javascript",
            headers={
                "Cache-Control": "public, max-age=300",
                "Cross-Origin-Resource-Policy": "cross-origin",
                "X-Content-Type-Options": "nosniff",
            },
        )

    return router
