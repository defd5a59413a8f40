"""Files and pages that have come in, and wait for somebody to have read them."""

import json
import secrets
import time
from collections.abc import Callable
from pathlib import Path

from bot.clock import Clock
from bot.config import Settings
from bot.errors import DocumentError, NotFoundError
from bot.publishing import Arrival
from bot.whole_file import write_whole
from ingest.files import LARGEST_FOREIGN
from ingest.nightly import fetcher_for
from ingest.publishing.places import content_of, place_of
from ingest.publishing.versions import version_of
from ingest.web.fetching import FetchError
from ingest.web.pages import page_document, page_path

FOLDER = "arrivals"
KEPT_SECONDS = 24 * 3600.0
MOST_WAITING = 20


class Arrivals:
    """What waits, beside the other data; a day later it is gone."""

    def __init__(
        self, settings: Settings, *, seconds: Callable[[], float] = time.time
    ) -> None:
        self._settings = settings
        self._folder = settings.data_dir / FOLDER
        self._seconds = seconds

    def keep(self, path: str, content: bytes, *, url: str | None = None) -> Arrival:
        """Keep something under a name that nobody guesses.

        Raises:
            DocumentError: it is too large, or cannot be there.
        """
        place = place_of(self._settings.knowledge_dir, path)
        if len(content) > LARGEST_FOREIGN:
            raise DocumentError(f"{path}: is too large; split it")
        self._tidy()
        token = secrets.token_urlsafe(16)
        about = {"path": path, "url": url}
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            write_whole(self._folder / token, content)
            write_whole(self._about(token), json.dumps(about).encode())
        except OSError as error:
            raise DocumentError(f"{path}: cannot be kept: {error.strerror}") from error
        seen = _version_at(place, path)
        return Arrival(token=token, path=path, content=content, url=url, seen=seen)

    def fetch(self, url: str, *, clock: Clock) -> Arrival:
        """Fetch a page as ``add-url`` does, and keep it as the document it would be.

        Raises:
            FetchError: it cannot be had, or must not be.
        """
        with fetcher_for(self._settings) as fetcher:
            page = fetcher.get(url)
        text = page_document(page, about={}, today=clock().date())
        try:
            path = page_path(url)
        except ValueError as error:
            raise FetchError("that is no address of a page") from error
        return self.keep(path, text.encode(), url=url)

    def of(self, token: str) -> Arrival:
        """What waits under a name.

        Raises:
            NotFoundError: nothing does, or not any more.
        """
        known = token.replace("-", "").replace("_", "").isalnum() and token.isascii()
        gone = NotFoundError("that has waited too long; choose it again")
        if not known:
            raise gone
        try:
            about = json.loads(self._about(token).read_bytes())
            content = (self._folder / token).read_bytes()
        except (OSError, ValueError) as error:
            raise gone from error
        path = about["path"]
        seen = _version_at(place_of(self._settings.knowledge_dir, path), path)
        return Arrival(
            token=token, path=path, content=content, url=about["url"], seen=seen
        )

    def drop(self, token: str) -> None:
        """Forget what has waited."""
        for path in (self._folder / token, self._about(token)):
            path.unlink(missing_ok=True)

    def _about(self, token: str) -> Path:
        return self._folder / f"{token}.json"

    def _tidy(self) -> None:
        """Forget what is a day old, and the oldest of too many."""
        waiting = sorted(
            self._folder.glob("*.json"), key=lambda path: path.stat().st_mtime
        )
        now = self._seconds()
        for number, path in enumerate(waiting):
            too_many = len(waiting) - number >= MOST_WAITING
            if too_many or now - path.stat().st_mtime > KEPT_SECONDS:
                self.drop(path.stem)


def _version_at(place: Path, path: str) -> str | None:
    content = content_of(place, path)
    return None if content is None else version_of(content)
