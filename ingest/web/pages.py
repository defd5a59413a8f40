"""The main text of a fetched page as a Markdown document with front matter."""

import re
from collections.abc import Mapping
from datetime import date
from hashlib import blake2b
from urllib.parse import unquote, urlsplit

import trafilatura
import yaml
from trafilatura.utils import decode_file

from ingest.web.fetching import Fetched, FetchError

FOLDER = "web"
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
        raise FetchError("there is no main text in it")
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
    """The text of a page; what the server says of its charset may be wrong."""
    content = page.content or b""
    for charset in (page.charset, "utf-8"):
        try:
            return content.decode(charset or "utf-8").replace("\0", "\ufffd")
        except (UnicodeDecodeError, LookupError):
            continue
    return str(decode_file(content)).replace("\0", "\ufffd")


def _main_text(html: str, url: str) -> tuple[str | None, str]:
    found = trafilatura.extract(
        html,
        url=url,
        output_format="markdown",
        include_tables=True,
        include_links=False,
    )
    about = trafilatura.extract_metadata(html, default_url=url)
    return about.title, (found or "").strip()
