"""Publishes a changed document: file and index change together, or neither does."""

import asyncio
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from functools import partial
from time import monotonic, sleep

from bot.answering.encoding.encoder import Encoder
from bot.answering.store.store import open_store
from bot.clock import Clock, utc_now
from bot.config import Settings
from bot.errors import (
    BotError,
    ChangedMeanwhileError,
    DocumentError,
    NotFoundError,
    SyncUnderwayError,
)
from bot.publishing import Arrival, Composer, Deed, Kept, Published, Trial, Written
from ingest.catalogue_marks import without_mark
from ingest.files import FETCHED, SIDECAR
from ingest.outcomes import FileStatus, SyncReport
from ingest.publishing.arrivals import Arrivals
from ingest.publishing.places import content_of, is_catalogue, place_of, put
from ingest.publishing.texts import Texts
from ingest.publishing.trial import tried
from ingest.publishing.versions import Versions, version_of
from ingest.sync import sync_with
from ingest.web.sources import NAME as SOURCES
from ingest.web.sources import with_page

# So long another sync, as that of the night, is waited for.
PATIENCE_SECONDS = 60.0
LOOK_EVERY_SECONDS = 0.2


class KnowledgePublisher:
    """The folder of documents, as ``bot.publishing.Publisher`` describes it.

    ``told`` is called when another generation is in use. Everything runs in threads:
    a sync takes a second or two, in which the server goes on.
    """

    def __init__(
        self,
        settings: Settings,
        *,
        encoder: Encoder | None = None,
        clock: Clock = utc_now,
        told: Callable[[], object] = lambda: None,
        pause: Callable[[float], object] = sleep,
    ) -> None:
        self.texts: Composer = Texts()
        self._settings = settings
        self._folder = settings.knowledge_dir
        self._versions = Versions(settings.data_dir)
        self._arrivals = Arrivals(settings)
        self._encoder = encoder or Encoder(settings.embedding_model)
        self._clock = clock
        self._told = told
        self._pause = pause

    async def read(self, path: str) -> Written:
        """A document as it is now."""
        return await asyncio.to_thread(self._read, path)

    async def tried(self, path: str, content: bytes) -> Trial:
        """What the content would be there."""
        return await asyncio.to_thread(self._tried, path, content)

    async def publish(
        self, path: str, content: bytes, *, seen: str | None, by: str
    ) -> Published:
        """Put the content into the folder and at once into answers."""
        _require_own(path)
        deed = Deed.ADDED if seen is None else Deed.EDITED
        return await asyncio.to_thread(
            self._publish, path, content, seen=seen, by=by, deed=deed
        )

    async def remove(self, path: str, *, seen: str, by: str) -> Published:
        """Take a document out of the folder and of answers."""
        _require_own(path)
        return await asyncio.to_thread(
            self._publish, path, None, seen=seen, by=by, deed=Deed.REMOVED
        )

    async def history(self, path: str) -> Sequence[Kept]:
        """The versions that are kept, newest first."""
        place_of(self._folder, path)
        return await asyncio.to_thread(self._versions.all, path)

    async def kept(self, path: str, number: int) -> Written:
        """A version that is kept."""
        place_of(self._folder, path)
        content = await asyncio.to_thread(self._versions.content, path, number)
        return Written(path=path, content=content, version=version_of(content))

    async def restore(
        self, path: str, number: int, *, seen: str | None, by: str
    ) -> Published:
        """Publish a kept version again."""
        _require_own(path)
        content = (await self.kept(path, number)).content
        return await asyncio.to_thread(
            self._publish, path, content, seen=seen, by=by, deed=Deed.RESTORED
        )

    async def arrived(self, path: str, content: bytes) -> Arrival:
        """Keep a file for a day, until somebody has read it."""
        _require_own(path)
        return await asyncio.to_thread(self._arrivals.keep, path, content)

    async def fetched(self, url: str) -> Arrival:
        """Fetch a page as the document that it would be."""
        return await asyncio.to_thread(self._arrivals.fetch, url, clock=self._clock)

    async def arrival(self, token: str) -> Arrival:
        """What waits under that name."""
        return await asyncio.to_thread(self._arrivals.of, token)

    async def publish_arrival(
        self, token: str, *, seen: str | None, by: str
    ) -> Published:
        """Publish what waits; a page is fetched again from then on."""
        return await asyncio.to_thread(self._publish_arrival, token, seen=seen, by=by)

    async def approve(
        self, path: str, *, document: str, heading: str, seen: str, by: str
    ) -> Published:
        """Take the mark of a draft from what a catalogue has for a section."""
        content = (await self.read(path)).content
        used = without_mark(path, content, document=document, heading=heading)
        return await self.publish(path, used, seen=seen, by=by)

    def _publish_arrival(self, token: str, *, seen: str | None, by: str) -> Published:
        found = self._arrivals.of(token)
        deed = Deed.ADDED if seen is None else Deed.EDITED
        done = self._publish(
            found.path, found.content, seen=seen, by=by, deed=deed, url=found.url
        )
        self._arrivals.drop(token)
        return done

    def _read(self, path: str) -> Written:
        content = content_of(place_of(self._folder, path), path)
        if content is None:
            raise NotFoundError(f"there is no document {path}")
        return Written(path=path, content=content, version=version_of(content))

    def _tried(self, path: str, content: bytes) -> Trial:
        place_of(self._folder, path)
        today = self._clock().date()
        return tried(self._folder, path, content, today=today)

    def _publish(
        self,
        path: str,
        content: bytes | None,
        *,
        seen: str | None,
        by: str,
        deed: Deed,
        url: str | None = None,
    ) -> Published:
        place = place_of(self._folder, path)
        if content is not None:
            self._tried(path, content)
        with self._writing() as synced:
            before = content_of(place, path)
            _require_seen(path, before, seen=seen, yours=content or b"")
            sources = self._folder / SOURCES
            listed = content_of(sources, SOURCES)
            listing = with_page(self._folder, url) if url else None
            if before is not None:
                self._versions.keep_found(path, before, at=self._clock())
            put(path, place, content)
            try:
                report = synced()
                _require_used(path, report, gone=content is None)
                if listing is not None:
                    put(SOURCES, sources, listing)
                self._versions.keep(path, content, deed, by=by, at=self._clock())
            except BaseException:
                put(path, place, before)
                if listing is not None:
                    put(SOURCES, sources, listed)
                with suppress(BotError):
                    synced()  # which finds nothing to do, if nothing was switched
                raise
        self._told()
        return Published(
            path=path,
            version=None if content is None else version_of(content),
            generation=report.generation,
            seconds=report.seconds,
        )

    @contextmanager
    def _writing(self) -> Iterator[Callable[[], SyncReport]]:
        """The right to change the folder: nobody else syncs now. Gives what syncs."""
        store = open_store(self._settings)
        end = monotonic() + PATIENCE_SECONDS
        with ExitStack() as stack:
            writer = None
            while writer is None:
                try:
                    writer = stack.enter_context(store.writing())
                except SyncUnderwayError:
                    if monotonic() > end:
                        raise
                    self._pause(LOOK_EVERY_SECONDS)
            encoder = self._encoder
            yield partial(
                sync_with, writer, self._settings, store=store, encoder=encoder
            )


def _require_own(path: str) -> None:
    if path.startswith(f"{FETCHED}/"):
        raise DocumentError(
            f"{path}: is fetched from its page, and would be fetched again; change the "
            "page, or sources.yaml"
        )


def _require_seen(
    path: str, before: bytes | None, *, seen: str | None, yours: bytes
) -> None:
    version = None if before is None else version_of(before)
    if version != seen:
        raise ChangedMeanwhileError(path, yours=yours, now=before, version=version)


def _require_used(path: str, report: SyncReport, *, gone: bool) -> None:
    """The sync took the document for what the trial took it for."""
    if gone or is_catalogue(path) or path.endswith(SIDECAR):
        return
    end = next((one for one in report.files if one.path == path), None)
    if end is None or end.status is not FileStatus.INDEXED:
        reason = (end and end.reason) or "it is not among the documents"
        raise DocumentError(f"{path}: {reason}")
