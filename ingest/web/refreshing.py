"""Brings the documents that came from the web up to date with their pages."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from html import unescape
from pathlib import Path
from urllib.parse import urlsplit

from bot.config import Settings
from ingest.web.fetching import Fetched, Fetcher, FetchError, Validators
from ingest.web.pages import decoded, page_document, page_path, verified_on
from ingest.web.sources import EARLY, Sitemap, Source, add_page, read_sources
from ingest.web.visits import Visit, read_visits, write_visits

LOCATION = re.compile(
    r"<loc>\s*(?:<!\[CDATA\[)?\s*([^<\]\s]{1,2000})\s*(?:\]\]>)?\s*</loc>"
)
MOST_SITEMAPS = 50
NOTHING_KNOWN = "the site says that nothing changed, but nothing is known"
RETRIED_AFTER = timedelta(days=1) - EARLY
# An unchanged page gets a new date only now and then: each one is a new index.
DATED_ANEW_AFTER = timedelta(days=30)


@dataclass(slots=True, kw_only=True)
class Refreshed:
    """What a round did, as addresses; ``failed`` says why."""

    written: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)
    failed: dict[str, str] = field(default_factory=dict)


class Refresher:
    """One round over the sources; remembers each visit as soon as it is over."""

    def __init__(
        self, settings: Settings, fetcher: Fetcher, clock: Callable[[], datetime]
    ) -> None:
        self._settings = settings
        self._fetcher = fetcher
        self._clock = clock
        self._visits = read_visits(settings.data_dir)
        self._own = set[str]()
        self._done = Refreshed()

    def run(self, *, everything: bool = False) -> Refreshed:
        """Fetch what is due, and remove what no source names any more.

        Raises:
            DocumentError: ``sources.yaml`` is broken.
        """
        sources = read_sources(self._settings.knowledge_dir)
        self._own = {page.url for page in sources.pages}
        for page in sources.pages:
            if everything or self._is_due(page):
                self._visit(page, page.url)
        wanted = set(self._own)
        for sitemap in sources.sitemaps:
            wanted.add(sitemap.url)
            wanted.update(self._site(sitemap, everything=everything))
        self._forget(wanted)
        return self._done

    def add(self, url: str) -> Refreshed:
        """Fetch a page, and keep it among the sources if it can be had."""
        self._visit(Source(url=url), url)
        if url not in self._done.failed:
            add_page(self._settings.knowledge_dir, url)
        return self._done

    def _is_due(self, source: Source, url: str = "") -> bool:
        """Whether to visit a source, or a page that it lists.

        What failed is tried again the next night, and what the sources say of a page is
        taken over as soon as it is another.
        """
        before = self._visits.get(url or source.url)
        if before is None:
            return True
        passed = self._clock() - before.visited_at
        if before.problem:
            return passed >= RETRIED_AFTER
        return passed >= source.interval or before.about != source.about

    def _site(self, sitemap: Sitemap, *, everything: bool) -> list[str]:
        """The pages that a sitemap lists, visited if they are due."""
        known = [u for u, v in self._visits.items() if v.listed_by == sitemap.url]
        if not everything and not self._is_due(sitemap):
            for url in known:
                if self._visits[url].problem and self._is_due(sitemap, url):
                    self._visit(sitemap, url)
            return known
        visit = Visit(visited_at=self._clock(), about=sitemap.about)
        try:
            listed = self._listed(sitemap)
        except FetchError as error:
            problem = str(error)
            self._remember(sitemap.url, replace(visit, problem=problem))
            return known
        self._remember(sitemap.url, visit)
        for url in listed:
            if url not in self._own:
                self._visit(sitemap, url)
        return listed

    def _listed(self, sitemap: Sitemap) -> list[str]:
        """Pages on the sitemap's own site, also from the sitemaps that it lists."""
        host = urlsplit(sitemap.url).netloc
        waiting, seen, found = [sitemap.url], {sitemap.url}, dict[str, None]()
        while waiting and len(seen) <= MOST_SITEMAPS:
            text = decoded(self._fetcher.get(waiting.pop(0)))
            locations = [unescape(part) for part in LOCATION.findall(text)]
            own = [url for url in locations if _host(url) == host]
            if "<sitemapindex" in text:
                waiting += [url for url in own if url not in seen]
                seen.update(own)
            else:
                found |= dict.fromkeys(url for url in own if sitemap.only in url)
        if not found:
            raise FetchError("the sitemap lists no page")
        return list(found)[: sitemap.most]

    def _visit(self, source: Source, url: str) -> None:
        visit = self._visited(source, url)
        target = self._settings.knowledge_dir / page_path(url)
        # Other front matter needs the whole page once more.
        same = target.is_file() and visit.about == source.about
        known = visit.validators if same else Validators()
        try:
            page = self._fetcher.get(url, known)
            if page.content is None and not known.headers():
                raise FetchError(NOTHING_KNOWN)  # noqa: TRY301  as if it were fetched
            self._write(url, target, page, source)
        except FetchError as error:
            self._remember(url, replace(visit, problem=str(error)))
            return
        fresh = known if page.content is None else page.validators
        done = replace(visit, path=page_path(url), about=source.about)
        self._remember(
            url, replace(done, etag=fresh.etag, last_modified=fresh.last_modified)
        )

    def _visited(self, source: Source, url: str) -> Visit:
        """A visit now, with what is known from the one before."""
        now = self._clock()
        before = self._visits.get(url, Visit(visited_at=now))
        listed_by = source.url if isinstance(source, Sitemap) else None
        return replace(before, visited_at=now, listed_by=listed_by, problem=None)

    def _write(self, url: str, target: Path, page: Fetched, source: Source) -> None:
        today = self._clock().date()
        before = target.read_text("utf-8") if target.is_file() else ""
        if page.content is None:
            text = verified_on(before, today)
        else:
            text = page_document(page, about=source.about, today=today)
        if before and verified_on(before, today) == text:
            self._done.unchanged.append(url)
            if not _dated_before(before, today - DATED_ANEW_AFTER):
                return
        else:
            self._done.written.append(url)
        target.parent.mkdir(parents=True, exist_ok=True)
        draft = target.with_name(f".{target.name}.new")
        draft.write_text(text, "utf-8")
        draft.replace(target)

    def _remember(self, url: str, visit: Visit) -> None:
        self._visits[url] = visit
        if visit.problem:
            self._done.failed[url] = visit.problem
        write_visits(self._settings.data_dir, self._visits)

    def _forget(self, wanted: set[str]) -> None:
        for url in [url for url in self._visits if url not in wanted]:
            path = self._visits.pop(url).path
            if path:
                (self._settings.knowledge_dir / path).unlink(missing_ok=True)
                self._done.removed.append(url)
        write_visits(self._settings.data_dir, self._visits)


def problems(data_dir: Path) -> Iterator[tuple[str, str]]:
    """Pages that could not be had at the last visit, and why."""
    for url, visit in read_visits(data_dir).items():
        if visit.problem:
            yield url, visit.problem


def _host(url: str) -> str | None:
    try:
        return urlsplit(url).netloc
    except ValueError:
        return None


def _dated_before(document: str, day: date) -> bool:
    found = re.search(r"^last_verified: (\S+)$", document, re.MULTILINE)
    try:
        return found is None or date.fromisoformat(found[1].strip("'")) <= day
    except ValueError:
        return True
