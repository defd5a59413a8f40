"""Fetches pages as a polite visitor: robots.txt, pauses, small files, short waits."""

from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus
from time import monotonic, sleep
from types import TracebackType
from typing import Self
from urllib.parse import urlsplit

import httpcore
import httpx
from protego import Protego

from bot.errors import BotError, OutsideError
from bot.outside import PinnedBackend, PinnedTransport
from ingest.web.deadline import Deadline, TimedBackend

AGENT = "enquiry-assistant"
LARGEST = 5 * 1024 * 1024
LARGEST_ROBOTS = 500 * 1024
MOST_REDIRECTS = 5
LONGEST_SECONDS = 60.0
LONGEST_PAUSE = 30.0
TIMEOUT = httpx.Timeout(15.0)


class FetchError(BotError):
    """A page cannot be had; the text says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Validators:
    """What a server said about a version of a page, to ask for a newer one only."""

    etag: str | None = None
    last_modified: str | None = None

    def headers(self) -> dict[str, str]:
        """The conditions of a request."""
        named = {"If-None-Match": self.etag, "If-Modified-Since": self.last_modified}
        return {name: value for name, value in named.items() if value}


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """A page as it came; ``content`` is None if it has not changed."""

    url: str
    content: bytes | None
    kind: str = ""
    charset: str | None = None
    validators: Validators = Validators()


class Fetcher:
    """A visitor who remembers what each site allows, and when it was last asked."""

    def __init__(
        self,
        backend: PinnedBackend | None = None,
        *,
        delay: float = 1.0,
        clock: Callable[[], float] = monotonic,
        pause: Callable[[float], None] = sleep,
    ) -> None:
        self._deadline = Deadline(clock)
        self._client = httpx.Client(
            transport=PinnedTransport(
                TimedBackend(backend or PinnedBackend(), self._deadline)
            ),
            headers={"User-Agent": AGENT, "Accept-Encoding": "gzip"},
            timeout=TIMEOUT,
            follow_redirects=False,
            trust_env=False,
        )
        self._delay = delay
        self._clock = clock
        self._pause = pause
        self._robots: dict[str, Protego | None] = {}
        self._asked: dict[str, float] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._client.close()

    def get(self, url: str, validators: Validators = Validators()) -> Fetched:
        """A page, or that it is the one we know.

        Raises:
            FetchError: it cannot be had, or must not be.
        """
        self._deadline.start(seconds=LONGEST_SECONDS)
        for _ in range(MOST_REDIRECTS + 1):
            _require_web_address(url)
            self._require_allowed(url)
            found = self._once(url, validators.headers(), most=LARGEST)
            if isinstance(found, Fetched):
                return found
            url = found
        raise FetchError(f"more than {MOST_REDIRECTS} redirects")

    def _once(self, url: str, headers: dict[str, str], *, most: int) -> Fetched | str:
        """The page, or the address that it redirects to."""
        self._wait(url)
        try:
            with self._client.stream("GET", url, headers=headers) as response:
                if response.next_request is not None:
                    return str(response.next_request.url)
                if response.status_code == HTTPStatus.NOT_MODIFIED:
                    return Fetched(url=url, content=None)
                if response.status_code != HTTPStatus.OK:
                    raise FetchStatusError(response.status_code)
                return _page(url, response, most=most)
        except OutsideError as error:
            raise FetchError(str(error)) from error
        except (httpcore.TimeoutException, httpx.TimeoutException) as error:
            limit = f"the limit of a whole fetch is {LONGEST_SECONDS:.0f} seconds"
            raise FetchError(f"the site is too slow; {limit}") from error
        except (
            *(httpcore.NetworkError, httpcore.ProtocolError),
            *(httpcore.UnsupportedProtocol, httpx.HTTPError, httpx.InvalidURL),
        ) as error:
            raise FetchError(
                f"the site does not speak HTTP as it should: {error}"
            ) from error

    def _require_allowed(self, url: str) -> None:
        rules = self._rules(_site(url))
        if rules is not None and not rules.can_fetch(url, AGENT):
            raise FetchError("the site's robots.txt does not allow it")

    def _rules(self, site: str) -> Protego | None:
        if site not in self._robots:
            self._robots[site] = self._fetch_rules(site)
        return self._robots[site]

    def _fetch_rules(self, site: str) -> Protego | None:
        """RFC 9309: a site that has no rules allows all, one that fails allows none."""
        url = f"{site}/robots.txt"
        for _ in range(MOST_REDIRECTS + 1):
            try:
                found = self._once(url, {}, most=LARGEST_ROBOTS)
            except FetchStatusError as error:
                if error.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
                    raise FetchError(f"the site's robots.txt fails: {error}") from error
                return None
            if isinstance(found, Fetched):
                return Protego.parse((found.content or b"").decode("utf-8", "replace"))
            _require_web_address(found)
            url = found
        return None

    def _wait(self, url: str) -> None:
        """One request a site at a time, with a pause that the site may ask for."""
        site = _site(url)
        rules = self._robots.get(site)
        wished = float((rules and rules.crawl_delay(AGENT)) or 0)
        pause = max(self._delay, min(wished, LONGEST_PAUSE))
        if site in self._asked:
            rest = self._asked[site] + pause - self._clock()
            if rest > 0:
                self._pause(rest)
                self._deadline.put_off(rest)
        self._asked[site] = self._clock()


class FetchStatusError(FetchError):
    """The server answered with something else than a page."""

    def __init__(self, status: int) -> None:
        super().__init__(f"the site answers with status {status}")
        self.status = status


def _page(url: str, response: httpx.Response, *, most: int) -> Fetched:
    content = bytearray()
    for part in response.iter_bytes():
        content += part
        if len(content) > most:
            raise FetchError(f"larger than {most // 1024} KB")
    return Fetched(
        url=url,
        content=bytes(content),
        kind=response.headers.get("Content-Type", "").partition(";")[0].strip(),
        charset=response.charset_encoding,
        validators=Validators(
            etag=response.headers.get("ETag"),
            last_modified=response.headers.get("Last-Modified"),
        ),
    )


def _require_web_address(url: str) -> None:
    try:
        parts = urlsplit(url)
        named = bool(parts.hostname)
    except ValueError as error:
        raise FetchError(f"{url} is no web address: {error}") from error
    if not named or parts.scheme not in {"http", "https"}:
        raise FetchError(f"{url} is no web address; write https://…")
    if parts.username or parts.password:
        raise FetchError("an address with a password is not fetched")


def _site(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"
