"""The right to write to a Chroma server, which runs out unless it is renewed."""

import os
import socket
from collections.abc import Callable
from threading import Event, Thread
from typing import Any

import httpx
from chromadb.errors import ChromaError, NotFoundError

from bot.answering.store.server_collections import State

RENEWALS = 4


def reservation(until: float) -> dict[str, str | float]:
    """The metadata of a collection that somebody is writing."""
    owner = f"{socket.gethostname()}, process {os.getpid()}"
    return {"state": State.BUILDING, "owner": owner, "until": until}


class Lease:
    """Renews the reservation of a collection in a thread, until it is released."""

    def __init__(
        self,
        collection: Any,  # noqa: ANN401  Chroma's own types are vague
        *,
        seconds: float,
        clock: Callable[[], float],
    ) -> None:
        self._collection = collection
        self._seconds = seconds
        self._clock = clock
        self._released = Event()
        self._thread = Thread(target=self._renew, daemon=True)
        self._thread.start()

    def release(self) -> None:
        """From here on the metadata of the collection are left alone."""
        self._released.set()
        self._thread.join()

    def _renew(self) -> None:
        while not self._released.wait(self._seconds / RENEWALS):
            until = self._clock() + self._seconds
            try:
                self._collection.modify(metadata=reservation(until))
            except NotFoundError:
                return
            except (ChromaError, httpx.HTTPError, ValueError):
                continue  # the server may be back before the time is up
