"""Pages are fetched politely, or refused with a reason; never endlessly."""

import asyncio
import gzip
import socket
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import count

import httpx
import pytest
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response

from bot.outside import PinnedBackend
from ingest.web import fetching
from ingest.web.fetching import AGENT, Fetched, Fetcher, FetchError, Validators
from ingest.web.pages import decoded
from tests.support.patience import PATIENCE_SECONDS
from tests.support.servers import served
from tests.support.website import Website, endless, silent_after


@dataclass
class Visitor:
    """A fetcher, with the pauses that it made."""

    address: str
    site: Website
    loopback_allowed: bool = True
    pauses: list[float] = field(default_factory=list)
    ticks: Iterator[float] | None = None

    def __post_init__(self) -> None:
        self.fetcher = Fetcher(
            PinnedBackend(loopback_allowed=self.loopback_allowed),
            delay=2.0,
            clock=lambda: next(self.ticks) if self.ticks else 0.0,
            pause=self.pauses.append,
        )

    async def get(self, path: str, validators: Validators | None = None) -> Fetched:
        url = path if "://" in path else self.address + path
        return await asyncio.to_thread(
            self.fetcher.get, url, validators or Validators()
        )


@pytest.fixture
async def visitor() -> AsyncIterator[Visitor]:
    site = Website()
    async with served(site) as address:
        found = Visitor(address, site)
        with found.fetcher:
            yield found


async def test_a_page_comes_with_its_kind_and_version(visitor: Visitor) -> None:
    visitor.site.pages["/a"] = Response(
        "<p>Hi</p>", media_type="text/html", headers={"ETag": '"1"'}
    )
    page = await visitor.get("/a")
    assert page == Fetched(
        url=f"{visitor.address}/a",
        content=b"<p>Hi</p>",
        kind="text/html",
        charset="utf-8",
        validators=Validators(etag='"1"'),
    )
    assert visitor.site.headers[-1]["user-agent"] == AGENT


async def test_a_known_version_is_not_sent_again(visitor: Visitor) -> None:
    def conditional(request: Request) -> Response:
        same = request.headers.get("if-none-match") == '"1"'
        since = request.headers.get("if-modified-since") == "Mon, 02 Nov 2026 10:00 GMT"
        return Response(status_code=304) if same and since else Response("new")

    visitor.site.pages["/a"] = conditional
    known = Validators(etag='"1"', last_modified="Mon, 02 Nov 2026 10:00 GMT")
    assert (await visitor.get("/a", known)).content is None
    assert (await visitor.get("/a")).content == b"new"


async def test_redirects_are_followed_to_the_page(visitor: Visitor) -> None:
    visitor.site.pages["/a"] = RedirectResponse("/b", 301)
    visitor.site.pages["/b"] = RedirectResponse(f"{visitor.address}/c")
    visitor.site.pages["/c"] = "<p>There</p>"
    page = await visitor.get("/a")
    assert (page.url, page.content) == (f"{visitor.address}/c", b"<p>There</p>")


@pytest.mark.parametrize(
    ("target", "problem"),
    [
        ("/a", "more than 5 redirects"),
        ("http://10.0.0.1/", r"10\.0\.0\.1 leads to the internal address"),
        ("http://169.254.169.254/latest/meta-data", "internal address"),
        ("http://[::ffff:10.0.0.1]/", "internal address"),
        ("file:///etc/passwd", "is no web address"),
        ("http://user:word@127.0.0.1/", "with a password is not fetched"),
        ("http://no-such-host.invalid/", "is not known"),
    ],
)
async def test_a_redirect_that_leads_astray_is_refused(
    target: str, problem: str, visitor: Visitor
) -> None:
    visitor.site.pages["/a"] = RedirectResponse(target)
    with pytest.raises(FetchError, match=problem):
        await visitor.get("/a")


async def test_loopback_is_an_internal_address_unless_a_setting_allows_it() -> None:
    site = Website({"/": "<p>secret</p>"})
    async with served(site) as address:
        stranger = Visitor(address, site, loopback_allowed=False)
        with stranger.fetcher, pytest.raises(FetchError, match="internal address"):
            await stranger.get("/")
    assert site.asked == []


