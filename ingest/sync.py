"""Documents to a new generation of the index, switched to only when it is whole."""

import fcntl
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter

import numpy as np

from bot.answering.chunks import Chunk
from bot.answering.embedding import BUNDLED_NAME, Embedder, Vectors
from bot.answering.generations import (
    FORMAT,
    Manifest,
    current_generation,
    new_generation,
    read_manifest,
    remove_others,
    switch_to,
    write_manifest,
)
from bot.answering.store import GenerationBuilder, Index, content_key
from bot.config import Settings
from bot.errors import BotError, IndexUnavailableError
from ingest.chunking import CHUNKER_VERSION
from ingest.collecting import collect
from ingest.files import fingerprint, source_files
from ingest.outcomes import (
    Change,
    FileOutcome,
    FileStatus,
    SyncReport,
    read_outcomes,
    write_outcomes,
)
from ingest.progress import Progress

THREADS = 2
Step = Callable[[str], None]


class SyncUnderwayError(BotError):
    """Another process is building the index."""


def sync(
    settings: Settings,
    *,
    embedder: Embedder | None = None,
    progress: Progress | None = None,
    step: Step = lambda _: None,
) -> SyncReport:
    """Bring the index up to date with the documents.

    ``step`` hears the name of each step as it begins.

    Raises:
        DocumentError: documents are broken; the current index stays as it is.
        SyncUnderwayError: another process is at it.
    """
    start = perf_counter()
    settings.index_dir.mkdir(parents=True, exist_ok=True)
    with only_one(settings.index_dir):
        builder = _Sync(settings, embedder, progress or Progress(), step)
        builder.tidy()
        try:
            report = builder.unchanged() or builder.build()
        finally:
            step("clean")
            builder.tidy()
    return replace(report, seconds=perf_counter() - start)


class _Sync:
    def __init__(
        self,
        settings: Settings,
        embedder: Embedder | None,
        progress: Progress,
        step: Step,
    ) -> None:
        self._settings = settings
        self._model = settings.embedding_model or BUNDLED_NAME
        self._embedder = embedder
        self._progress = progress
        self._step = step
        self._dir = settings.index_dir
        self._before, self._manifest = self._current()
        self._files = source_files(settings.knowledge_dir)
        self._fingerprint = fingerprint(self._files)
        self._known_files = (
            read_outcomes(self._dir / self._before) if self._before else None
        )

    def unchanged(self) -> SyncReport | None:
        """The report, if the current index is what would be built."""
        manifest = self._manifest
        if manifest is None or self._known_files is None:
            return None
        wanted = (self._fingerprint, self._model, CHUNKER_VERSION)
        if wanted != (manifest.fingerprint, manifest.embedding_model, manifest.chunker):
            return None
        with self._open() as index:
            if index is None:
                return None
        texts = manifest.chunks + manifest.sentences
        files = [
            replace(outcome, change=Change.SAME)
            for outcome in self._known_files.values()
        ]
        return _report(manifest, files, embedded=0, reused=texts)

    def build(self) -> SyncReport:
        """Build beside the current generation, check it, then switch."""
        self._step("read")
        with self._progress.bar("reading", total=len(self._files)) as advance:
            chunks, files = collect(
                self._files, before=self._known_files or {}, progress=advance
            )
        texts = [chunk.searchable for chunk in chunks]
        texts += [sentence.text for chunk in chunks for sentence in chunk.sentences]
        self._step("embed")
        vectors, embedded = self._vectors(texts)
        generation = new_generation(datetime.now(UTC))
        manifest = Manifest(
            format=FORMAT,
            generation=generation,
            created_at=datetime.now(UTC).isoformat(timespec="seconds"),
            embedding_model=self._model,
            dimension=vectors.shape[1],
            chunker=CHUNKER_VERSION,
            fingerprint=self._fingerprint,
            documents=sum(file.status is FileStatus.INDEXED for file in files),
            chunks=len(chunks),
            sentences=len(texts) - len(chunks),
            previous=self._before,
        )
        self._write(manifest, chunks, vectors, files)
        reused = len(texts) - embedded
        report = _report(manifest, files, embedded=embedded, reused=reused)
        gone = sorted((self._known_files or {}).keys() - {file.path for file in files})
        return replace(report, changed=True, removed=tuple(gone))

    def _write(
        self,
        manifest: Manifest,
        chunks: Sequence[Chunk],
        vectors: Vectors,
        files: Sequence[FileOutcome],
    ) -> None:
        folder = self._dir / manifest.generation
        chunk_vectors, sentence_vectors = np.split(vectors, [len(chunks)])
        self._step("build")
        builder = GenerationBuilder(folder)
        builder.add(
            chunks, chunk_vectors=chunk_vectors, sentence_vectors=sentence_vectors
        )
        self._step("verify")
        builder.verify(chunk_vectors, sentences=manifest.sentences)
        builder.close()
        write_outcomes(folder, files)
        write_manifest(folder, manifest)
        self._step("switch")
        switch_to(self._dir, manifest.generation)

    def tidy(self) -> None:
        """Remove all but the current generation and the one that it followed.

        A current generation that is damaged does not say which one that was.
        """
        current, manifest = self._current()
        if current is None or manifest is not None:
            keep = [current, manifest.previous if manifest else None]
            remove_others(self._dir, keep=keep)

    def _current(self) -> tuple[str | None, Manifest | None]:
        current = current_generation(self._dir)
        if current is None:
            return None, None
        try:
            return current, read_manifest(self._dir / current)
        except IndexUnavailableError:
            return current, None

    def _vectors(self, texts: Sequence[str]) -> tuple[Vectors, int]:
        keys = [content_key(text, self._model) for text in texts]
        known = self._known()
        missing = {
            key: text for key, text in zip(keys, texts, strict=True) if key not in known
        }
        if missing:
            embedder = self._embedder or Embedder(
                self._settings.embedding_model, threads=THREADS
            )
            with self._progress.bar("embedding", total=len(missing)) as advance:
                rows = embedder.embed(list(missing.values()), progress=advance)
            known |= dict(zip(missing, rows, strict=True))
        vectors = np.stack([known[key] for key in keys])
        return vectors, len(missing)

    def _known(self) -> dict[str, Vectors]:
        with self._open() as index:
            if index is None or index.manifest.embedding_model != self._model:
                return {}
            return dict(index.embeddings())

    @contextmanager
    def _open(self) -> Iterator[Index | None]:
        """The current index, or None if there is none that can be read."""
        try:
            index = Index(self._dir / self._before) if self._before else None
        except IndexUnavailableError:
            index = None
        try:
            yield index
        finally:
            if index:
                index.close()


@contextmanager
def only_one(index_dir: Path) -> Iterator[None]:
    with (index_dir / "lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise SyncUnderwayError(
                "another ingest sync is running; wait for it to end"
            ) from error
        yield


def _report(
    manifest: Manifest, files: Sequence[FileOutcome], *, embedded: int, reused: int
) -> SyncReport:
    return SyncReport(
        changed=False,
        generation=manifest.generation,
        documents=manifest.documents,
        chunks=manifest.chunks,
        embedded=embedded,
        reused=reused,
        seconds=0.0,
        files=tuple(files),
    )
