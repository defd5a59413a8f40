"""Hands out the current index and changes to a new one without a gap."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import datetime
from threading import Lock
from time import monotonic

from bot.answering.retrieval.astray import Astray
from bot.answering.retrieval.index import Index
from bot.answering.retrieval.ranking import Weights, shipped_weights
from bot.answering.store.store import Store
from bot.errors import IndexUnavailableError
from bot.logs import get_logger

RETRY_SECONDS = 30.0
FOLLOW_SECONDS = 1.0

Pause = Callable[[float], Awaitable[object]]

log = get_logger()


class IndexLibrary:
    """The generation in use, opened once and shared by its readers.

    A new generation is opened by whoever follows the store, else by one reader; the
    others go on with the one before, and so do all of them if the new one, or the whole
    store, turns out to be unusable.
    """

    def __init__(
        self,
        store: Store,
        *,
        embedding_model: str,
        weights: Callable[[], Weights] = shipped_weights,
        astray: Callable[[], Astray | None] = lambda: None,
        clock: Callable[[], float] = monotonic,
    ) -> None:
        self._store = store
        self._model = embedding_model
        self._weights = weights
        self._astray = astray
        self._clock = clock
        self._opening = Lock()
        self._lock = Lock()
        self._current: Index | None = None
        self._followed = False
        self._look_at = 0.0
        self._refused: str | None = None
        self._retry_at = 0.0
        self._problem: str | None = None

    def index(self) -> Index:
        """The current index.

        Raises:
            IndexUnavailableError: there is none, or another model made it.
        """
        with self._lock:
            index = self._current
        if index is None or not self._followed:
            index = self.refreshed()
        return index

    def refreshed(self) -> Index:
        """As ``index``, after looking whether there is a newer one."""
        if self._is_due():
            self._look()
        with self._lock:
            index = self._current
        if index is None:
            raise IndexUnavailableError("the index could not be opened")
        return index

    def renew(self) -> None:
        """Open what is in use now: whoever asks from here on is answered from it.

        Raises:
            IndexUnavailableError: there is none.
        """
        self._look(at_once=True)

    async def follow(self, pause: Pause = asyncio.sleep) -> None:
        """Open what is new as it comes, until cancelled; no reader has to, then."""
        self._followed = True
        try:
            while True:
                # Without an index there is nothing to do but to look again.
                with suppress(IndexUnavailableError):
                    await asyncio.to_thread(self.refreshed)
                await pause(FOLLOW_SECONDS)
        finally:
            self._followed = False

    @property
    def problem(self) -> str | None:
        """Why an older index is in use than there should be, if that is so."""
        return self._problem

    @property
    def made_at(self) -> datetime | None:
        """When the index in use was made, if one is open."""
        with self._lock:
            index = self._current
        return datetime.fromisoformat(index.manifest.created_at) if index else None

    def _is_due(self) -> bool:
        with self._lock:
            return self._current is None or self._clock() >= self._look_at

    def _look(self, *, at_once: bool = False) -> None:
        """Open what is in use now, unless another thread is at it, or it is too soon.

        ``at_once`` waits for that thread, and looks again however soon it is.
        """
        with self._lock:
            first = self._current is None
        if not self._opening.acquire(blocking=first or at_once):
            return
        try:
            if at_once or self._is_due():
                self._change_to(self._named())
        except IndexUnavailableError as error:
            if first:
                raise
            log.warning("index_refused", reason=str(error))
            self._problem = str(error)
        finally:
            self._opening.release()

    def _named(self) -> str:
        """The name of the generation in use; a store that fails is left in peace."""
        with self._lock:
            self._look_at = self._clock() + RETRY_SECONDS
        name = self._store.current()
        if name is None:
            raise IndexUnavailableError(
                "there is no index of the documents yet; run python -m ingest sync"
            )
        with self._lock:
            self._look_at = self._clock() + self._store.look_every
        return name

    def _change_to(self, name: str) -> None:
        now, current = self._clock(), self._current
        if current is not None and current.generation == name:
            self._problem = None
        elif current is None or name != self._refused or now >= self._retry_at:
            self._refused, self._retry_at = name, now + RETRY_SECONDS
            index = self._opened(name)
            with self._lock:
                self._current, self._problem = index, None

    def _opened(self, name: str) -> Index:
        made_with = self._store.manifest(name).embedding_model
        if made_with != self._model:
            raise IndexUnavailableError(
                f"the index was made with the embedding model {made_with!r}, but "
                f"{self._model!r} is configured; run python -m ingest sync"
            )
        return Index(
            self._store.load(name), weights=self._weights(), astray=self._astray()
        )