@pytest.mark.parametrize(
    "url",
    ["ftp://example.org/", "example.org", "https://", "http://[::1/", "javascript:a"],
)
async def test_what_is_no_web_address_is_refused(url: str) -> None:
    with Fetcher() as fetcher, pytest.raises(FetchError, match="no web address"):
        fetcher.get(url)


@pytest.mark.parametrize("status", [404, 410, 403, 500, 503, 204])
async def test_anything_but_a_page_is_said_with_its_status(
    status: int, visitor: Visitor
) -> None:
    visitor.site.pages["/a"] = Response(status_code=status)
    with pytest.raises(FetchError, match=f"status {status}"):
        await visitor.get("/a")


async def test_a_page_without_an_end_is_cut_off(visitor: Visitor) -> None:
    visitor.site.pages["/a"] = endless
    with pytest.raises(FetchError, match="larger than 5120 KB"):
        await visitor.get("/a")


async def test_a_small_file_that_unpacks_to_a_large_one_is_cut_off(
    visitor: Visitor,
) -> None:
    visitor.site.pages["/a"] = Response(
        gzip.compress(b"\0" * 50_000_000), headers={"Content-Encoding": "gzip"}
    )
    with pytest.raises(FetchError, match="larger than 5120 KB"):
        await visitor.get("/a")


async def test_a_page_that_comes_too_slowly_is_given_up(visitor: Visitor) -> None:
    visitor.site.pages["/a"] = endless
    visitor.site.pages["/robots.txt"] = PlainTextResponse("")
    visitor.ticks = (float(number * 20) for number in count())
    with pytest.raises(FetchError, match="limit of a whole fetch is 60 seconds"):
        await visitor.get("/a")


@pytest.mark.parametrize("before", [b"", b"HTTP/1.1 200 OK\r\nX-Long: "])
def test_a_site_that_sends_a_letter_now_and_then_is_given_up(before: bytes) -> None:
    due = threading.Semaphore(0)

    def clock() -> Iterator[float]:
        for step in count():
            due.release()  # the site's next letter
            yield step * 5.0

    with socket.create_server(("127.0.0.1", 0)) as listener:

        def drip() -> None:
            connection, _ = listener.accept()
            with connection, suppress(OSError):
                connection.recv(4096)
                connection.sendall(before)
                while due.acquire(timeout=PATIENCE_SECONDS):
                    connection.sendall(b"H")

        thread = threading.Thread(target=drip)
        thread.start()
        ticks = clock()
        fetcher = Fetcher(
            PinnedBackend(loopback_allowed=True), clock=lambda: next(ticks)
        )
        address = f"http://127.0.0.1:{listener.getsockname()[1]}/"
        with fetcher, pytest.raises(FetchError, match="the limit of a whole fetch"):
            fetcher.get(address)
        for _ in range(3):
            due.release()
        thread.join()


async def test_redirects_and_robots_have_one_deadline_together(
    visitor: Visitor,
) -> None:
    visitor.site.pages |= {
        "/robots.txt": PlainTextResponse(""),
        **{f"/{n}": RedirectResponse(f"/{n + 1}") for n in range(4)},
        "/4": "<p>There</p>",
    }
    visitor.ticks = (float(number) for number in count(step=6))
    with pytest.raises(FetchError, match="the limit of a whole fetch"):
        await visitor.get("/0")


