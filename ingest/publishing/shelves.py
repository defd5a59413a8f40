"""Looks through the documents in use: their dates, sections and translations."""

import asyncio
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path, PurePosixPath
from threading import Lock
from typing import TypeVar

from bot.answering.chunks import Chunk
from bot.answering.store.generations import Generation, Manifest
from bot.answering.store.store import open_store
from bot.clock import Clock, utc_now
from bot.config import Settings
from bot.errors import IndexUnavailableError
from bot.shelf import Holding, Rendered, Rendering, Section, Shelf, State
from ingest.catalogue_entries import Entry
from ingest.documents import named_after
from ingest.file_findings import age
from ingest.findings import Trouble
from ingest.front_matter import About
from ingest.outcomes import FileOutcome, FileStatus, outcomes_from_json
from ingest.phrasings import FOLDER, Catalogues, read_catalogues
from ingest.publishing.trial import sections_told

T = TypeVar("T")
# The index in use: how it was made, and its chunks.
Index = Callable[[], tuple[Manifest, Sequence[Chunk]]]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Seen:
    """All that was read for one index and the catalogues of one moment."""

    key: object
    shelf: Shelf
    chunks: Mapping[str, Sequence[Chunk]]
    entries: Mapping[str, Sequence[Entry]]
    stale: frozenset[Entry]
    catalogues: Catalogues


class KnowledgeShelves:
    """The documents in use, as ``bot.shelf.Shelves`` describes it.

    Read once for each index, whoever looks; ``index`` is what answers, where that is in
    memory anyway.
    """

    def __init__(
        self, settings: Settings, *, index: Index | None = None, clock: Clock = utc_now
    ) -> None:
        self._settings = settings
        self._store = open_store(settings)
        self._index = index or self._stored
        self._clock = clock
        self._reading = Lock()
        self._seen: _Seen | None = None
        self._loaded: Generation | None = None

    async def all(self) -> Shelf:
        """Every document, by its path."""
        return (await asyncio.to_thread(self._look)).shelf

    async def sections(self, path: str) -> Sequence[Section]:
        """The sections of a document, in the order of its text."""
        seen = await asyncio.to_thread(self._look)
        chunks = seen.chunks.get(path, ())
        first = {chunk.name: chunk for chunk in reversed(chunks)}
        return [
            Section(
                name=told.name,
                heading=first[told.name].heading,
                headings=told.headings,
                text=told.text,
                as_of=first[told.name].as_of,
                valid_until=first[told.name].valid_until,
                renderings=tuple(_renderings(seen, told.name)),
            )
            for told in sections_told(chunks)
        ]

    def _look(self) -> _Seen:
        manifest, chunks = self._index()
        today = self._clock().date()
        folder = self._settings.knowledge_dir / FOLDER
        key = (manifest.generation, today, tuple(_stamps(folder)))
        with self._reading:
            if self._seen is None or self._seen.key != key:
                self._seen = self._read(key, manifest, chunks, today)
            return self._seen

    def _read(
        self, key: object, manifest: Manifest, chunks: Sequence[Chunk], today: date
    ) -> _Seen:
        notes = outcomes_from_json(self._store.notes(manifest.generation)) or ()
        catalogues = read_catalogues(self._settings.knowledge_dir)
        by_document = _grouped(chunks, lambda chunk: chunk.document)
        every = (*catalogues.entries, *catalogues.drafts)
        by_section = _grouped(every, lambda entry: entry.section)
        stale = frozenset(catalogues.stale(chunks))
        holdings = [
            _holding(end, by_document.get(end.path, ()), today, by_section, stale)
            for end in sorted(notes, key=lambda end: end.path)
        ]
        shelf = Shelf(
            made_at=datetime.fromisoformat(manifest.created_at),
            holdings=holdings,
        )
        return _Seen(
            key=key,
            shelf=shelf,
            chunks=by_document,
            entries=by_section,
            stale=stale,
            catalogues=catalogues,
        )

    def _stored(self) -> tuple[Manifest, Sequence[Chunk]]:
        """The index as it is kept, read once."""
        name = self._store.current()
        if name is None:
            raise IndexUnavailableError(
                "there is no index of the documents yet; run python -m ingest sync"
            )
        with self._reading:
            if self._loaded is None or self._loaded.manifest.generation != name:
                self._loaded = self._store.load(name)
            return self._loaded.manifest, self._loaded.chunks


def _holding(
    end: FileOutcome,
    chunks: Sequence[Chunk],
    today: date,
    entries: Mapping[str, Sequence[Entry]],
    stale: frozenset[Entry],
) -> Holding:
    first = chunks[0] if chunks else None
    is_list = len({chunk.title for chunk in chunks}) > 1
    names = list(dict.fromkeys(chunk.name for chunk in chunks))
    own = [entry for name in names for entry in entries.get(name, ())]
    named = first and not is_list
    return Holding(
        path=end.path,
        title=first.title if first and named else named_after(end.path),
        kind=first.kind if first else PurePosixPath(end.path).suffix.lstrip("."),
        state=_state(end, chunks, today),
        reason=end.reason or "",
        source=first.url if first and named else None,
        last_verified=first.as_of if first else None,
        recheck_by=_recheck_by(first),
        sections=len(names),
        languages=dict(_rendered(own, stale)),
    )


def _state(end: FileOutcome, chunks: Sequence[Chunk], today: date) -> State:
    if end.status is not FileStatus.INDEXED or not chunks:
        refused = end.status is FileStatus.REFUSED
        return State.REFUSED if refused else State.EMPTY
    ends = [chunk.valid_until for chunk in chunks]
    if all(day is not None and day < today for day in ends):
        return State.ENDED
    about = About(
        title=chunks[0].title,
        last_verified=chunks[0].as_of,
        recheck_by=_recheck_by(chunks[0]),
    )
    due = any(one.trouble is Trouble.DUE for one in age(end.path, about, today))
    return (
        State.OVERDUE
        if due or any(day and day < today for day in ends)
        else (State.FRESH)
    )


def _recheck_by(chunk: Chunk | None) -> date | None:
    day = chunk and chunk.facets.get("recheck_by")
    return date.fromisoformat(str(day)) if day else None


def _rendered(
    entries: Iterable[Entry], stale: frozenset[Entry]
) -> Iterator[tuple[str, Rendered]]:
    for language, own in sorted(_grouped(entries, lambda one: one.language).items()):
        used = [one for one in own if not one.draft]
        yield (
            language,
            Rendered(
                asks=len({one.section for one in used if one.asks}),
                answers=sum(bool(one.answer) and one not in stale for one in used),
                stale=sum(one in stale for one in used),
                drafts=sum(one.draft for one in own),
            ),
        )


def _renderings(seen: _Seen, section: str) -> Iterator[Rendering]:
    for entry in seen.entries.get(section, ()):
        yield Rendering(
            language=entry.language,
            asks=entry.asks,
            answer=seen.catalogues.told(entry),
            stale=entry in seen.stale,
            draft=entry.draft,
        )


def _stamps(folder: Path) -> Iterator[tuple[str, int, int]]:
    for path in sorted(folder.glob("*.yaml")):
        found = path.stat()
        yield path.name, found.st_mtime_ns, found.st_size


def _grouped(items: Iterable[T], key: Callable[[T], str]) -> dict[str, list[T]]:
    found: dict[str, list[T]] = {}
    for item in items:
        found.setdefault(key(item), []).append(item)
    return found
