"""Writes one generation into a reserved collection of a Chroma server."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from chromadb.errors import NotFoundError

from bot.answering.store.generations import Generation, Manifest, manifest_to_json
from bot.answering.store.lease import Lease
from bot.answering.store.records import unavailable
from bot.answering.store.server_collections import Numbered, ServerCollections, State
from bot.answering.store.server_records import read_records, write_records
from bot.errors import IndexUnavailableError, SyncUnderwayError

OVERTAKEN = (
    "another ingest sync took over, since this one was not heard of for too long; "
    "run it again"
)


class ServerWriter:
    """Changes the collections of a server for as long as its lease is renewed."""

    def __init__(
        self,
        collections: ServerCollections,
        reserved: Numbered,
        *,
        lease: Lease,
        clock: Callable[[], float],
        problem: str,
    ) -> None:
        self.switched = False
        self._collections = collections
        self._reserved = reserved
        self._lease = lease
        self._clock = clock
        self._problem = problem

    def write(
        self, generation: Generation, *, notes: str, told: Callable[[int], object]
    ) -> None:
        """Fill the reserved collection."""
        with unavailable(self._problem), _overtaken():
            write_records(self._reserved.collection, generation, notes=notes, told=told)

    def read_back(self, manifest: Manifest) -> Generation:
        """What was just written, as a reader would get it."""
        with unavailable(self._problem), _overtaken():
            return read_records(self._reserved.collection, manifest)

    def switch_to(self, manifest: Manifest) -> None:
        """Call the reserved collection ready: one change, whole or not there."""
        self._lease.release()
        with unavailable(self._problem), _overtaken():
            self._reserved.collection.modify(
                metadata={
                    "state": State.READY,
                    "generation": manifest.generation,
                    "manifest": manifest_to_json(manifest),
                }
            )
            self.switched = True
            ready = [one for one in self._collections.all() if one.is_ready]
        if ready[-1].number != self._reserved.number:
            raise SyncUnderwayError(OVERTAKEN)

    def go_back_to(self, name: str) -> None:
        """Leave everything that is newer, the newest first."""
        with unavailable(self._problem):
            found = self._collections.all()
            number = next((n.number for n in found if n.generation == name), None)
            if number is None:
                raise IndexUnavailableError(f"there is no generation {name}")
            for newer in reversed(found):
                if newer.is_ready and newer.number > number:
                    left = {**newer.metadata, "state": State.LEFT}
                    newer.collection.modify(metadata=left)

    def tidy(self) -> None:
        """Remove what crashed runs left and what nobody can roll back to any more.

        A current generation that is damaged does not say which one it followed.
        """
        with unavailable(self._problem):
            found = self._collections.all()
            ready = [one for one in found if one.is_ready]
            keep = set[str | None]()
            try:
                for newest in ready[-1:]:
                    keep = {newest.generation, newest.manifest.previous}
            except IndexUnavailableError:
                return
            now = self._clock()
            for one in found:
                given_up = one.state == State.BUILDING and one.held_until <= now
                old = one.generation is not None and one.generation not in keep
                if given_up or old:
                    self._collections.remove(one.collection)
            self._collections.remove_discarded()


@contextmanager
def _overtaken() -> Iterator[None]:
    """A collection that is gone was taken for one that a crashed sync had left."""
    try:
        yield
    except NotFoundError as error:
        raise SyncUnderwayError(OVERTAKEN) from error
