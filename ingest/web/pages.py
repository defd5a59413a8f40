"""The main text of a fetched page as a Markdown document with front matter."""

import re
from collections.abc import Mapping
from contextlib import suppress
from datetime import date
from hashlib import blake2b
from urllib.parse import unquote, urlsplit

import yaml
from trafilatura import extract_metadata

from ingest.files import FETCHED as FOLDER
from ingest.formats import charset
from ingest.formats.contents import UnreadableError
from ingest.formats.web_page import read_page
from ingest.web.fetching import Fetched, FetchError

HTML = {"text/html", "application/xhtml+xml", ""}
TEXTS = {"text/plain", "text/markdown"}
LONGEST_TITLE = 200
LONGEST_SLUG = 60
VERIFIED = re.compile(r"^last_verified: .*$", re.MULTILINE)


def page_path(url: str) -> str:
    """Where a page is kept, below ``knowledge/``; the same for the same address."""
    parts = urlsplit(url)
    words = re.findall(r"[^\W_]+", unquote(parts.path).casefold())
    slug = "-".join(words)[-LONGEST_SLUG:].strip("-") or "index"
    digest = blake2b(url.encode(), digest_size=4).hexdigest()
    host = re.sub(r"[^\w.-]", "-", parts.hostname or "")
    return f"{FOLDER}/{host}/{slug}-{digest}.md"


def page_document(page: Fetched, *, about: Mapping[str, object], today: date) -> str:
    """The document of a page; ``about`` is front matter that its editor chose.

    Raises:
        FetchError: there is no text in it.
    """
    text = decoded(page)
    if page.kind in HTML:
        title, body = _main_text(text, page.url)
    elif page.kind in TEXTS:
        title, body = None, text.strip()
    else:
        raise FetchError(f"{page.kind} is not a kind of page that is read")
    if not body:
        raise FetchError("there is no text in it")
    front = {
        "title": " ".join((title or page.url).split())[:LONGEST_TITLE],
        "kind": "guidance",
        "source": page.url,
        "last_verified": today,
        **about,
    }
    written = yaml.safe_dump(front, allow_unicode=True, sort_keys=False, width=1000)
    return f"---\n{written}---\n{body}\n"


def verified_on(document: str, today: date) -> str:
    """The same document, found unchanged on a day."""
    return VERIFIED.sub(f"last_verified: {today}", document, count=1)


def decoded(page: Fetched) -> str:
    """The text of a page; what the server says of its charset may be wrong.

    Raises:
        FetchError: it is no text.
    """
    content = page.content or b""
    with suppress(UnicodeError, LookupError):
        if page.charset:
            text = content.decode(page.charset).removeprefix("\ufeff")
            content = text.encode("utf-8-sig")
    try:
        return charset.decoded(content)
    except UnreadableError as error:
        raise FetchError(str(error)) from error


def _main_text(html: str, url: str) -> tuple[str | None, str]:
    body = "".join(page.text for page in read_page(html).pages)
    return extract_metadata(html, default_url=url).title, body
