"""Hands out the current index and changes to a new one without a gap."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Lock

from bot.answering.generations import current_generation
from bot.answering.store import Index
from bot.errors import IndexUnavailableError


class IndexLibrary:
    """The generation that the pointer names, opened once and shared by its readers."""

    def __init__(self, index_dir: Path, *, embedding_model: str) -> None:
        self._index_dir = index_dir
        self._model = embedding_model
        self._lock = Lock()
        self._readers: dict[str, int] = {}
        self._open: dict[str, Index] = {}

    @contextmanager
    def reading(self) -> Iterator[Index]:
        """The current index, which stays open for as long as the context lasts.

        Raises:
            IndexUnavailableError: there is none, or another model made it.
        """
        index = self._enter()
        try:
            yield index
        finally:
            self._leave(index)

    def close(self) -> None:
        """Close everything that nobody reads."""
        with self._lock:
            self._close_unread(keep=None)

    def _enter(self) -> Index:
        with self._lock:
            generation = current_generation(self._index_dir)
            if generation is None:
                raise IndexUnavailableError(
                    "there is no index of the documents yet; run python -m ingest sync"
                )
            if generation not in self._open:
                self._open[generation] = self._opened(generation)
                self._close_unread(keep=generation)
            self._readers[generation] = self._readers.get(generation, 0) + 1
            return self._open[generation]

    def _leave(self, index: Index) -> None:
        with self._lock:
            self._readers[index.generation] -= 1
            self._close_unread(keep=current_generation(self._index_dir))

    def _opened(self, generation: str) -> Index:
        index = Index(self._index_dir / generation)
        made_with = index.manifest.embedding_model
        if made_with != self._model:
            index.close()
            raise IndexUnavailableError(
                f"the index was made with the embedding model {made_with!r}, but "
                f"{self._model!r} is configured; run python -m ingest sync"
            )
        return index

    def _close_unread(self, *, keep: str | None) -> None:
        for generation in list(self._open):
            if generation != keep and not self._readers.get(generation):
                self._open.pop(generation).close()
                self._readers.pop(generation, None)
