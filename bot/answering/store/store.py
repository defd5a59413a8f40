"""Where generations are kept, in folders or on a server, and which one is in use."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Protocol

from bot.answering.store.folders import EmbeddedStore
from bot.answering.store.generations import Generation, Manifest
from bot.answering.store.server import ServerStore
from bot.config import Settings

Told = Callable[[int], object]


class Store(Protocol):
    """Reads generations; each method raises ``IndexUnavailableError`` if it cannot.

    ``look_every`` is how many seconds a reader may go by what ``current`` said.
    """

    look_every: float

    def current(self) -> str | None:
        """The name of the generation in use, if there is one."""
        ...

    def manifest(self, name: str) -> Manifest:
        """What a generation was built from."""
        ...

    def notes(self, name: str) -> str | None:
        """What the builder of a generation wrote down beside it."""
        ...

    def holds(self, name: str) -> bool:
        """Whether a generation is still there."""
        ...

    def load(self, name: str) -> Generation:
        """All of a generation, in memory."""
        ...

    def writing(self) -> AbstractContextManager["Writer"]:
        """The right to change what is kept; one at a time, on whatever machine.

        Raises:
            SyncUnderwayError: somebody else has it.
        """
        ...


class Writer(Protocol):
    """Changes what is kept; killed at any moment it leaves the old or the new one."""

    def write(self, generation: Generation, *, notes: str, told: Told) -> None:
        """Put a generation beside the others; ``told`` how many more chunks are in."""
        ...

    def read_back(self, manifest: Manifest) -> Generation:
        """What was just written, as a reader would get it."""
        ...

    def switch_to(self, manifest: Manifest) -> None:
        """From here on the generation just written is used."""
        ...

    def go_back_to(self, name: str) -> None:
        """From here on an earlier generation is used."""
        ...

    def tidy(self) -> None:
        """Remove all but the current generation and the one that it followed."""
        ...


def open_store(settings: Settings) -> Store:
    """The store that the settings name."""
    if settings.chroma_url:
        return ServerStore(settings.chroma_url)
    return EmbeddedStore(settings.index_dir)
