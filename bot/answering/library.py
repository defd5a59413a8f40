"""Hands out the current index and changes to a new one without a gap."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Lock

from bot.answering.generations import current_generation, read_manifest
from bot.answering.store import Index
from bot.errors import IndexUnavailableError
from bot.logs import get_logger

log = get_logger()


class IndexLibrary:
    """The generation that the pointer names, opened once and shared by its readers.

    A new generation is opened by one reader; the others go on with the one before, and
    so do all of them if the new one turns out to be unusable.
    """

    def __init__(self, index_dir: Path, *, embedding_model: str) -> None:
        self._index_dir = index_dir
        self._model = embedding_model
        self._opening = Lock()
        self._lock = Lock()
        self._readers: dict[Index, int] = {}
        self._current: Index | None = None
        self._refused: str | None = None

    @contextmanager
    def reading(self) -> Iterator[Index]:
        """The current index, which stays open for as long as the context lasts.

        Raises:
            IndexUnavailableError: there is none, or another model made it.
        """
        generation = current_generation(self._index_dir)
        if generation is None:
            raise IndexUnavailableError(
                "there is no index of the documents yet; run python -m ingest sync"
            )
        if not self._settled(generation):
            self._change_to(generation)
        index = self._enter()
        try:
            yield index
        finally:
            self._leave(index)

    def close(self) -> None:
        """Close everything that nobody reads."""
        with self._lock:
            self._current = None
            self._close_unread()

    def _settled(self, generation: str) -> bool:
        with self._lock:
            if self._current is None:
                return False
            return generation in {self._current.generation, self._refused}

    def _change_to(self, generation: str) -> None:
        """Open a generation, unless another thread is at it and there is one to use."""
        with self._lock:
            first = self._current is None
        if not self._opening.acquire(blocking=first):
            return
        try:
            if not self._settled(generation):
                self._use(self._opened(generation))
        except IndexUnavailableError as error:
            if first:
                raise
            log.warning("index_refused", generation=generation, reason=str(error))
            with self._lock:
                self._refused = generation
        finally:
            self._opening.release()

    def _opened(self, generation: str) -> Index:
        folder = self._index_dir / generation
        made_with = read_manifest(folder).embedding_model
        if made_with != self._model:
            raise IndexUnavailableError(
                f"the index was made with the embedding model {made_with!r}, but "
                f"{self._model!r} is configured; run python -m ingest sync"
            )
        return Index(folder)

    def _use(self, index: Index) -> None:
        with self._lock:
            self._readers[index] = 0
            self._current = index
            self._close_unread()

    def _enter(self) -> Index:
        with self._lock:
            index = self._current
            if index is None:
                raise IndexUnavailableError("the index has been closed")
            self._readers[index] += 1
            return index

    def _leave(self, index: Index) -> None:
        with self._lock:
            self._readers[index] -= 1
            self._close_unread()

    def _close_unread(self) -> None:
        for index, readers in list(self._readers.items()):
            if index is not self._current and not readers:
                del self._readers[index]
                index.close()
