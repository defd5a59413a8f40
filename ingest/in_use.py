"""The generation in use: what it knows of the files that it was made of."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.answering.store.generations import Generation
from bot.answering.store.store import Store, open_store
from bot.config import Settings
from bot.errors import IndexUnavailableError
from ingest.collecting import Earlier
from ingest.outcomes import FileOutcome, outcomes_from_json


@dataclass(frozen=True, slots=True, kw_only=True)
class InUse:
    """``outcomes`` is None where nothing was noted of its files."""

    name: str | None
    generation: Generation | None
    outcomes: Sequence[FileOutcome] | None

    def earlier(self, recipe: str) -> Earlier:
        """What is known of the files; their chunks, if they would be made alike."""
        made = self.generation
        chunks = made.chunks if made and made.manifest.recipe == recipe else None
        return Earlier.of(self.outcomes or (), chunks)


def in_use(store: Store) -> InUse:
    """The current generation of a store; without one that can be read, nothing."""
    name = store.current()
    return InUse(
        name=name,
        generation=_loaded(store, name),
        outcomes=outcomes_from_json(store.notes(name)) if name else None,
    )


def found_in_use(settings: Settings) -> InUse | None:
    """The same for settings; None where the store cannot be read."""
    try:
        return in_use(open_store(settings))
    except IndexUnavailableError:
        return None


def _loaded(store: Store, name: str | None) -> Generation | None:
    try:
        return store.load(name) if name else None
    except IndexUnavailableError:
        return None
