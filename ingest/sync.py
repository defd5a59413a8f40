"""Documents to a new generation of the index, switched to only when it is whole."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from time import perf_counter

import numpy as np

from bot.answering.chunks import Chunk, Role
from bot.answering.encoding.encoder import BUNDLED_NAME, Encoder, Vectors
from bot.answering.store.generations import (
    FORMAT,
    Generation,
    Manifest,
    new_generation,
    verify,
)
from bot.answering.store.store import Store, Writer, open_store
from bot.clock import utc_now
from bot.config import Settings
from ingest.collecting import collect
from ingest.files import fingerprint, source_files
from ingest.in_use import in_use
from ingest.outcomes import (
    FileOutcome,
    FileStatus,
    SyncReport,
    outcomes_to_json,
)
from ingest.packed_vectors import read_packed
from ingest.phrasings import catalogues_sum, read_catalogues
from ingest.progress import Progress
from ingest.recipe import recipe
from ingest.text_vectors import Text, encode_missing, missing_of, stacked

THREADS = 2
# So few texts are embedded sooner than what embeds many is loaded.
FEW = 200
Step = Callable[[str], None]


def sync(
    settings: Settings,
    *,
    store: Store | None = None,
    encoder: Encoder | None = None,
    progress: Progress | None = None,
    step: Step = lambda _: None,
) -> SyncReport:
    """Bring the index up to date with the documents.

    ``step`` hears the name of each step as it begins.

    Raises:
        DocumentError: documents are broken; the current index stays as it is.
        IndexUnavailableError: the store cannot be reached or written to.
        SyncUnderwayError: another process is at it.
    """
    store = store or open_store(settings)
    with store.writing() as writer:
        return sync_with(
            writer,
            settings,
            store=store,
            encoder=encoder,
            progress=progress,
            step=step,
        )


def sync_with(
    writer: Writer,
    settings: Settings,
    *,
    store: Store,
    encoder: Encoder | None = None,
    progress: Progress | None = None,
    step: Step = lambda _: None,
) -> SyncReport:
    """The same for whoever has the right to change the index already."""
    start = perf_counter()
    builder = _Sync(
        settings,
        store,
        writer,
        encoder=encoder,
        progress=progress or Progress(),
        step=step,
    )
    writer.tidy()
    try:
        report = builder.unchanged() or builder.build()
    finally:
        step("clean")
        writer.tidy()
    return replace(report, seconds=perf_counter() - start)


class _Sync:
    def __init__(
        self,
        settings: Settings,
        store: Store,
        writer: Writer,
        *,
        encoder: Encoder | None,
        progress: Progress,
        step: Step,
    ) -> None:
        self._settings = settings
        self._model = settings.embedding_model or BUNDLED_NAME
        self._encoder = encoder
        self._progress = progress
        self._step = step
        self._writer = writer
        self._in_use = in_use(store)
        self._old = self._in_use.generation
        self._files = source_files(settings.knowledge_dir)
        folder = settings.knowledge_dir
        self._fingerprint = fingerprint(self._files) + catalogues_sum(folder)
        self._recipe = recipe()
        self._outcomes = self._in_use.outcomes or ()

    def unchanged(self) -> SyncReport | None:
        """The report, if the current index is what would be built."""
        current = self._current()
        if current is None or _unread(self._outcomes):
            return None
        return _unchanged(current, self._outcomes)

    def build(self) -> SyncReport:
        """Build beside the current generation, check it, then switch.

        Nothing is built where files were only tried again, and no more could be read.
        """
        self._step("read")
        before = self._in_use.earlier(self._recipe)
        with self._progress.bar("reading", total=len(self._files)) as advance:
            chunks, files = collect(self._files, before=before, progress=advance)
        chunks = read_catalogues(self._settings.knowledge_dir).added_to(chunks)
        current = self._current()
        tried = _unread(files) == _unread(self._outcomes)
        if current and tried and tuple(chunks) == current.chunks:
            return _unchanged(current, files)
        texts = [(chunk.searchable, Role.PASSAGE) for chunk in chunks]
        texts += [detail for chunk in chunks for detail in chunk.details]
        self._step("embed")
        vectors, embedded = self._vectors(texts)
        generation = self._generation(chunks, vectors, files)
        self._write(generation, files)
        reused = len(texts) - embedded
        report = _report(generation.manifest, files, embedded=embedded, reused=reused)
        gone = sorted(before.outcomes.keys() - {file.path for file in files})
        return replace(report, changed=True, removed=tuple(gone))

    def _current(self) -> Generation | None:
        """The current generation, if it was made of these very files, in this way."""
        if self._old is None or self._in_use.outcomes is None:
            return None
        made = self._old.manifest
        wanted = (self._fingerprint, self._model, self._recipe)
        is_so = wanted == (made.fingerprint, made.embedding_model, made.recipe)
        return self._old if is_so else None

    def _generation(
        self, chunks: Sequence[Chunk], vectors: Vectors, files: Sequence[FileOutcome]
    ) -> Generation:
        now = utc_now()
        chunk_vectors, detail_vectors = np.split(vectors, [len(chunks)])
        manifest = Manifest(
            format=FORMAT,
            generation=new_generation(now),
            created_at=now.isoformat(timespec="seconds"),
            embedding_model=self._model,
            dimension=vectors.shape[1],
            recipe=self._recipe,
            fingerprint=self._fingerprint,
            documents=sum(file.status is FileStatus.INDEXED for file in files),
            chunks=len(chunk_vectors),
            details=len(detail_vectors),
            previous=self._in_use.name,
        )
        return Generation(
            manifest=manifest,
            chunks=tuple(chunks),
            chunk_vectors=chunk_vectors,
            detail_vectors=detail_vectors,
        )

    def _write(self, generation: Generation, files: Sequence[FileOutcome]) -> None:
        self._step("build")
        with self._progress.bar("storing", total=len(generation.chunks)) as advance:
            notes = outcomes_to_json(files)
            self._writer.write(generation, notes=notes, told=advance)
        self._step("verify")
        verify(self._writer.read_back(generation.manifest), generation)
        self._step("switch")
        self._writer.switch_to(generation.manifest)

    def _vectors(self, texts: Sequence[Text]) -> tuple[Vectors, int]:
        known = dict(self._known())
        missing = missing_of(texts, known, self._model)
        if missing:
            encoder = self._encoder or Encoder(
                self._settings.embedding_model,
                threads=1 if len(missing) <= FEW else THREADS,
            )
            with self._progress.bar("embedding", total=len(missing)) as advance:
                known |= encode_missing(missing, encoder, progress=advance)
        return stacked(texts, known, self._model), len(missing)

    def _known(self) -> Mapping[str, Vectors]:
        packed = read_packed(self._settings.knowledge_dir)
        if self._old is None or self._old.manifest.embedding_model != self._model:
            return packed
        return {**packed, **self._old.embeddings()}


def _unread(files: Sequence[FileOutcome]) -> set[str]:
    """The files of which more may be read another time."""
    return {file.path for file in files if file.may_pass}


def _unchanged(current: Generation, files: Sequence[FileOutcome]) -> SyncReport:
    manifest = current.manifest
    same = [file.unchanged() for file in files]
    texts = manifest.chunks + manifest.details
    return _report(manifest, same, embedded=0, reused=texts)


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