async def test_a_site_that_falls_silent_is_given_up(
    visitor: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    visitor.site.pages["/a"] = silent_after(b"<p>One moment")
    visitor.fetcher._client.timeout = httpx.Timeout(0.2)
    with pytest.raises(FetchError, match="too slow"):
        await visitor.get("/a")


def test_a_site_that_speaks_nonsense_is_said_so() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def talk() -> None:
            connection, _ = listener.accept()
            with connection:
                connection.recv(4096)
                connection.sendall(b"nonsense\r\n\r\n")

        thread = threading.Thread(target=talk)
        thread.start()
        backend = PinnedBackend(loopback_allowed=True)
        address = f"http://127.0.0.1:{listener.getsockname()[1]}/"
        with Fetcher(backend) as fetcher, pytest.raises(FetchError, match="HTTP as it"):
            fetcher.get(address)
        thread.join()


async def test_robots_are_asked_once_and_obeyed(visitor: Visitor) -> None:
    visitor.site.pages |= {
        "/robots.txt": PlainTextResponse(
            f"User-agent: {AGENT}\nDisallow: /private*\n\nUser-agent: *\nDisallow: /"
        ),
        "/a": "<p>Open</p>",
        "/private/b": "<p>Closed</p>",
        "/c": RedirectResponse("/private/b"),
    }
    assert (await visitor.get("/a")).content == b"<p>Open</p>"
    for path in ("/private/b", "/c"):
        with pytest.raises(FetchError, match=r"robots\.txt does not allow"):
            await visitor.get(path)
    assert visitor.site.visits("/robots.txt") == 1
    assert visitor.site.visits("/private/b") == 0


async def test_robots_that_fail_allow_nothing(visitor: Visitor) -> None:
    visitor.site.pages["/robots.txt"] = Response(status_code=503)
    with pytest.raises(FetchError, match=r"robots\.txt fails"):
        await visitor.get("/a")
    assert visitor.site.visits("/a") == 0


async def test_robots_may_be_somewhere_else_or_in_circles(visitor: Visitor) -> None:
    visitor.site.pages |= {
        "/robots.txt": RedirectResponse("/robots"),
        "/robots": PlainTextResponse("User-agent: *\nDisallow: /a"),
    }
    with pytest.raises(FetchError, match="does not allow"):
        await visitor.get("/a")
    visitor.site.pages |= {"/robots.txt": RedirectResponse("/robots.txt"), "/a": "x"}
    with Visitor(visitor.address, visitor.site).fetcher as fetcher:
        page = await asyncio.to_thread(fetcher.get, f"{visitor.address}/a")
    assert page.content == b"x"


async def test_a_site_is_not_hurried(visitor: Visitor) -> None:
    visitor.site.pages["/a"] = "<p>Hi</p>"
    await visitor.get("/a")
    await visitor.get("/a")
    assert visitor.pauses == [2.0, 2.0]


@pytest.mark.parametrize(("wish", "pause"), [("7", 7.0), ("1", 2.0), ("9999", 30.0)])
async def test_a_site_may_ask_for_longer_pauses(
    wish: str, pause: float, visitor: Visitor
) -> None:
    rules = f"User-agent: *\nCrawl-delay: {wish}"
    visitor.site.pages |= {"/robots.txt": PlainTextResponse(rules), "/a": "<p>Hi</p>"}
    await visitor.get("/a")
    assert visitor.pauses == [pause]


@pytest.mark.parametrize(
    ("content", "charset", "text"),
    [
        ("Zürich".encode(), "utf-8", "Zürich"),
        ("Zürich".encode("latin-1"), "latin-1", "Zürich"),
        ("Zürich".encode(), "ascii", "Zürich"),
        ("Zürich".encode(), "no-such-charset", "Zürich"),
        ("Zürich".encode(), None, "Zürich"),
        (b"\xef\xbb\xbfZ\xc3\xbcrich", "utf-8", "Zürich"),
        (b'<meta charset="windows-1252">\x80', None, '<meta charset="windows-1252">€'),
        (b"word " * 100 + b"\0", None, "word " * 100 + "\ufffd"),
        (b"word " * 100 + b"\0", "utf-8", "word " * 100 + "\ufffd"),
        (b"+2AA-", "utf-7", "+2AA-"),  # half a character
    ],
)
def test_a_wrong_charset_is_found_out(
    content: bytes, charset: str | None, text: str
) -> None:
    page = Fetched(url="https://example.org", content=content, charset=charset)
    assert decoded(page) == text


def test_neither_utf8_nor_what_the_server_says_is_guessed() -> None:
    text = "Die Universität prüft Ihre Unterlagen. Größere Gebühren für Züge. " * 5
    page = Fetched(url="u", content=text.encode("latin-1"), charset="utf-8")
    assert "Universität prüft" in decoded(page)


def test_limits_are_what_the_documents_say() -> None:
    assert (fetching.LARGEST, fetching.MOST_REDIRECTS) == (5 * 1024**2, 5)
