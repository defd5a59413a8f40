"""Generations on a Chroma server: a collection for each, its state in its metadata.

Collections are numbered, and a name can be given only once: who creates the next one
may write, for as long as the reservation in its metadata is renewed. In use is the
highest that is ready. So one change of metadata switches, and whoever was overtaken
while it slept switches nothing.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from time import time

from chromadb.errors import ChromaError

from bot.answering.store.generations import Generation, Manifest
from bot.answering.store.lease import Lease, reservation
from bot.answering.store.records import unavailable
from bot.answering.store.server_collections import Numbered, ServerCollections
from bot.answering.store.server_records import read_notes, read_records
from bot.answering.store.server_writer import ServerWriter
from bot.errors import IndexUnavailableError, SyncUnderwayError

LEASE_SECONDS = 60.0
FASTER = "another ingest sync was faster; wait for it to end, then try again"


class ServerStore:
    """What several processes on several machines read, and one at a time writes."""

    look_every = 1.0

    def __init__(
        self,
        url: str,
        *,
        lease: float = LEASE_SECONDS,
        clock: Callable[[], float] = time,
    ) -> None:
        self._collections = ServerCollections(url)
        self._where = f"the Chroma server at {url}"
        self._problem = f"{self._where} cannot be used; is it running?"
        self._lease = lease
        self._clock = clock

    def current(self) -> str | None:
        """The name of the generation in use, if there is one."""
        ready = [one for one in self._all() if one.is_ready]
        return ready[-1].generation if ready else None

    def manifest(self, name: str) -> Manifest:
        """What a generation was built from."""
        return self._named(name).manifest

    def notes(self, name: str) -> str | None:
        """What the builder of a generation wrote down beside it."""
        if not self.holds(name):
            return None
        with unavailable(self._problem):
            return read_notes(self._named(name).collection)

    def holds(self, name: str) -> bool:
        """Whether a generation is still there."""
        return any(one.generation == name for one in self._all())

    def load(self, name: str) -> Generation:
        """All of a generation, in memory."""
        found = self._named(name)
        problem = f"the generation {name} on {self._where} cannot be read; is it gone?"
        with unavailable(problem):
            return read_records(found.collection, found.manifest)

    @contextmanager
    def writing(self) -> Iterator[ServerWriter]:
        """The right to change what is kept: the collection of the next number.

        A reservation runs out by the clocks of two machines. Should these differ, two
        may write; each writes a collection of its own, and the higher number is used.
        """
        reserved = self._reserved()
        lease = Lease(reserved.collection, seconds=self._lease, clock=self._clock)
        writer = ServerWriter(
            self._collections,
            reserved,
            lease=lease,
            clock=self._clock,
            problem=self._problem,
        )
        try:
            yield writer
        finally:
            lease.release()
            if not writer.switched:
                with unavailable(self._problem):
                    self._collections.remove(reserved.collection)

    def _reserved(self) -> Numbered:
        others = self._all()
        self._require_nobody(others)
        number = others[-1].number + 1 if others else 1
        reserved = reservation(self._clock() + self._lease)
        with unavailable(self._problem):
            try:
                collection = self._collections.create(number, reserved)
            except ChromaError:
                if any(one.number == number for one in self._all()):
                    raise SyncUnderwayError(FASTER) from None
                raise
        if self._all()[-1].number != number:
            self._collections.remove(collection)
            raise SyncUnderwayError(FASTER)
        return Numbered(number, collection, reserved)

    def _require_nobody(self, found: Sequence[Numbered]) -> None:
        for one in found:
            if one.held_until > self._clock():
                until = datetime.fromtimestamp(one.held_until, UTC)
                raise SyncUnderwayError(
                    f"another ingest sync is running ({one.metadata.get('owner')}); "
                    "wait for it to end. If it crashed, its reservation runs out at "
                    f"{until:%H:%M:%S} UTC."
                )

    def _all(self) -> list[Numbered]:
        with unavailable(self._problem):
            return self._collections.all()

    def _named(self, name: str) -> Numbered:
        for one in self._all():
            if one.generation == name:
                return one
        raise IndexUnavailableError(
            f"{self._where} has no generation {name}; run python -m ingest sync"
        )
