"""Generations in folders: embedded Chroma for chunks, a file for those of details."""

import fcntl
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import chromadb
import numpy as np

from bot.answering.store.generations import (
    Generation,
    Manifest,
    damaged,
    manifest_from_json,
    manifest_to_json,
)
from bot.answering.store.records import (
    add_chunks,
    client_settings,
    create_collection,
    read_chunks,
    unavailable,
)
from bot.errors import IndexUnavailableError, SyncUnderwayError

CHUNKS = "chunks"
DETAILS = "details.npy"
NOTES = "files.json"
POINTER = "current"
MANIFEST = "manifest.json"


class EmbeddedStore:
    """A folder for each generation, and a file that names the one in use.

    A folder is written by one process, before anybody reads it, and never again.
    """

    look_every = 0.0

    def __init__(self, index_dir: Path) -> None:
        self._dir = index_dir

    def current(self) -> str | None:
        """The name of the generation in use, if there is one."""
        pointer = self._dir / POINTER
        try:
            text = pointer.read_text("utf-8", errors="replace")
        except FileNotFoundError:
            return None
        except OSError as error:
            raise IndexUnavailableError(
                f"{pointer} cannot be read ({error.strerror}); give the account that "
                "runs this the right to read it, or remove it and run "
                "python -m ingest sync"
            ) from error
        return text.strip() or None

    def manifest(self, name: str) -> Manifest:
        """What a generation was built from."""
        folder = self._dir / name
        try:
            text = (folder / MANIFEST).read_text("utf-8")
        except (OSError, ValueError) as error:
            raise damaged(str(folder)) from error
        return manifest_from_json(text, where=str(folder))

    def notes(self, name: str) -> str | None:
        """What the builder of a generation wrote down beside it."""
        try:
            return (self._dir / name / NOTES).read_text("utf-8")
        except (OSError, ValueError):
            return None

    def holds(self, name: str) -> bool:
        """Whether a generation is still there."""
        return (self._dir / name).is_dir()

    def load(self, name: str) -> Generation:
        """All of a generation, in memory."""
        return _read(self._dir / name, self.manifest(name))

    @contextmanager
    def writing(self) -> Iterator["FolderWriter"]:
        """The right to change what is kept: a lock on a file."""
        self._dir.mkdir(parents=True, exist_ok=True)
        with (self._dir / "lock").open("w") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as error:
                raise SyncUnderwayError(
                    "another ingest sync is running; wait for it to end"
                ) from error
            yield FolderWriter(self, self._dir)


class FolderWriter:
    """Changes the folders of an embedded store, for as long as its lock is held."""

    def __init__(self, store: EmbeddedStore, index_dir: Path) -> None:
        self._store = store
        self._dir = index_dir

    def write(
        self, generation: Generation, *, notes: str, told: Callable[[int], object]
    ) -> None:
        """Fill a new folder."""
        folder = self._dir / generation.manifest.generation
        problem = f"the index cannot be written to {folder}; is the disk full?"
        folder.mkdir(parents=True)
        with unavailable(problem), closing(_open_client(folder)) as client:
            collection = create_collection(client, CHUNKS)
            add_chunks(
                collection, generation.chunks, generation.chunk_vectors, told=told
            )
        np.save(folder / DETAILS, generation.detail_vectors)
        (folder / NOTES).write_text(notes, "utf-8")

    def read_back(self, manifest: Manifest) -> Generation:
        """What was just written, as a reader would get it."""
        return _read(self._dir / manifest.generation, manifest)

    def switch_to(self, manifest: Manifest) -> None:
        """Write the manifest, with which the folder is whole; then the pointer."""
        folder = self._dir / manifest.generation
        _write_atomically(folder / MANIFEST, manifest_to_json(manifest))
        self.go_back_to(manifest.generation)

    def go_back_to(self, name: str) -> None:
        """Replace the pointer; atomic, and safe against a power cut."""
        _write_atomically(self._dir / POINTER, name + "\n")

    def tidy(self) -> None:
        """Remove what crashed runs left and what nobody can roll back to any more.

        A current generation that is damaged does not say which one it followed.
        """
        keep = current = self._store.current()
        try:
            previous = self._store.manifest(current).previous if current else None
        except IndexUnavailableError:
            return
        for folder in self._dir.iterdir():
            if folder.is_dir() and folder.name not in {keep, previous}:
                shutil.rmtree(folder, ignore_errors=True)


def _read(folder: Path, manifest: Manifest) -> Generation:
    problem = f"the index in {folder} cannot be opened; run python -m ingest sync"
    try:
        with unavailable(problem), closing(_open_client(folder)) as client:
            chunks, vectors, _ = read_chunks(
                client.get_collection(CHUNKS, embedding_function=None),
                dimension=manifest.dimension,
                size=manifest.chunks,
            )
        with unavailable(problem):
            details = np.load(folder / DETAILS, allow_pickle=False)
    except (OSError, EOFError) as error:
        raise damaged(str(folder)) from error
    found = Generation(
        manifest=manifest,
        chunks=chunks,
        chunk_vectors=vectors,
        detail_vectors=details,
    )
    if not found.is_whole:
        raise damaged(str(folder))
    return found


def _open_client(folder: Path) -> Any:  # noqa: ANN401  Chroma's own type is vague
    return chromadb.PersistentClient(path=str(folder), settings=client_settings())


def _write_atomically(path: Path, text: str) -> None:
    draft = path.with_name(path.name + ".new")
    with draft.open("w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
